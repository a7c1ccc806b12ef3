"""Before the opening a bid stands in the sealed table, and nowhere else, for nobody.

Generated: every GET row of the URL table with every id there is, as every role, in every state of the box before the
opening; then every column of every table, every kept file, and everything that was logged.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask
from sqlalchemy import inspect, select, text
from werkzeug.routing import Rule

from kernel import clock, logs
from kernel.auth.actor import PUBLIC, Actor
from kernel.auth.permissions import P, Permission, Role
from kernel.db import Database
from kernel.parties.codes import OrganisationKind
from procurement.bids import services
from procurement.bids.boxes import services as boxes
from procurement.bids.models import Box
from procurement.bids.reminders import services as reminders
from procurement.demand.models import LotSpecification
from procurement.rounds.flow import RoundState
from procurement.rounds.models.rounds import Round

from .books import confirm, filled, upload
from .conftest import CLOSED, DEADLINE, OPENS, World, organisation, person
from .pages import signed_in

MARK = "86421.7773"
TRACES = re.compile(rb"86421\.777|86,421\.777|(?<![0-9a-f])864217773(?![0-9a-f])|" + "捌万陆仟肆佰贰拾壹".encode())
SCANLESS = {"search_index"}  # SQLite keeps its rows in the tables beside it, which are looked at
STATES = ("receiving", *(pytest.param(state, marks=pytest.mark.long) for state in ("closed", "void")))
HOMES = {
    Role.MANUFACTURER: OrganisationKind.COMPANY, Role.DISTRIBUTOR: OrganisationKind.DISTRIBUTOR,
    Role.PHARMACIST: OrganisationKind.HOSPITAL, Role.HOSPITAL_FINANCE: OrganisationKind.HOSPITAL,
    Role.PHARMACY: OrganisationKind.PHARMACY, Role.EXPERT: OrganisationKind.HOSPITAL,
    Role.PRICE_OFFICER: OrganisationKind.BUREAU,
    Role.SUPERVISOR: OrganisationKind.BUREAU, Role.SYSTEM_ADMIN: OrganisationKind.OPERATOR,
    Role.SECURITY_ADMIN: OrganisationKind.OPERATOR, Role.AUDIT_ADMIN: OrganisationKind.OPERATOR,
}  # fmt: skip
WORDS = {
    "locale": ["zh_CN", "en"], "kind": ["company"], "name": ["bids"], "form": ["csv", "xlsx", "json"],
}  # fmt: skip


@pytest.fixture
def logged(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Log as in production, into a stream that the test can search."""
    app.testing = False
    stream = io.StringIO()
    monkeypatch.setattr(logs, "_configured", False)
    with contextlib.redirect_stderr(stream):
        logs.configure()
    yield stream
    structlog.reset_defaults()


@pytest.fixture
def sealed(app: Flask, database: Database, logged: io.StringIO) -> World:
    """Company a has bid by form, by workbook and by call, replaced, withdrawn, made mistakes, and left a preview."""
    from .conftest import build

    with database.transaction() as session:
        world = build(session)
        session.query(LotSpecification).update({LotSpecification.cap: Decimal(99999)})
        session.add(
            Round(
                code="LM-YP-2026-04",
                title="第四批",
                state=RoundState.BIDDING,
                call_id=world.call_id,
                box_id=world.box_id,
                rule_set_id="batch-8",
                created_at=OPENS,
                published_at=OPENS,
            )
        )
    with clock.travel(to=DEADLINE - timedelta(hours=40)):
        bid(app, database, world)
        with database.transaction() as session:
            reminders.remind(session, at=clock.now())
    return world


