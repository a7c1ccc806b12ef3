"""What the pages of figures and targets show to whom."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from kernel import clock
from kernel.clock import today
from kernel.db import Database
from kernel.downloads.registry import found
from procurement.orders.services import answers
from tests.procurement.orders.market import NOW
from tests.procurement.orders.site import Site, open_site


@pytest.fixture
def trade(app: Flask, database: Database) -> Iterator[Site]:
    with clock.travel(to=NOW):
        site = open_site(app, database, NOW)
        with database.transaction() as session:
            first = site.market.order(session, who="h1", a=100)[0]
            site.market.order(session, who="h2", b=300)
            answers.confirm(session, order_id=first.id, actor=site.market.actors["company1"], at=NOW)
        yield site


@pytest.mark.parametrize(
    ("who", "seen", "hidden"),
    [
        ("agency", ("江州一院", "江州二院", "100.0", "网采率"), ()),
        ("h1", ("明川制药", "100.0"), ("海岳药业", "江州二院")),
        ("company2", ("江州二院",), ("江州一院", "明川制药", "网采率</td>")),
        ("distributor", ("没有下达订单",), ("江州一院", "明川制药")),
    ],
)
def test_everybody_sees_the_figures_of_his_own_orders(
    trade: Site, who: str, seen: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    page = trade.browser(who).get("/procurement/figures")
    assert page.status_code == 200
    main = page.text[page.text.index("<main") :]
    assert [word for word in seen if word not in main] == [word for word in hidden if word in main] == []


@pytest.mark.parametrize("by", ["hospital", "company", "deliverer"])
def test_the_agency_splits_and_sorts_the_figures(trade: Site, by: str) -> None:
    for sort in ("name", "-amount", "response", "-payment", "nothing"):
        year = today(trade.at).year
        page = trade.browser("agency").get(f"/procurement/figures?by={by}&sort={sort}&period={year}&region=320000")
        assert page.status_code == 200


def test_a_region_without_hospitals_has_no_orders(trade: Site) -> None:
    assert "没有下达订单" in trade.browser("agency").get("/procurement/figures?region=440000").text


def test_a_period_that_is_none_is_refused(trade: Site) -> None:
    assert trade.browser("agency").get("/procurement/figures?period=2026-13").status_code == 422


def test_the_targets_board_shows_what_is_known_and_what_is_not(trade: Site) -> None:
    page = trade.browser("agency").get(f"/procurement/figures/targets?year={today(trade.at).year}")
    assert page.status_code == 200 and "目标未公布" in page.text and "江州市" in page.text
    assert trade.browser("agency").get("/procurement/figures/targets?region=320100").status_code == 200
    assert trade.browser("h1").get("/procurement/figures/targets").status_code == 403


@pytest.mark.parametrize(("name", "who"), [("procurement.figures", "h1"), ("procurement.targets", "agency")])
def test_the_tables_go_out(trade: Site, name: str, who: str) -> None:
    actor = trade.market.actors[who]
    with trade.database.transaction(write=False) as session:
        sheet = found(name, actor).make(session, {}, actor, trade.at)
        rows = list(sheet.rows)
    assert rows and {len(row) for row in rows} == {len(sheet.headers)}
