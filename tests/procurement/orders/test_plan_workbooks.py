"""Lines of a plan by workbook: the template, the preview, the good rows, and back again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from kernel.clock import today
from pricing.credit.ratings.flow import MeasureKind
from procurement.orders.models.plans import PlanLine
from tests.factories.credit import measure
from tests.procurement.demand.test_workbooks import apply, counts, fill, preview, template, upload

from .market import REGION
from .site import Site


def lines(site: Site) -> dict[int, int]:
    with site.database.transaction(write=False) as session:
        return {one.product_id: int(one.quantity) for one in session.scalars(select(PlanLine))}


def test_a_filled_template_becomes_the_draft_and_comes_back_unchanged(site: Site) -> None:
    plan_id, browser = site.plan(a=5), site.browser("h1")
    a, b = site.market.products["a"], site.market.products["b"]
    address = f"/importers/plan-lines/template?plan={plan_id}"
    book = template(browser, address)
    assert book["数据"].max_row == 1 + 2  # the line, and the other product there is an agreement on

    def more(cells: dict[str, Any]) -> None:
        cells["数量"].value = 70 if cells["产品编号"].value == str(b) else 6

    fill(book, more)
    answer = upload(browser, f"/importers/plan-lines/upload?plan={plan_id}", book)
    assert counts(preview(browser, answer)) == ["1", "1", "0", "0"]
    apply(browser, answer)
    assert lines(site) == {a: 6, b: 70}
    again = upload(browser, f"/importers/plan-lines/upload?plan={plan_id}", template(browser, address))
    assert counts(preview(browser, again)) == ["0", "0", "2", "0"]


def test_good_rows_are_taken_and_bad_ones_named(site: Site) -> None:
    plan_id, browser = site.plan(), site.browser("h1")
    book = template(browser, f"/importers/plan-lines/template?plan={plan_id}")

    def half(cells: dict[str, Any]) -> None:
        cells["数量"].value = 9
        if cells["产品编号"].value == str(site.market.products["b"]):
            cells["自填单价"].value = 3  # under an agreement nobody types a price

    fill(book, half)
    answer = upload(browser, f"/importers/plan-lines/upload?plan={plan_id}", book)
    page = preview(browser, answer)
    assert counts(page) == ["1", "0", "0", "1"] and "应急" in page
    apply(browser, answer)
    assert lines(site) == {site.market.products["a"]: 9}


def test_a_suspended_product_is_named_with_its_matter_and_level(site: Site) -> None:
    plan_id, browser = site.plan(), site.browser("h1")
    with site.database.transaction() as session:
        measure(session, site.market.products["a"], MeasureKind.PRODUCTS_HERE, at=site.at, region=REGION,
                starts=today(site.at))  # fmt: skip
    book = template(browser, f"/importers/plan-lines/template?plan={plan_id}")
    fill(book, lambda cells: cells["数量"].__setattr__("value", 9))
    page = preview(browser, upload(browser, f"/importers/plan-lines/upload?plan={plan_id}", book))
    assert "阿莫西林片 自" in page and "给予回扣，严重失信" in page  # said in words, after it was kept as JSON


def test_a_plan_that_is_no_draft_or_somebody_elses_takes_no_workbook(site: Site) -> None:
    plan_id, waits = site.plan(a=5), site.plan(a=5, submit=True)
    address = "/importers/plan-lines/template?plan="
    assert site.browser("h2").get(f"{address}{plan_id}").status_code == 404
    assert site.browser("h1").get(f"{address}{waits}").status_code in (303, 302, 409)