def bid(app: Flask, database: Database, world: World) -> None:
    """Do everything a company can do before the deadline."""
    company = signed_in(app, database, world.actors["a"].user_id)
    first, second, _third = world.lots
    spec = world.specifications[first][0]
    place = f"/procurement/bids/{world.box_id}"
    for revision in (0, 1):
        fields = {f"price-{spec}": MARK, "revision": revision, "_key": f"k{revision}"}
        assert company.post(f"{place}/lots/{first}", data=fields).status_code == 303
    assert company.post(f"{place}/lots/{first}", data={f"price-{spec}": f"{MARK}77"}).status_code == 422
    call = {"lines": [{"lot": second, "specification": world.specifications[second][0], "price": MARK}]}
    base = f"/api/v1/procurement/boxes/{world.box_id}/submissions"
    assert company.post(base, json=call, headers={"Idempotency-Key": "j1"}).status_code == 201
    assert company.post(base, json={"lines": [*call["lines"], *call["lines"]]}).status_code == 422
    assert company.post(f"{place}/withdrawal", data={"lot": second}).status_code == 303
    prices = dict.fromkeys(range(2, 8), MARK)
    staged = upload(company, world.box_id, filled(company, world.box_id, prices))
    assert MARK in company.get(staged.headers["Location"]).text
    assert confirm(company, staged).status_code == 303
    wrong = upload(company, world.box_id, filled(company, world.box_id, prices | {2: f"{MARK}777"}))
    assert MARK in company.get(wrong.headers["Location"]).text
    assert company.get(f"{wrong.headers['Location']}/workbook").status_code == 200
    unconfirmed = upload(company, world.box_id, filled(company, world.box_id, prices | {2: "86421.7774"}))
    assert unconfirmed.status_code == 303


def move(database: Database, world: World, state: str) -> Any:
    """Bring the box into a state; return the instant at which it is looked at."""
    at = {"receiving": DEADLINE - timedelta(hours=1), "closed": CLOSED, "void": DEADLINE - timedelta(hours=1)}[state]
    with clock.travel(to=at), database.transaction() as session:
        box = session.get_one(Box, world.box_id)
        if state == "closed":
            boxes.settle(session, at=clock.now())
        elif state == "void":
            boxes.void_box(session, box=box, actor=world.actors["agency"], at=clock.now())
    return at


def people(database: Database, world: World) -> dict[str, Actor]:
    """One reader per role in an organisation of its own, a's own administrator, everything at once, a stranger."""
    found = {"stranger": PUBLIC, "company b": world.actors["b"]}
    with database.transaction() as session:
        for number, role in enumerate(Role):
            kind = HOMES.get(role, OrganisationKind.AGENCY)
            home = organisation(session, role, kind, f"{role.value}", f"9111000010000{number:05d}")
            found[role.value] = person(session, home, role.value, role)
        home = organisation(session, "all", OrganisationKind.OPERATOR, "all", "911100001000099999")
        found["every role at once"] = person(session, home, "all", *Role)
        own = session.get_one(type(home), world.companies["a"])
        found["a's administrator"] = person(session, own, "admin-a", Role.ORGANISATION_ADMIN)
    return found


def ids(database: Database, world: World) -> dict[str, list[Any]]:
    """What may stand in an address: the ids and names that exist."""
    with database.transaction(write=False) as session:
        imports = [row[0] for row in session.execute(text("select id from workbook_import"))]
        receipts = [row[0] for row in session.execute(text("select receipt from bid_submission"))]
        subjects = session.execute(text("select distinct subject_kind, subject_id from audit_entry")).all()
    numbers = {"box_id": [world.box_id], "lot_id": world.lots, "number": [1, 2], "import_id": imports}
    records = [(kind, key) for kind, key in subjects if kind.startswith(("bid", "box", "workbook", "round", "import"))]
    return {**WORDS, **numbers, "receipt": receipts, "records": [*records, ("bid", "1"), ("sealed", "1")]}


def addresses(app: Flask, known: dict[str, list[Any]]) -> dict[str, Permission]:
    """Every GET address of the URL table, filled with what exists (ids of other records with 1), and its permission."""
    needs = app.extensions["jicai-permissions"]
    made = {"/importers/bids?box=1": P.BID_SUBMIT, "/importers/bids/template?box=1": P.BID_SUBMIT, **SEARCHES}
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            for values in filled_in(rule, known):
                made[adapter.build(rule.endpoint, values)] = needs[(rule.endpoint, "GET")]
    return made


SEARCHES = {
    "/audit?tag=bids.submitted": P.AUDIT_READ,
    "/audit?page=2": P.AUDIT_READ,
    "/procurement/bids?page=2": P.BID_SUBMIT,
}


THOROUGH = ("stranger", "company b")  # also ask for what the guard refuses; for the others its own tests stand


