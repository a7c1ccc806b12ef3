"""Hospitals, suppliers and pharmacies with each other's ids, over every address of the application: no read, no write.

The addresses come from the application's own table, so that later ones are crossed too; what an id in an address
names is told by its name. An address whose ids nobody furnished fails by name.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import marshmallow as ma
import pytest
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from kernel import clock
from kernel.db import metadata
from kernel.downloads.registry import exports
from kernel.web import registry
from procurement.blueprint import api

from .shop import Shop, sign_in
from .things import Things, furnish, organisation

PEOPLE = ("h1", "h1-finance", "h2", "h2-finance", "company1", "company2", "p1", "p2", "distributor", "distributor2")
SPARED = {"user_session", "answered"}
REFUSED = {403, 404, 409, 422}
ELSEWHERE = {
    name: why
    for why, names in (
        ("names no record", "filename locale name form kind identity"),
        ("public: rounds, lists and rule sets", "round_id lot_id lot number code edition_id match_id entry_id"),
        ("public: the catalogue", "variety_id specification_id product_id group_id member_id proposal_id"),
        ("public: who takes part", "organisation_id company_id"),
        ("crossed by tests of demand, dossiers and bids", "call_id report_id document_id box_id receipt joint_id"),
        ("crossed by tests of rounds", "statement_id objection_id letter_id question_id extension_id request_id"),
        ("crossed by tests of rounds", "seat_id sheet_id offer_id"),
        ("crossed by tests of the kernel", "user_id key_id"),
        ("public: service items and prices", "item_id day region"),
        ("crossed by tests of pricing", "application_id label_id merge_id filing_id year_id note_id"),
        ("crossed by tests of pricing", "same_id outside_id warning_id case_id rating_id step_id violation_id end_id"),
        ("crossed by tests of dual channels", "drug_id designation_id doctor_id prescription_id"),
    )
    for name in names.split()
}
OPEN = {
    ("pricing.listing", "GET"): "listed prices are public",
    ("procurement.delivery_choose", "POST"): "a hospital chooses among what a company offers to all",
}
TOGETHER = {"hospital_id", "seller_id"}
"""Ids that only together name a thing: what a hospital and a seller have with each other."""
BODIES = {
    "orders": "order_id", "order_id": "order_id", "line_id": "order_line_id", "id": "shipment_line_id",
    "shipment_line_id": "shipment_line_id", "invoices": "invoice_id", "source": "template_id",
}  # fmt: skip
"""What numbers in the body of a call name."""
HISTORIES = {
    "purchase_order": "order_id", "purchase_plan": "plan_id", "shortage": "shortage_id",
    "settlement_invoice": "invoice_id", "settlement_payment": "payment_id",
    "settlement_claim": "claim_id", "settlement_run": "fund_run_id",
}  # fmt: skip
FILTERS = (
    ("/exports/procurement.order-lines?order=%s", "order_id"), ("/procurement/shortages/new?order=%s", "order_id"),
    ("/importers/plan-lines/template?plan=%s", "plan_id"),
    ("/importers/shipment-batches/template?order=%s", "order_id"),
)  # fmt: skip
FORMS = (
    ("/procurement/settlement/match", "invoice", "invoice_id"),
    ("/procurement/settlement/due", "invoice", "invoice_id"),
    ("/procurement/orders/confirm", "orders", "order_id"), ("/procurement/plans/new", "source", "template_id"),
    ("/procurement/shortages/new", "order_id", "order_id"),
)  # fmt: skip
"""Forms whose ids stand in fields."""


@dataclass
class Crossing:
    """One person after another asks for what belongs to others."""

    shop: Shop
    things: Things
    chance: random.Random
    tally: Counter[str] = field(default_factory=Counter)
    told: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    browsers: dict[str, Any] = field(default_factory=dict)

    def routes(self) -> list[tuple[Rule, str]]:
        """Return every address in which somebody's id stands and that is not open to all, by method."""
        return [(rule, method) for rule, method in self.owned_routes() if (rule.endpoint, method) not in OPEN]

    def owned_routes(self) -> list[tuple[Rule, str]]:
        """Return every address in which somebody's id stands, by method; fail on one that nobody thought of."""
        known = set(self.things.ids) | set(self.things.ground)
        rules = sorted((one for one in self.shop.app.url_map.iter_rules() if one.arguments), key=lambda one: one.rule)
        strange = [one.rule for one in rules if one.arguments - known - set(ELSEWHERE)]
        assert strange == [], "furnish these ids, or say in ELSEWHERE why not"
        return [
            (rule, method)
            for rule in rules
            if rule.arguments <= known and rule.arguments & set(self.things.ids)
            for method in sorted((rule.methods or set()) & {"GET", "POST"})
        ]

    def able(self, endpoint: str, method: str, people: Sequence[str] = PEOPLE) -> list[str]:
        """Name who may ask at all: the others are refused before anybody looks whose a thing is."""
        need = self.shop.app.extensions["jicai-permissions"][endpoint, method]
        return [who for who in people if self.shop.market.actors[who].may(need)]

    def once(self, rule: Rule, method: str, who: str) -> None:
        """Let somebody ask for what is none of his business: at least one id of an address is somebody else's."""
        named = sorted(rule.arguments & set(self.things.ids))
        others = named if TOGETHER & set(named) else self.chance.sample(named, self.chance.randint(1, len(named)))
        values: dict[str, Any] = {name: self.things.ground[name] for name in rule.arguments - set(named)}
        for name in named:
            own = self.things.of(name, who, own=name not in others)
            values[name] = self.chance.choice(own or self.things.of(name, who, own=False))
        with self.shop.app.test_request_context():
            asked = {"source": self.other("template_id", who), "completion": 1, "other": 0, "score": 90}
            url = self.shop.app.url_for(rule.endpoint, **values, **asked, _method=method)
        self.told.setdefault((rule.endpoint, method), set()).add(self.ask(url, method, who))

    def ask(self, url: str, method: str, who: str, form: dict[str, Any] | None = None) -> int:
        """Ask, and see that nothing is answered."""
        client = self.browsers.setdefault(who, self.shop.browser(who))
        answer = client.get(url) if method == "GET" else self.post(client, url, who, form)
        assert answer.status_code in REFUSED, (who, method, url, answer.status_code)
        for word, owners in self.things.words.items():
            assert organisation(who) in owners or word not in answer.text, (who, url, word)
        self.tally[f"{answer.status_code}"] += 1
        return int(answer.status_code)

    def post(self, client: Any, url: str, who: str, form: dict[str, Any] | None = None) -> TestResponse:
        """Post what the address asks for, with others' ids in every place for one."""
        if url.startswith("/api/"):
            return client.post(url, json=self.body(url, who))  # type: ignore[no-any-return]  # the client's
        one = self.other("order_line_id", who)
        lines = json.dumps([{"id": one, "batch": "B", "expires": "2031-01-01", "quantity": "1"}])
        fields = {
            "lines": lines, "whole": "1", "answer": "accept", "note": "x", "reason": "x", "refusal": "out-of-stock",
            "version": "1", "title": "x", "kind": "agreement", "reference": "x", "paid_on": "2026-03-03",
            "then": "accept", "ending": "supplied", "reply": "none", "cause": "material",
            "product_id": "1", "needed": "1", "stock": "1", "daily": "1", "number": "1" * 20,
            "issued_on": "2026-03-03", "amount": "1", "day": "2031-01-01",
        }  # fmt: skip
        return client.post(url, data=fields | (form or {}))  # type: ignore[no-any-return]  # the client's

    def other(self, name: str, who: str) -> int:
        """Return an id of somebody else's."""
        return self.chance.choice(self.things.of(name, who, own=False))

    def body(self, url: str, who: str) -> dict[str, Any]:
        """Make a body that the schema of the call takes."""
        rule = self.shop.app.url_map.bind("").match(url.partition("?")[0], method="POST", return_rule=True)[0].rule
        rows = [row for row in api.rows if f"/api/v1/procurement{row.url}" == rule and "POST" in row.methods]
        assert rows, url
        return self.filled(rows[0].body, who) if rows[0].body else {}

    def filled(self, schema: type[ma.Schema], who: str) -> dict[str, Any]:
        """Fill a schema."""
        return {name: self.value(name, one, who) for name, one in schema().fields.items()}

    def value(self, name: str, one: ma.fields.Field[Any], who: str) -> Any:
        """Return a value that a field takes; of a number somebody else's id."""
        if isinstance(one, ma.fields.List):
            return [self.value(name, one.inner, who)]
        if isinstance(one, ma.fields.Nested):
            return [self.filled(type(one.schema), who)] if one.many else self.filled(type(one.schema), who)
        if isinstance(one, ma.fields.Enum):
            return next(iter(one.enum)).value
        if isinstance(one, ma.fields.Integer):
            return self.other(BODIES[name], who) if name in BODIES else 1
        plain: dict[type, Any] = {ma.fields.Decimal: "1", ma.fields.Date: "2026-03-03", ma.fields.Boolean: True}
        return plain.get(type(one), "1")


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


