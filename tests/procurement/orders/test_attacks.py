"""What people mistype and attackers send, in every field of every form and call of purchasing.

It is refused or taken, and never a fault of ours; whatever was taken, every book agrees. A form that is sent twice
under its key counts once; what a second tab sends counts once too, or is refused, or is another thing of its own.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import func, select

from kernel import clock
from kernel.audit.models import AuditEntry
from kernel.db import Database
from procurement.blueprint import api
from tests.procurement.rounds.held import Held

from .books import must_balance
from .filled import KEY, Form, forms
from .shop import Shop, sign_in
from .test_crossing import Crossing
from .things import furnish

ROLES = ("h1", "h1-second", "h1-finance", "company1", "distributor", "agency", "agency-second", "price")
pytestmark = pytest.mark.xdist_group("attacks")  # the forms are looked for once a worker

AREAS = "plans orders shipments returns shortages emergencies settlement agreements deliveries"
PREFIXES = ("/pricing/listings", "/pricing/credit/letter", *(f"/procurement/{one}" for one in AREAS.split()))
BESIDE = {
    "company1": ("/procurement/orders?standing=to-confirm",),
    "h1-finance": ("/procurement/settlement/invoices?state=registered", "/procurement/settlement/due?seller=3"),
}
"""Pages on which a filter makes the form."""
FILL = {
    "number": "1" * 20, "issued_on": "2026-03-03", "supplies_on": "2031-01-01", "lines": "[]", "code": "", "form": "",
    "pasted": "1\tB1\t2031-01-01\t1", "region": "330100", "via_name": "x", "cause": "", "dispute": "short",
}  # fmt: skip
"""What is typed into empty fields; into the others a one."""
TYPED = (
    "", "-1", "0", "0.0005", "1e400", "NaN", "Infinity", "１２３", "１．５", "٣", "1,000", "12,34", "2147483648",
    "9" * 15, "9" * 40, "-" + "9" * 40, "0001-01-01", "9999-12-31", "2026-02-30", "<script>alert(1)</script>",
    "'; drop table x; --", "=1+1", "🦀" * 300, "字" * 5_000, "\u202e", "%s%n", "../../etc/passwd", " ", "null", "[]",
)  # fmt: skip
SENT = (*TYPED, -1, 0, 0.1, 10**30, 1e300, True, None, [], {}, ["x"], [[]])
NOT_REACHED = {
    "pricing.commitment_withdraw", "pricing.listing_restore", "pricing.merge_act", "pricing.merge_object",
    "procurement.settlement_claim_file", "procurement.settlement_entry_undo", "procurement.settlement_offset",
    "procurement.shortage_decision", "procurement.shortage_substitute",
}  # fmt: skip
"""Forms that wait for what nobody did here: a letter, a suspension, duplicate listings, a take-over that was asked for,
a stand-in, the first days of a month, a prepayment to set off or to take back."""
BAD_GRIDS = ("[1]", '[{"id": "x"}]', '[{"id": -1, "quantity": []}]', "{", "[" * 2_000, '[{"id": 1, "batch": {}}]')


@dataclass
class Attack(Crossing):
    """People and what is theirs; every request begins from the same state."""

    held: Held = field(kw_only=True)
    seen: dict[tuple[str, frozenset[str]], tuple[str, Form]] = field(default_factory=dict)
    good: set[tuple[str, frozenset[str]]] = field(default_factory=set)

    def other(self, name: str, who: str) -> int:
        """Return an id of his own: what bodies of calls are filled with."""
        return (self.owned(name, who) or [1])[0]

    def crawl(self) -> None:
        """Open everybody's own pages, and keep the forms on them, one of a kind."""
        for who in ROLES:
            for url in (*self.addresses(who), *BESIDE.get(who, ())):
                page = self.browsers[who].get(url)
                for form in forms(url, page.text) if page.status_code == 200 else ():
                    self.keep(who, form)

    def keep(self, who: str, form: Form) -> None:
        """Keep a form, filled; rather one that is taken as it stands, so that a strange value is all that is wrong."""
        if form.pattern in self.good:
            return
        filled = Form(form.action, {name: form.fields[name] or FILL.get(name, "1") for name in fields(form)})
        if self.browsers[who].post(filled.action, data=filled.fields).status_code == 303:
            self.good.add(form.pattern)
            self.seen[form.pattern] = (who, filled)
        self.seen.setdefault(form.pattern, (who, filled))
        self.held.again()

    def addresses(self, who: str) -> Iterator[str]:
        """Return the pages that somebody may open, with up to three of his own things of a kind."""
        rules = [rule for rule in self.shop.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
        owned = {rule.endpoint: rule for rule, method in self.owned_routes() if method == "GET"}
        for rule in sorted(rules, key=lambda one: one.rule):
            if not rule.rule.startswith(PREFIXES) or who not in self.able(rule.endpoint, "GET", ROLES):
                continue
            if not rule.arguments:
                yield rule.rule
            elif rule.endpoint in owned:
                names = rule.arguments & set(self.things.ids)
                for turn in range(max(len(self.owned(name, who)) for name in names)):
                    held = {name: self.owned(name, who) for name in names}
                    values = {name: ids[turn % len(ids)] for name, ids in held.items() if ids}
                    ground = {name: self.things.ground[name] for name in rule.arguments - names}
                    if len(values) == len(names):
                        with self.shop.app.test_request_context():
                            yield self.shop.app.url_for(rule.endpoint, **ground, **values)

    def owned(self, name: str, who: str) -> list[int]:
        """Return a few that he may see of a kind; the agency sees all."""
        every = [identity for identity, _owners in self.things.ids[name]]
        return every[-2:] if who in ("agency", "agency-second", "price") else self.things.of(name, who, own=True)[:3]

    def send(self, who: str, url: str, **sent: Any) -> int:
        """Send something, see that it is no fault of ours and that the books agree, and forget it."""
        answer = self.browsers[who].post(url, **sent)
        assert answer.status_code < 500, (who, url, sent)
        if answer.status_code < 400:
            with self.held.transaction(write=False) as session:
                must_balance(session)
        self.tally[f"{answer.status_code}"] += 1
        self.held.again()
        return int(answer.status_code)

    def events(self) -> int:
        """Count what has happened."""
        with self.held.transaction(write=False) as session:
            return session.scalar(select(func.count(AuditEntry.id))) or 0


@pytest.fixture(scope="module")
def known() -> dict[tuple[str, frozenset[str]], tuple[str, Form]]:
    """The forms that were found: the same in every test, because the same things have the same numbers."""
    return {}


@pytest.fixture
def attack(shop: Shop, database: Database, known: dict[Any, Any]) -> Iterator[Attack]:
    with database.transaction() as session:
        things = furnish(session, shop.market)
        sign_in(session, shop.market, shop.tokens, clock.now())
    held = Held(database.engine)
    shop.app.extensions["jicai-database"] = held
    browsers = {who: shop.browser(who) for who in ROLES}
    made = Attack(shop, things, random.Random(5), browsers=browsers, held=held, seen=known)
    try:
        if not known:
            made.crawl()
            held.again()
        yield made
    finally:
        shop.app.extensions["jicai-database"] = database
        held.end()


def fields(form: Form) -> list[str]:
    return [name for name in form.fields if name not in ("csrf_token", KEY)]


def type_into(attack: Attack, most: int, figure: Callable[[str], None]) -> None:
    """Put so many strange values into every field of every form, one at a time."""
    for who, form in attack.seen.values():
        for name in form.fields:
            values = [*TYPED, *(BAD_GRIDS if name == "lines" else ())]
            for value in values if most >= len(values) else attack.chance.sample(values, most):
                attack.send(who, form.action, data=form.fields | {name: value})
    figure(f"strange values in {len(attack.seen)} forms: {dict(sorted(attack.tally.items()))}")


def test_strange_values_in_forms_are_no_fault(attack: Attack, figure: Callable[[str], None]) -> None:
    type_into(attack, 1, figure)


@pytest.mark.long
def test_no_strange_value_in_any_form_is_a_fault(attack: Attack, figure: Callable[[str], None]) -> None:
    type_into(attack, 100, figure)


def calls(attack: Attack) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Return every JSON call of purchasing that posts a body, with somebody who may make it, and a body."""
    for row in api.rows:
        url = f"/api/v1/procurement{row.url}"
        rule = next(one for one in attack.shop.app.url_map.iter_rules() if one.rule == url)
        if "POST" not in row.methods or not row.body or not rule.arguments <= set(attack.things.ids):
            continue
        for who in attack.able(rule.endpoint, "POST", ROLES)[:1]:
            values = {name: attack.other(name, who) for name in rule.arguments}
            with attack.shop.app.test_request_context():
                address = attack.shop.app.url_for(rule.endpoint, **values, _method="POST")
            yield who, address, attack.filled(row.body, who)


def call_with(attack: Attack, most: int, figure: Callable[[str], None]) -> None:
    """Put so many strange values into every place of every call's body, one at a time."""
    found = list(calls(attack))
    for who, url, body in found:
        for path in places(body):
            for value in SENT if most >= len(SENT) else attack.chance.sample(SENT, most):
                attack.send(who, url, json=changed(body, path, value))
    figure(f"strange values in {len(found)} calls: {dict(sorted(attack.tally.items()))}")


def places(body: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Return every place of a body: its fields and what stands in them."""
    if path:
        yield path
    inner = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in inner:
        yield from places(value, (*path, key))


def changed(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return a body with another value at a place."""
    if not path:
        return value
    made = dict(body) if isinstance(body, dict) else list(body)
    made[path[0]] = changed(body[path[0]], path[1:], value)
    return made


def test_strange_values_in_calls_are_no_fault(attack: Attack, figure: Callable[[str], None]) -> None:
    call_with(attack, 1, figure)


@pytest.mark.long
def test_no_strange_value_in_any_call_is_a_fault(attack: Attack, figure: Callable[[str], None]) -> None:
    call_with(attack, 100, figure)


def test_what_is_sent_twice_counts_once(attack: Attack, figure: Callable[[str], None]) -> None:
    """A double click carries the same key; a second tab another one."""
    taken = again = 0
    for who, form in attack.seen.values():
        browser, data = attack.browsers[who], form.fields
        if browser.post(form.action, data=data | {KEY: "one"}).status_code == 303:
            happened, taken = attack.events(), taken + 1
            second = browser.post(form.action, data=data | {KEY: "one"})
            assert second.headers["Idempotency-Replayed"] == "true" and attack.events() == happened, (who, form.action)
            browser.post(form.action, data=data | {KEY: "two"})
            again += attack.events() > happened
            with attack.held.transaction(write=False) as session:
                must_balance(session)
        attack.held.again()
    figure(f"forms sent twice: {taken} taken, none twice under a key, {again} taken anew from a second tab")


@pytest.mark.long
def test_every_form_of_purchasing_is_reached(attack: Attack) -> None:
    addresses = attack.shop.app.url_map.bind("")
    reached = {addresses.match(form.action.partition("?")[0], method="POST")[0] for _who, form in attack.seen.values()}
    rules = [one for one in attack.shop.app.url_map.iter_rules() if one.rule.startswith(PREFIXES)]
    every = {one.endpoint for one in rules if "POST" in (one.methods or ())}
    assert every - reached == NOT_REACHED