def filled_in(rule: Rule, known: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    if rule.arguments == {"kind", "identity"}:
        yield from ({"kind": kind, "identity": key} for kind, key in known["records"])
        return
    names = sorted(rule.arguments)
    for values in itertools.product(*(known.get(name, [1]) for name in names)):
        yield dict(zip(names, values, strict=True))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True
)  # what pages show does not depend on the engine; what tables hold is looked at on both
def test_no_page_or_call_shows_a_sealed_bid_to_anybody_else(
    app: Flask, database: Database, sealed: World, state: str, logged: io.StringIO
) -> None:
    at = move(database, sealed, state)
    places = addresses(app, ids(database, sealed))
    assert len(places) > 60
    leaks, broken = [], []
    with clock.travel(to=at):
        for who, actor in people(database, sealed).items():
            client = signed_in(app, database, actor.user_id)
            for place in (place for place, need in places.items() if actor.may(need) or who in THOROUGH):
                answer = client.get(place)
                if answer.status_code >= 500:
                    broken.append((who, place))
                if TRACES.search(answer.data) or any(TRACES.search(str(pair).encode()) for pair in answer.headers):
                    leaks.append((who, place))
    assert (leaks, broken) == ([], [])
    assert '"event": "request"' in logged.getvalue()
    assert not TRACES.search(logged.getvalue().encode())


@pytest.mark.parametrize("state", STATES)
def test_no_table_but_the_sealed_one_and_no_file_holds_a_sealed_bid(
    database: Database, settings: Any, sealed: World, state: str, logged: io.StringIO
) -> None:
    move(database, sealed, state)
    seen, leaks = 0, []
    with database.engine.connect() as connection:
        for table in set(inspect(connection).get_table_names()) - SCANLESS:
            for row in connection.exec_driver_sql(f'select * from "{table}"').mappings():
                seen += 1
                if table != "sealed" and any(traced(plain(value)) for value in row.values()):
                    leaks.append((table, dict(row)))
        assert connection.exec_driver_sql("select count(*) from import_payload").scalar_one() == 0
        kept = connection.exec_driver_sql("select count(*) from sealed where content is not null").scalar_one()
    assert (leaks, seen > 50, kept > 3) == ([], True, True)
    files = [path for path in Path(settings.var).rglob("*") if path.is_file() and not path.name.startswith("test.db")]
    assert [path for path in files if traced(path.read_bytes())] == []
    assert not TRACES.search(logged.getvalue().encode())


def traced(value: bytes) -> bool:
    """A price, or a workbook as it was uploaded."""
    return bool(TRACES.search(value)) or value.startswith(b"PK\x03\x04")


def plain(value: object) -> bytes:
    """A stored value as bytes to search."""
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def test_the_search_would_find_a_price_after_the_opening(app: Flask, database: Database, sealed: World) -> None:
    """The control: the same walk finds the price where it may be read."""
    with clock.travel(to=CLOSED):
        with database.transaction() as session:
            services.open_bids(session, box_id=sealed.box_id, actor=sealed.actors["agency"], at=clock.now())
        agency = signed_in(app, database, sealed.actors["agency"].user_id)
        assert TRACES.search(agency.get(f"/procurement/bids/{sealed.box_id}/opening").data)
        other = signed_in(app, database, sealed.actors["b"].user_id)
        assert other.get(f"/procurement/bids/{sealed.box_id}/opening").status_code == 404


def test_a_read_of_the_bid_tables_never_touches_the_sealed_one(database: Database, sealed: World) -> None:
    """Whatever the ORM loads of a bid, no statement but those of bids.sealing names the table."""
    statements: list[str] = []
    from sqlalchemy import event

    from procurement.bids import queries
    from procurement.bids.boxes import queries as boxes_of
    from procurement.bids.models import Bid, Submission

    event.listen(database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    with database.transaction(write=False) as session:
        for model in (Bid, Submission, Box):
            session.scalars(select(model)).all()
        queries.opened_lines(session, sealed.box_id)
        boxes_of.company_boxes(session, sealed.actors["b"])
    assert [sql for sql in statements if re.search(r"\b(from|join) sealed\b", sql.lower())] == []
    assert statements
