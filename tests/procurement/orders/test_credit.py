"""A suspension stops new orders of what it covers, by page and call, and is seen; placed ones run on; lifted alike."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from kernel.clock import now, today
from kernel.db import Database
from kernel.parties.models import Region
from pricing.credit.ratings.flow import MeasureKind
from pricing.credit.ratings.models import CreditMeasure
from pricing.listings.flow import ListingKind
from pricing.listings.rules import NewListing
from pricing.listings.services import list_products
from procurement.agreements.deliveries.flow import DeliveryState
from procurement.agreements.deliveries.models import DeliveryRelation
from procurement.orders.flow import OrderKind
from tests.factories.credit import measure
from tests.factories.letters import bind

from .market import REGION
from .shop import open_shop
from .site import Site, open_site

PLANS, EXCHANGE = "/procurement/plans", "/api/v1/procurement/exchange/plans"
KINDS = [
    (MeasureKind.PRODUCTS_HERE, False, True), (MeasureKind.PRODUCTS_HERE, True, False),
    (MeasureKind.PRODUCTS_EVERYWHERE, True, True), (MeasureKind.ALL_HERE, False, True),
    (MeasureKind.FLAG, False, False),
]  # fmt: skip


def suspend(site: Site, kind: MeasureKind, *, elsewhere: bool = False, product: str = "a") -> int:
    with site.database.transaction() as session:
        session.merge(Region(code="970000", name="山河省"))
        session.flush()
        region = "970000" if elsewhere else REGION
        return measure(session, site.market.products[product], kind, at=site.at, region=region,
                       starts=today(site.at)).id  # fmt: skip


def lift(site: Site, made: int) -> None:
    with site.database.transaction() as session:
        session.get_one(CreditMeasure, made).ends_on = today(site.at)


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


@pytest.mark.parametrize(("kind", "elsewhere", "barred"), KINDS)
def test_a_suspension_stops_new_orders_of_its_products_and_regions(
    app: Flask, database: Database, kind: MeasureKind, elsewhere: bool, barred: bool
) -> None:
    site = open_site(app, database, now())
    handed, draft, own = site.plan(a=40, b=7, submit=True), site.plan(a=30), site.plan(b=7, submit=True)
    made = suspend(site, kind, elsewhere=elsewhere)
    first, second = site.browser("h1"), site.browser("h1-second")

    def hand_in() -> Any:
        return first.post(f"{PLANS}/{draft}", data={"version": str(site.version(draft)), "then": "submit"})

    answers = [second.post(f"{PLANS}/{handed}/approve"), hand_in()] if barred else []
    assert [each.status_code for each in answers] == [422, 422] * barred
    assert all("XYPJ" in text(each) for each in answers)
    assert second.post(f"{PLANS}/{own}/approve").status_code == 303
    lift(site, made)
    assert second.post(f"{PLANS}/{handed}/approve").status_code == 303
    assert hand_in().status_code == 303


@pytest.mark.parametrize(("kind", "elsewhere", "barred"), KINDS)
def test_calls_of_hospital_systems_are_refused_alike(
    app: Flask, database: Database, kind: MeasureKind, elsewhere: bool, barred: bool
) -> None:
    site = open_site(app, database, now())
    made = suspend(site, kind, elsewhere=elsewhere)

    def send(*names: str) -> Any:
        lines = [{"product": str(site.market.products[name]), "quantity": "7"} for name in names]
        return site.browser("h1").post(EXCHANGE, json={"title": "补货", "lines": lines, "submit": True})

    both = send("a", "b")
    assert both.status_code == (422 if barred else 201)
    if barred:
        (said,) = both.get_json()["errors"]
        assert (said["code"], "另行告知 前" in said["detail"]) == ("order-suspended", True)
    assert send("b").status_code == 201
    lift(site, made)
    assert send("a").status_code == 201


def test_a_hospital_sees_why_and_since_when_a_product_is_suspended(app: Flask, database: Database) -> None:
    site = open_site(app, database, now())
    draft, handed, product = site.plan(a=30), site.plan(a=40, b=7, submit=True), site.market.products["a"]
    pages = [f"{PLANS}/{draft}", f"{PLANS}/{handed}", f"/catalogue/products/{product}"]
    reader, day = site.browser("h1"), today(site.at).isoformat()
    assert ["XYPJ" in text(reader.get(each)) for each in pages] == [False] * 3
    made = suspend(site, MeasureKind.PRODUCTS_HERE)
    for each in pages:
        page = text(reader.get(each))
        assert "XYPJ" in page and day in page, each
        assert "给予回扣" in page.encode().decode("unicode_escape", "ignore") + page  # a grid's rows are escaped
    assert "XYPJ" not in text(reader.get(f"/catalogue/products/{site.market.products['b']}"))
    lift(site, made)
    assert ["XYPJ" in text(reader.get(each)) for each in pages] == [False] * 3


def test_an_emergency_with_a_typed_price_goes_no_other_way(app: Flask, database: Database) -> None:
    site = open_site(app, database, now())
    suspend(site, MeasureKind.PRODUCTS_HERE)
    plan = site.plan(kind=OrderKind.EMERGENCY, a=5)
    assert "XYPJ" in text(site.browser("h1").get(f"{PLANS}/{plan}"))


def test_a_deliverer_that_may_not_act_delivers_no_new_order(app: Flask, database: Database) -> None:
    site = open_site(app, database, now())
    plan, ids = site.plan(a=7, submit=True), site.market.organisations
    with database.transaction() as session:
        session.add(
            DeliveryRelation(
                company_id=ids["company1"], deliverer_id=ids["distributor"], product_id=site.market.products["a"],
                region_code=REGION, state=DeliveryState.ACCEPTED, named_at=site.at,
            )
        )  # fmt: skip
    made = suspend(site, MeasureKind.ALL_HERE, product="b")
    with database.transaction() as session:
        session.get_one(CreditMeasure, made).company_id = ids["distributor"]
    refused = site.browser("h1-second").post(f"{PLANS}/{plan}/approve")
    said = [part in text(refused) for part in ("江州医药", "XYPJ", "另行告知", "中止全部产品")]
    assert (refused.status_code, said) == (409, [True] * 4)  # whom, by what, until when, which measure
    lift(site, made)
    assert site.browser("h1-second").post(f"{PLANS}/{plan}/approve").status_code == 303


def test_an_order_that_is_placed_runs_on(app: Flask, database: Database) -> None:
    shop = open_shop(app, database, now())
    order = shop.order(a=5)
    with database.transaction() as session:
        measure(session, shop.market.products["a"], MeasureKind.ALL_HERE, at=now(), region=REGION,
                starts=today(now()) - timedelta(days=1))  # fmt: skip
    answer = shop.call(f"/orders/{order}/confirm", "company1", {})
    assert answer.status_code == 200, answer.get_data(as_text=True)


def test_a_filed_purchase_takes_the_letter_by_page_and_by_call(app: Flask, database: Database) -> None:
    site = open_site(app, database, now())
    with database.transaction() as session:
        row = NewListing(site.market.products["a"], REGION, ListingKind.FILED, Decimal("1.5"), today(site.at))
        list_products(session, rows=[row], actor=site.market.actors["agency"], at=site.at)
    plan, other = site.plan(kind=OrderKind.FILED, a=5), site.plan(a=5)
    first = site.browser("h1")

    def hand_in(one: int) -> int:
        form = {"version": str(site.version(one)), "then": "submit"}
        return first.post(f"{PLANS}/{one}", data=form).status_code

    def send() -> Any:
        lines = [{"product": str(site.market.products["a"]), "quantity": "7"}]
        return first.post(EXCHANGE, json={"title": "备案", "kind": "filed", "lines": lines, "submit": True})

    assert (hand_in(plan), hand_in(other)) == (422, 303)  # what was agreed is no filed purchase
    refused = send()
    assert (refused.status_code, [each["code"] for each in refused.get_json()["errors"]]) == (422, ["order-unsigned"])
    with database.transaction() as session:
        bind(session, site.market.actors["company1"])
    assert (hand_in(plan), send().status_code) == (303, 201)
