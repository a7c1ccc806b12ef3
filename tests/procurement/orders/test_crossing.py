"""Two hospitals, suppliers and pharmacies with each other's ids, over every address of the area: no read, no write.

The addresses come from the application's own table, so that later ones are crossed too; what an id in an address
names is told by its name.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import marshmallow as ma
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from kernel import clock
from kernel.auth.models import User, UserRole
from kernel.auth.permissions import Role
from kernel.auth.queries import actor_of
from kernel.db import metadata
from kernel.parties.codes import OrganisationKind, OrganisationState
from kernel.parties.models import Organisation
from procurement.blueprint import api
from procurement.orders.flow import Dispute, OrderKind
from procurement.orders.models.orders import Order
from procurement.orders.models.plans import Template, TemplateLine
from procurement.orders.services import answers, plans, receiving, returns, shipping
from procurement.orders.services.plans import Wanted
from procurement.orders.services.receiving import Arrived
from procurement.orders.services.shipping import Batch
from procurement.supply.shortages import services as shortages
from procurement.supply.shortages.services import Report

from .market import NOW, REGION, Market
from .shop import Shop, sign_in
from .test_stateful import EXPIRES

PEOPLE = ("h1", "h2", "company1", "company2", "p1", "p2")
TRADES = (("h1", "company1", "a"), ("h2", "company2", "b"), ("p1", "company1", "a"), ("p2", "company2", "b"))
SPARED = {"user_session", "answered"}
REFUSED = {403, 404, 409, 422}


@dataclass
class Things:
    """Ids by their name in addresses, each with whose it is, and words that only its owners may read."""

    ids: dict[str, list[tuple[int, frozenset[str]]]] = field(default_factory=dict)
    words: dict[str, frozenset[str]] = field(default_factory=dict)

    def add(self, name: str, identity: int, owners: frozenset[str]) -> None:
        """Note whose a thing is."""
        self.ids.setdefault(name, []).append((identity, owners))

    def others(self, name: str, who: str) -> list[int]:
        """Return the ids of what is nobody's business of his."""
        return [identity for identity, owners in self.ids[name] if who not in owners]


def furnish(session: Session, market: Market) -> Things:
    """Give every pair of a buyer and a supplier a plan, an order, shipments, a dispute, a return and a template."""
    things = Things()
    for key in ("p1", "p2"):
        _pharmacy(session, market, key)
    for buyer, supplier, product in TRADES:
        _trade(session, market, things, buyer, supplier, product)
    session.flush()
    return things


def _pharmacy(session: Session, market: Market, key: str) -> None:
    made = Organisation(
        kind=OrganisationKind.PHARMACY, name=f"江州{key}药房", code=f"P{key:>017}", region_code=REGION,
        state=OrganisationState.ACTIVE, created_at=NOW,
    )  # fmt: skip
    session.add(made)
    session.flush()
    market.organisations[key] = made.id
    for login in (key, f"{key}-second"):
        user = User(login=login, name=login, organisation=made, created_at=NOW, roles=[UserRole(role=Role.PHARMACY)])
        session.add(user)
        session.flush()
        market.actors[login] = actor_of(user)


def _trade(session: Session, market: Market, things: Things, buyer: str, supplier: str, product: str) -> None:
    owners, mark, at = frozenset((buyer, supplier)), f"mark-{buyer}-{supplier}", NOW
    buys, sells = market.actors[buyer], market.actors[supplier]
    line = [Wanted(market.products[product], Decimal(90), Decimal("0.2"))]
    for place in (0, 1, 2):
        plan = plans.create(session, kind=OrderKind.EMERGENCY, title=f"plan-{mark}", reason="急救", actor=buys, at=at)
        plans.keep(session, plan_id=plan.id, version=plan.version, lines=line, actor=buys, at=at)
        things.add("plan_id", plan.id, frozenset((buyer,)))
        if not place:
            continue
        plans.submit(session, plan_id=plan.id, version=plan.version, actor=buys, at=at)
        order = plans.approve(session, plan_id=plan.id, actor=market.actors[f"{buyer}-second"], at=at)[0]
        things.add("order_id", order.id, owners)
        things.words[order.number] = owners
        things.add("order_line_id", order.lines[0].id, owners)
    held = session.scalars(select(Order).where(Order.hospital_id == buys.organisation_id).order_by(Order.id)).first()
    assert held is not None
    _deliver(session, things, held, buys, sells, mark)
    said = Report(market.products[product], Decimal(9), Decimal(1), Decimal(1), mark)
    things.add("shortage_id", shortages.report(session, said=said, actor=buys, at=at).id, owners)
    template = Template(
        hospital_id=buys.organisation_id, kind=OrderKind.EMERGENCY, title=f"template-{mark}", saved_at=at
    )  # fmt: skip
    session.add(template)
    session.flush()
    session.add(TemplateLine(template_id=template.id, product_id=market.products[product], quantity=Decimal(1)))
    things.add("template_id", template.id, frozenset((buyer,)))
    things.words |= {f"plan-{mark}": frozenset((buyer,)), f"template-{mark}": frozenset((buyer,)), mark: owners}


