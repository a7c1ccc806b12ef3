"""A suspension stops new orders of what it covers, through the page; placed ones run on; lifted the same way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from kernel.clock import now, today
from kernel.db import Database
from kernel.parties.models import Region
from pricing.credit.ratings.flow import MeasureKind
from pricing.credit.ratings.models import CreditMeasure
from tests.factories.credit import measure

from .market import REGION
from .shop import open_shop
from .site import open_site

PLANS = "/procurement/plans"


@pytest.mark.parametrize(
    ("kind", "elsewhere", "barred"),
    [
        (MeasureKind.PRODUCTS_HERE, False, True), (MeasureKind.PRODUCTS_HERE, True, False),
        (MeasureKind.PRODUCTS_EVERYWHERE, True, True), (MeasureKind.ALL_HERE, False, True),
        (MeasureKind.FLAG, False, False),
    ],
)  # fmt: skip
def test_a_suspension_stops_new_orders_of_its_products_and_regions(
    app: Flask, database: Database, kind: MeasureKind, elsewhere: bool, barred: bool
) -> None:
    at = now()
    site = open_site(app, database, at)
    with database.transaction() as session:
        session.merge(Region(code="970000", name="山河省"))
        session.flush()
        made = measure(session, site.market.products["a"], kind, at=at, region="970000" if elsewhere else REGION,
                       starts=today(at)).id  # fmt: skip

    mixed, own = site.plan(a=40, b=7, submit=True), site.plan(b=7, submit=True)
    answer = site.browser("h1-second").post(f"{PLANS}/{mixed}/approve")
    assert (answer.status_code == 409) is barred, answer.get_data(as_text=True)[-2000:]
    assert site.browser("h1-second").post(f"{PLANS}/{own}/approve").status_code == 303
    with database.transaction() as session:
        session.get_one(CreditMeasure, made).ends_on = today(at)
    if barred:
        assert site.browser("h1-second").post(f"{PLANS}/{mixed}/approve").status_code == 303


def test_an_order_that_is_placed_runs_on(app: Flask, database: Database) -> None:
    shop = open_shop(app, database, now())
    order = shop.order(a=5)
    with database.transaction() as session:
        measure(session, shop.market.products["a"], MeasureKind.ALL_HERE, at=now(), region=REGION,
                starts=today(now()) - timedelta(days=1))  # fmt: skip
    answer = shop.call(f"/orders/{order}/confirm", "company1", {})
    assert answer.status_code == 200, answer.get_data(as_text=True)
