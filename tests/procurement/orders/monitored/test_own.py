"""A buyer's own purchases in monitoring: nobody else's, by the rules of all purchases, whatever the address says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from catalogue.drugs.rules.codes import VarietyKind
from kernel import clock
from kernel.auth.actor import PUBLIC
from kernel.clock import today
from kernel.db import Database
from kernel.downloads.registry import found
from kernel.errors import Forbidden
from pricing.monitoring import services as monitoring
from pricing.monitoring.flow import Split
from pricing.monitoring.queries import own, sums
from pricing.monitoring.queries.asked import read
from pricing.monitoring.savings import queries as savings
from pricing.monitoring.spending.queries import spending
from procurement.orders.services import answers, receiving, shipping
from procurement.orders.services.receiving import Arrived
from procurement.orders.services.shipping import Batch
from tests.procurement.orders.market import NOW, Market
from tests.procurement.orders.site import Site, open_site

D = Decimal
LATER = NOW + timedelta(days=40)
MONTHS = {"from": "2026-03", "to": "2026-04"}
ADDRESS, PAGES = "from=2026-03&to=2026-04", ("", "/items", "/spending", "/savings")
TABLES = tuple(f"pricing.own-{name}" for name in ("index", "items", "spending", "savings"))


def buy(session: Session, market: Market, who: str, quantity: int, moment: datetime) -> None:
    """Let a hospital order, get and keep a quantity of product a (0.1234 yuan a tablet) on one day."""
    with clock.travel(to=moment):
        order = market.order(session, who=who, at=moment, a=quantity)[0]
        company, line = market.actors["company1"], order.lines[0].id
        answers.confirm(session, order_id=order.id, actor=company, at=moment)
        batch = Batch(line, "B", today(moment) + timedelta(days=600), D(quantity))
        sent = shipping.ship(session, order_id=order.id, batches=[batch], actor=company, at=moment)
        arrived = {sent.lines[0].id: Arrived(D(quantity))}
        receiving.receive(session, shipment_id=sent.id, arrived=arrived, actor=market.actors[who], at=moment)


@pytest.fixture
def site(app: Flask, database: Database) -> Iterator[Site]:
    with clock.travel(to=LATER):
        site = open_site(app, database, LATER)
    with database.transaction() as session:
        buy(session, site.market, "h1", 1000, NOW)
        buy(session, site.market, "h1", 500, LATER)
    with clock.travel(to=LATER):
        yield site


def test_own_figures_are_those_of_all_where_one_hospital_buys_alone(site: Site) -> None:
    asked = read(MONTHS, LATER)
    with site.database.transaction() as session:
        monitoring.sum_up(session, day=today(LATER))
        bought = own.bought(session, site.market.actors["h1"], asked)
        assert bought.spending() == spending(session, asked)
        assert [one.amount for one in bought.spending()] == [D("123.40"), D("61.70")]
        assert [one.of(VarietyKind.DRUG).items_share for one in bought.spending()] == [0, 0]
        for by in (Split.GOODS, Split.CLASS, Split.SOURCE):
            own_rows = sums.ranked(bought.amounts(by), asked)
            every = sums.rows(session, asked, by)
            assert [(row.key, row.amount, row.index) for row in own_rows] == [
                (row.key, row.amount, row.index) for row in every
            ]
        mine = savings.of(session, asked, bought.amounts(Split.SOURCE), bought.makers)
        assert mine == savings.stated(session, asked)
        held = bought.amounts()[""]
        rows = sums.compared(held, asked, own.named(session, bought, sums.ends(held, asked)))
        assert [(row.relative, row.amount) for row in rows] == [(D(1), D("61.70"))]
        assert bought.by_class() == [("", D("185.10"), 1)]


@pytest.mark.parametrize(
    ("who", "own_amount"),
    [("h1", True), ("h1-second", True), ("h1-finance", True), ("h2", False), ("h2-finance", False)],
)
def test_a_hospital_sees_its_own_purchases_whatever_the_address_names(site: Site, who: str, own_amount: bool) -> None:
    browser, hospital = site.browser(who), site.market.organisations["h1"]
    for path in PAGES:
        for more in ("", f"&hospital={hospital}&hospital_id={hospital}&organisation={hospital}&company_id={hospital}"):
            page = browser.get(f"/pricing/monitoring/own{path}?{ADDRESS}{more}")
            assert page.status_code == 200
            main = page.text[page.text.index("<main") :]
            assert ("1.00000" in main or "61.70" in main) is own_amount, (path, more)
            assert ("明川制药" in main) is (own_amount and path == "/items")
    assert 'href="/pricing/monitoring/own"' in browser.get("/").text


def test_the_first_period_with_purchases_counts_as_one_unless_another_is_named(site: Site) -> None:
    with site.database.transaction(write=False) as session:
        for asked, base in (({}, "2026-03"), ({"base": "2026-02"}, "2026-02"), ({"step": "quarter"}, "2026Q1")):
            bought = own.bought(
                session, site.market.actors["h1"], read({"from": "2026-01", "to": "2026-04", **asked}, NOW)
            )
            assert bought.asked.base_period == base
            assert sums.series(bought.amounts()[""], bought.asked)[-1].fisher == (None if base == "2026-02" else 1)


@pytest.mark.parametrize("who", ["company1", "distributor", "agency"])
def test_nobody_but_buyers_has_own_purchases(site: Site, who: str) -> None:
    browser, actor = site.browser(who), site.market.actors[who]
    for path in PAGES:
        assert browser.get(f"/pricing/monitoring/own{path}?{ADDRESS}").status_code == 403
    assert "/pricing/monitoring/own" not in browser.get("/").text
    with site.database.transaction(write=False) as session:
        assert own.bought(session, actor, read(MONTHS, LATER)).all == (), "were it granted, it would still be nobody's"
        assert own.bought(session, PUBLIC, read(MONTHS, LATER)).all == ()
        for name in TABLES:
            with pytest.raises(Forbidden):
                found(name, actor)


def test_strangers_are_sent_to_sign_in(site: Site) -> None:
    for path in PAGES:
        assert site.app.test_client().get(f"/pricing/monitoring/own{path}").status_code in (302, 303)


@pytest.mark.parametrize(
    "asked",
    [
        "from=0001-01&to=9999-12", "from=9999-12&to=0001-01", "from=2000-01&to=2099-12", "from=2099-12&to=2000-01",
        "from=x&to=2026-13&step=week&base=9999&goods=x&class=%27&source=round%2F&by=region&method=x&page=-5",
        "to=2000-01&step=year", "step=quarter&method=chained&page=99999999999999999999", "class=&goods=consumable",
    ],
)  # fmt: skip
def test_no_address_breaks_a_page_or_a_workbook(site: Site, asked: str) -> None:
    browser = site.browser("h1")
    for path in PAGES:
        assert browser.get(f"/pricing/monitoring/own{path}?{asked}").status_code == 200, path
    for name in TABLES:
        assert browser.get(f"/exports/{name}?as=csv&{asked}").status_code == 200, name


def test_workbooks_hold_what_the_pages_show(site: Site) -> None:
    with site.database.transaction(write=False) as session:
        for who, count in (("h1", 2), ("h2", 0)):
            actor = site.market.actors[who]
            rows = {name: list(found(name, actor).sheet(session, MONTHS, actor, LATER).rows) for name in TABLES}
            spent = rows["pricing.own-spending"]
            assert [(row[0], row[3]) for row in spent] == [("2026-03", D("123.40")), ("2026-04", D("61.70"))][:count]
            assert len(rows["pricing.own-items"]) == min(count, 1)
            assert [row[5] for row in rows["pricing.own-index"]] == ([D(1), D(1)] if count else [None, None])


def test_spending_says_how_many_order_lines_stand_in_it(site: Site) -> None:
    with site.database.transaction() as session, clock.travel(to=LATER):
        site.market.order(session, at=LATER, b=300)
    for who, seen in (("h1", "1 / 2"), ("agency", "1 / 2"), ("company1", "1 / 1"), ("h2", "")):
        url = "/pricing/monitoring/own/spending" if who in ("h1", "h2") else "/pricing/monitoring/spending"
        page = site.browser(who).get(f"{url}?{ADDRESS}").text
        assert "采购金额对应的订单行" in page
        assert ("没有在平台下达订单" in page) is (not seen)
        assert seen in page, who