def _deliver(session: Session, things: Things, order: Order, buys: Any, sells: Any, mark: str) -> None:
    answers.confirm(session, order_id=order.id, actor=sells, at=NOW)
    owners, line = things.words[order.number], order.lines[0].id
    for place in range(3):
        batches = [Batch(line, f"batch-{mark}", EXPIRES, Decimal(20))]
        made = shipping.ship(session, order_id=order.id, batches=batches, waybill=mark, actor=sells, at=NOW)
        things.add("shipment_id", made.id, owners)
        row = made.lines[0].id
        if place:
            said = Arrived(Decimal(10 * (3 - place)), Dispute.SHORT)
            receiving.receive(session, shipment_id=made.id, arrived={row: said}, actor=buys, at=NOW)
            back = returns.ask(
                session, shipment_id=made.id, quantities={row: Decimal(1)}, reason=mark, actor=buys, at=NOW
            )  # fmt: skip
            things.add("return_id", back.id, owners)


@dataclass
class Crossing:
    """One person after another asks for what belongs to others."""

    shop: Shop
    things: Things
    chance: random.Random
    tally: Counter[str] = field(default_factory=Counter)
    browsers: dict[str, Any] = field(default_factory=dict)

    def routes(self) -> list[tuple[Rule, str]]:
        """Return every address of the package in which an id of the area stands, with each of its methods."""
        known = set(self.things.ids)
        return [
            (rule, method)
            for rule in self.shop.app.url_map.iter_rules()
            if "/procurement/" in rule.rule and rule.arguments & known
            for method in sorted((rule.methods or set()) & {"GET", "POST"})
        ]

    def once(self, rule: Rule, method: str, who: str) -> None:
        """Let somebody ask for what is none of his business, at one address."""
        values: dict[str, Any] = {}
        for name in rule.arguments:
            values[name] = self.chance.choice(self.things.others(name, who)) if name in self.things.ids else 1
        with self.shop.app.test_request_context():
            url = self.shop.app.url_for(rule.endpoint, **values, _method=method)
        self.ask(url, method, who, rule.endpoint)

    def ask(self, url: str, method: str, who: str, endpoint: str = "") -> None:
        """Ask, and see that nothing is answered."""
        client = self.browsers.setdefault(who, self.shop.browser(who))
        answer = client.get(url) if method == "GET" else self.post(client, url, who, endpoint)
        assert answer.status_code in REFUSED, (who, method, url, answer.status_code)
        for word, owners in self.things.words.items():
            assert who in owners or word not in answer.text, (who, url, word)
        self.tally[f"{answer.status_code}"] += 1

    def post(self, client: Any, url: str, who: str, endpoint: str) -> TestResponse:
        """Post what the address asks for, with others' ids in every place for one."""
        if url.startswith("/api/"):
            return client.post(url, json=self.body(url, who))  # type: ignore[no-any-return]  # the client's
        one = self.chance.choice(self.things.others("order_line_id", who))
        lines = json.dumps([{"id": one, "batch": "B", "expires": "2031-01-01", "quantity": "1"}])
        form = {"lines": lines, "whole": "1", "answer": "accept", "note": "x", "reason": "x", "refusal": "price",
                "version": "1", "title": "x"}  # fmt: skip
        return client.post(url, data=form)  # type: ignore[no-any-return]  # the client's

    def body(self, url: str, who: str) -> dict[str, Any]:
        """Make a body that the schema of the call takes."""
        path = url.removeprefix("/api/v1/procurement")
        adapter = self.shop.app.url_map.bind("")
        endpoint = adapter.match(url, method="POST")[0]
        rows = [row for row in api.rows if f"api-procurement.{row.name}" == endpoint and "POST" in row.methods]
        assert rows, path
        return self.filled(rows[0].body, who) if rows[0].body else {}

    def filled(self, schema: type[ma.Schema], who: str) -> dict[str, Any]:
        """Fill a schema."""
        return {name: self.value(one, who) for name, one in schema().fields.items()}

    def value(self, one: ma.fields.Field[Any], who: str) -> Any:
        """Return a value that a field takes; of a number somebody else's id."""
        if isinstance(one, ma.fields.List):
            return [self.value(one.inner, who)]
        if isinstance(one, ma.fields.Nested):
            return [self.filled(type(one.schema), who)] if one.many else self.filled(type(one.schema), who)
        if isinstance(one, ma.fields.Enum):
            return next(iter(one.enum)).value
        if isinstance(one, ma.fields.Integer):
            return self.chance.choice(self.things.others("order_id", who))
        plain: dict[type, Any] = {ma.fields.Decimal: "1", ma.fields.Date: "2031-01-01", ma.fields.Boolean: True}
        return plain.get(type(one), "x")