def asked(crossing: Crossing, number: int) -> Iterator[tuple[Rule, str, str]]:
    """Go over the addresses again and again, first with who may ask there, every other time with anybody."""
    routes = crossing.routes()
    for place in range(number):
        rule, method = routes[place % len(routes)]
        turn = place // len(routes)
        people = crossing.able(rule.endpoint, method) if not turn % 2 else list(PEOPLE)
        names = rule.arguments & set(crossing.things.ids)
        strangers = [who for who in people or PEOPLE if all(crossing.things.of(one, who, own=False) for one in names)]
        yield rule, method, strangers[(turn // 2 + place) % len(strangers)]


def cross(crossing: Crossing, number: int, figure: Callable[[str], None]) -> None:
    """Ask so many times; nothing may have changed in the end."""
    before = everything(crossing.shop)
    for rule, method, who in asked(crossing, number):
        crossing.once(rule, method, who)
    beside(crossing)
    after = everything(crossing.shop)
    assert {name for name in after if after[name] != before[name]} == set()
    blunt = {one for one, found in crossing.told.items() if crossing.able(*one) and 404 not in found}
    assert blunt == set(), "refused for another reason than whose it is"
    total = sum(crossing.tally.values())
    figure(
        f"{total} requests with others' ids at {len(crossing.told)} addresses: {dict(sorted(crossing.tally.items()))}"
    )


def beside(crossing: Crossing) -> None:
    """Ask where ids stand in filters, in fields of forms and in bodies."""
    for kind, name in HISTORIES.items():
        for who in PEOPLE:
            crossing.ask(f"/history/{kind}/{crossing.other(name, who)}", "GET", who)
    for url, name in FILTERS:
        for who in PEOPLE:
            crossing.ask(url % crossing.other(name, who), "GET", who)
    for who in ("h1", "h2", "p1", "p2"):
        own = crossing.things.of("plan_id", who, own=True)[0]
        crossing.ask(f"/api/v1/procurement/plans/{own}/usual?source={crossing.other('template_id', who)}", "GET", who)
    for url, of, name in FORMS:
        for who in PEOPLE:
            crossing.ask(url, "POST", who, {of: str(crossing.other(name, who))})
    for row in api.rows:
        if "POST" in row.methods and "<" not in row.url and row.body and holds_ids(row.body()):
            for who in PEOPLE:
                crossing.ask(f"/api/v1/procurement{row.url}", "POST", who)


def holds_ids(schema: ma.Schema) -> bool:
    """Say whether a body names records."""
    inner = (one.inner if isinstance(one, ma.fields.List) else one for one in schema.fields.values())
    nested = [one.schema for one in inner if isinstance(one, ma.fields.Nested)]
    return bool(set(schema.fields) & set(BODIES)) or any(holds_ids(one) for one in nested if isinstance(one, ma.Schema))


def test_every_id_that_areas_keep_a_history_of_is_crossed(crossing: Crossing) -> None:
    areas = {name: find.__module__ for name, find in registry.subjects.items()}
    here = ("procurement.orders", "procurement.settlement", "procurement.supply", "procurement.agreements")
    assert {name for name, module in areas.items() if module.startswith(here)} == set(HISTORIES)


def test_nobody_reads_or_changes_what_is_others(crossing: Crossing, figure: Callable[[str], None]) -> None:
    cross(crossing, len(crossing.routes()) * 2, figure)


def pages(crossing: Crossing) -> list[str]:
    """Return every page, call and export of purchasing that needs no id."""
    app, prefixes = crossing.shop.app, ("/procurement", "/pricing", "/api/v1/procurement", "/importers", "/downloads")
    rules = [one for one in app.url_map.iter_rules() if not one.arguments and "GET" in (one.methods or ())]
    found = sorted(one.rule for one in rules if one.rule.startswith(prefixes) or one.rule == "/")
    return found + [
        f"/exports/{name}?as=csv" for name in sorted(exports()) if name.startswith(("procurement", "pricing"))
    ]


def holds_nothing_of_others(crossing: Crossing, who: str, url: str) -> None:
    page = crossing.browsers.setdefault(who, crossing.shop.browser(who)).get(url)
    assert page.status_code < 500, (who, url)
    mine, words = organisation(who), crossing.things.words
    assert [word for word, owners in words.items() if mine not in owners and word in page.text] == [], (who, url)


def test_lists_hold_nothing_of_others(crossing: Crossing) -> None:
    for place, url in enumerate(pages(crossing)):
        holds_nothing_of_others(crossing, PEOPLE[place % len(PEOPLE)], url)


@pytest.mark.long
def test_every_list_holds_nothing_of_others(crossing: Crossing) -> None:
    for url in pages(crossing):
        for who in PEOPLE:
            holds_nothing_of_others(crossing, who, url)


@pytest.mark.long
def test_ten_thousand_requests_read_and_change_nothing(crossing: Crossing, figure: Callable[[str], None]) -> None:
    cross(crossing, 10_000, figure)