def everything(shop: Shop) -> dict[str, list[Any]]:
    """Every row of every table but those that any request may touch."""
    with shop.database.transaction(write=False) as session:
        return {
            name: sorted(map(repr, session.execute(select(table)).all()))
            for name, table in metadata.tables.items()
            if name not in SPARED
        }


@pytest.fixture
def crossing(shop: Shop) -> Crossing:
    with shop.database.transaction() as session:
        things = furnish(session, shop.market)
        sign_in(session, shop.market, shop.tokens, clock.now())
    return Crossing(shop, things, random.Random(20261122))


def cross(crossing: Crossing, number: int, figure: Callable[[str], None]) -> None:
    """Ask so many times; nothing may have changed in the end."""
    before = everything(crossing.shop)
    routes, people = crossing.routes(), PEOPLE
    assert {"order_id", "shipment_id", "return_id", "plan_id", "shortage_id"} <= {
        name for rule, _m in routes for name in rule.arguments
    }
    for place in range(number):
        rule, method = routes[place % len(routes)]
        crossing.once(rule, method, people[place // len(routes) % len(people)])
    for who in people:
        for one in crossing.things.others("order_id", who):
            crossing.ask(f"/exports/procurement.order-lines?order={one}", "GET", who)
            crossing.ask(f"/history/purchase_order/{one}", "GET", who)
        for one in crossing.things.others("plan_id", who):
            crossing.ask(f"/history/purchase_plan/{one}", "GET", who)
        for one in crossing.things.others("shortage_id", who):
            crossing.ask(f"/history/shortage/{one}", "GET", who)
    after = everything(crossing.shop)
    assert {name for name in after if after[name] != before[name]} == set()
    total = sum(crossing.tally.values())
    figure(f"{total} requests with others' ids at {len(routes)} addresses: {dict(sorted(crossing.tally.items()))}")


def test_nobody_reads_or_changes_what_is_others(crossing: Crossing, figure: Callable[[str], None]) -> None:
    cross(crossing, len(crossing.routes()) * 2, figure)


def test_lists_hold_nothing_of_others(crossing: Crossing) -> None:
    for who in PEOPLE:
        for url in ("/procurement/orders", "/procurement/plans", "/procurement/shortages", "/",
                    "/exports/procurement.shortages?as=csv", "/api/v1/procurement/shortages",
                    "/api/v1/procurement/orders", "/exports/procurement.orders?as=csv"):  # fmt: skip
            page = crossing.shop.get(url, who).text
            assert [word for word, owners in crossing.things.words.items() if who not in owners and word in page] == []


@pytest.mark.long
def test_ten_thousand_requests_read_and_change_nothing(crossing: Crossing, figure: Callable[[str], None]) -> None:
    cross(crossing, 10_000, figure)
