"""Declared is a fact of its own: made with or without a price, until the deadline, seen by nobody else before it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from kernel import clock
from kernel.audit.models import AuditEntry
from kernel.auth.permissions import P, Role
from kernel.clock import today
from kernel.db import Database
from kernel.errors import Conflict, Forbidden, NotFound
from procurement.bids import services
from procurement.bids.declarations import queries, rules
from procurement.bids.declarations import services as declarations
from procurement.bids.declarations.flow import DeclarationState
from procurement.bids.declarations.models import Declaration, DeclarationAct
from procurement.bids.models import Box
from procurement.dossiers import services as dossiers
from procurement.dossiers.flow import DocumentKind, Unmet, ValidAt
from procurement.dossiers.rules import Asked
from procurement.dossiers.services import DocumentDraft, Upload

from .conftest import CLOSED, DEADLINE, World
from .pages import signed_in
from .test_nothing_leaks import THOROUGH, addresses, ids, people

DECLARED, BACK = DeclarationState.DECLARED, DeclarationState.TAKEN_BACK
PDF = Upload("证.pdf", b"%PDF-1.7 x")


def declare(session: Session, world: World, *lots: int, who: str = "a") -> DeclarationAct:
    chosen = [world.lots[lot] for lot in lots]
    return declarations.declare(session, box_id=world.box_id, lot_ids=chosen, actor=world.actors[who])


def states(session: Session, world: World, who: str = "a") -> dict[int, DeclarationState]:
    found = queries.own(session, world.box_id, world.actors[who])
    return {world.lots.index(lot): row.state for lot, row in found.items()}


def submit(session: Session, world: World, lot: int = 0, who: str = "a") -> Any:
    lines = world.lines("1.2000", lot=lot)
    return services.submit(session, box_id=world.box_id, lines=lines, actor=world.actors[who])


def test_a_company_declares_for_several_lots_without_a_price(session: Session, world: World, bidding: datetime) -> None:
    act = declare(session, world, 0, 2)
    assert (act.lots, act.withdrawal, act.receipt[:2]) == ([1, 3], False, "D-")
    assert states(session, world) == {0: DECLARED, 2: DECLARED}
    digest = rules.act_digest(
        box="LM-YP-2026-04", company="91110000100000017X", at=act.at, withdrawal=False, lots=[3, 1]
    )
    assert act.digest == digest
    with pytest.raises(Conflict, match="nothing-to-declare"):
        declare(session, world, 2)
    assert declare(session, world, 1, 2).lots == [2]


def test_a_bid_declares_by_itself_and_its_withdrawal_asks(session: Session, world: World, bidding: datetime) -> None:
    submit(session, world), submit(session, world, 1)
    assert states(session, world) == {0: DECLARED, 1: DECLARED}
    row = queries.own(session, world.box_id, world.actors["a"])[world.lots[0]]
    assert (row.by_bid, row.receipt.startswith("LM-YP-2026-04-")) == (True, True)
    services.withdraw(session, box_id=world.box_id, lot_ids=[world.lots[0]], actor=world.actors["a"])
    assert states(session, world) == {0: DECLARED, 1: DECLARED}
    services.withdraw(session, box_id=world.box_id, actor=world.actors["a"], undeclare=True)
    assert states(session, world) == {0: DECLARED, 1: BACK}
    submit(session, world, 1)
    assert states(session, world)[1] is DECLARED


def test_a_declaration_is_taken_back_unless_a_bid_is_sealed(session: Session, world: World, bidding: datetime) -> None:
    declare(session, world, 0, 1)
    submit(session, world)
    take = {"box_id": world.box_id, "actor": world.actors["a"]}
    with pytest.raises(Conflict, match="bid-still-sealed"):
        declarations.take_back(session, lot_ids=world.lots[:2], **take)
    declarations.take_back(session, lot_ids=[world.lots[1]], **take)
    assert states(session, world) == {0: DECLARED, 1: BACK}
    with pytest.raises(Conflict, match="nothing-to-take-back"):
        declarations.take_back(session, lot_ids=[world.lots[1]], **take)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1)])
def test_the_deadline_itself_is_too_late(session: Session, world: World, late: timedelta) -> None:
    with clock.travel(to=DEADLINE - timedelta(minutes=5)):
        declare(session, world, 0)
    with clock.travel(to=DEADLINE + late + timedelta(milliseconds=2)):
        with pytest.raises(Conflict, match="box-deadline-passed"):
            declare(session, world, 1)
        with pytest.raises(Conflict, match="box-deadline-passed"):
            declarations.take_back(session, box_id=world.box_id, lot_ids=world.lots[:1], actor=world.actors["a"])


def test_only_companies_declare_and_only_where_they_have_products(
    session: Session, world: World, bidding: datetime
) -> None:
    with pytest.raises(declarations.DeclarationRefused) as refusal:
        declare(session, world, 2, who="b")
    assert [issue.code for issue in refusal.value.issues] == ["no-product-in-lot"]
    with pytest.raises(Forbidden):
        declare(session, world, 0, who="agency")
    with pytest.raises(declarations.DeclarationRefused):
        declarations.declare(session, box_id=world.box_id, lot_ids=[987654], actor=world.actors["a"])
    with pytest.raises(NotFound):
        declarations.declare(session, box_id=987654, lot_ids=world.lots, actor=world.actors["a"])
    assert session.scalar(select(func.count()).select_from(Declaration)) == 0


def test_the_opening_record_shows_who_declared_with_and_without_a_price(session: Session, world: World) -> None:
    with clock.travel(to=DEADLINE - timedelta(days=1)):
        submit(session, world)
        declare(session, world, 0, 1, who="b")
        declarations.take_back(session, box_id=world.box_id, lot_ids=[world.lots[1]], actor=world.actors["b"])
        assert queries.opened(session, world.box_id) == []
    with clock.travel(to=CLOSED):
        services.open_bids(session, box_id=world.box_id, actor=world.actors["agency"], at=clock.now())
        found = [(one.declaration.company_id, one.priced) for one in queries.opened(session, world.box_id)]
    assert found == [(world.companies["a"], True), (world.companies["b"], False)]


def asks(session: Session, world: World, unmet: Unmet, valid_at: ValidAt = ValidAt.DEADLINE) -> None:
    asked = Asked((DocumentKind.PRODUCTION_LICENCE,), (DocumentKind.REGISTRATION,), valid_at, unmet)
    session.execute(update(Box).where(Box.id == world.box_id).values(eligibility=asked.plain()))
    session.expire_all()


def file(session: Session, world: World, kind: DocumentKind, product_id: int | None = None, days: int = 0) -> None:
    draft = DocumentDraft(kind, "1", until=today(DEADLINE) + timedelta(days), product_id=product_id)
    dossiers.file(session, draft=draft, uploads=[PDF], actor=world.actors["a"], at=clock.now())
    session.flush()


def test_a_round_refuses_what_lacks_a_document_where_its_rules_say_so(
    session: Session, world: World, bidding: datetime
) -> None:
    asks(session, world, Unmet.REFUSE)
    with pytest.raises(services.BidsRefused) as refusal:
        submit(session, world)
    assert [issue.code for issue in refusal.value.issues] == ["document-unmet", "product-document-unmet"]
    file(session, world, DocumentKind.PRODUCTION_LICENCE, days=-1)
    reference, other = (world.products["a", spec] for spec in world.specifications[world.lots[0]])
    file(session, world, DocumentKind.REGISTRATION, other)
    with pytest.raises(services.BidsRefused) as refusal:
        submit(session, world)
    assert [str(issue.facts["why"]) for issue in refusal.value.issues] == ["ends-before", "missing"]
    file(session, world, DocumentKind.PRODUCTION_LICENCE)
    with pytest.raises(services.BidsRefused):
        submit(session, world)
    assert declare(session, world, 0).lots == [1]  # one of its products has what is asked for
    file(session, world, DocumentKind.REGISTRATION, reference)
    submit(session, world)
    with pytest.raises(declarations.DeclarationRefused):
        declare(session, world, 1)


def test_what_was_lacking_is_kept_with_the_declaration(session: Session, world: World, bidding: datetime) -> None:
    asks(session, world, Unmet.MARK)
    submit(session, world)
    row = queries.own(session, world.box_id, world.actors["a"])[world.lots[0]]
    assert [(found["kind"], found["why"]) for found in row.checked] == [
        ("production-licence", "missing"), ("registration", "missing")
    ]  # fmt: skip
    file(session, world, DocumentKind.PRODUCTION_LICENCE)
    assert [found["why"] for found in row.checked] == ["missing", "missing"]
    submit(session, world)
    assert [found["why"] for found in row.checked] == ["covered", "missing"]


def test_pages_declare_and_say_what_is_refused(app: Flask, database: Database, built: World) -> None:
    with database.transaction() as session:
        asks(session, built, Unmet.REFUSE)
    with clock.travel(to=DEADLINE - timedelta(days=1)):
        company = signed_in(app, database, built.actors["a"].user_id)
        place = f"/procurement/bids/{built.box_id}/declarations"
        with company.session_transaction() as cookie:
            cookie["locale"] = "en"
        refused = company.post(place, data={"lot": built.lots[:2], "_key": "d1"})
        assert refused.status_code == 422
        assert "Drug production licence, valid on 2026-11-20: Not filed." in refused.text
        assert "Bids without them are refused" in company.get(f"/procurement/bids/{built.box_id}/documents").text
        with database.transaction() as session:
            asks(session, built, Unmet.MARK)
        assert company.post(place, data={"lot": built.lots[:2], "_key": "d2"}).status_code == 303
        assert company.post(place, data={"lot": built.lots[:2], "_key": "d2"}).status_code == 303  # a double click
        assert "2 of 3 lots declared" in company.get(f"/procurement/bids/{built.box_id}").text
        assert company.post(f"{place}/back", data={"lot": built.lots[:1]}).status_code == 303
        page = company.get(place).text
    assert page.count('p1">D-LM-YP-2026-04-') == 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # what pages show does not depend on the engine
@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.long)])
def test_nobody_else_sees_before_the_opening_how_many_declared(
    app: Flask, database: Database, built: World, whole: bool
) -> None:
    """Every page for everybody else is the same whether a company declared for one lot or for all of them."""
    with clock.travel(to=DEADLINE - timedelta(hours=2)), database.transaction() as session:
        act = declare(session, built, 0)
        session.flush()
        act_id = act.id
    readers = people(database, built)
    readers = readers if whole else {who: readers[who] for who in FEW}
    before = pages(app, database, built, readers, whole)
    with database.transaction() as session:
        first = session.scalars(select(Declaration)).one()
        for lot in built.lots[1:]:
            session.add(
                Declaration(
                    box_id=first.box_id, lot_id=lot, company_id=first.company_id, state=DECLARED, checked=[],
                    receipt=first.receipt, user_id=first.user_id, at=first.at,
                )
            )  # fmt: skip
        session.get_one(DeclarationAct, act_id).lots = [1, 2, 3]
    after = pages(app, database, built, readers, whole)
    assert len(before) > (200 if whole else 60)
    assert [place for place in before if before[place] != after[place]] == []
    own = signed_in(app, database, built.actors["a"].user_id)
    with clock.travel(to=DEADLINE - timedelta(hours=1)):
        assert "1、2、3" in own.get(f"/procurement/bids/{built.box_id}/declarations").text  # the control
    with database.transaction() as session:
        kept = session.scalars(select(AuditEntry).where(AuditEntry.tag == "declaration.made")).one()
        assert set(kept.facts) == {"box", "receipt", "digest"}


FEW = ("stranger", "company b", Role.AGENCY_OFFICER.value, Role.SUPERVISOR.value)
NEAR = re.compile(r"/(procurement/(bids|rounds|receipts|doc)|api/v1/procurement|audit|history|notices|$)")
VARYING = re.compile(r'name="(csrf_token|_key)" value="[^"]*"|act-[A-Za-z0-9]+|content="[^"]*" data-csrf')


def pages(
    app: Flask, database: Database, world: World, readers: dict[str, Any], whole: bool
) -> dict[tuple[str, str], str]:
    """Every page a reader may ask for, at one instant, without what differs from one answer to the next."""
    found = {}
    places = {place: need for place, need in addresses(app, ids(database, world)).items() if "/exports" not in place}
    places.pop("/account")  # it lists one's sign-ins, and every walk signs in
    places = {place: need for place, need in places.items() if whole or NEAR.match(place)}
    places |= {f"/history/bid_declaration_act/{1}": P.HISTORY_READ}
    for who, actor in readers.items():
        client = signed_in(app, database, actor.user_id)
        for place in (place for place, need in places.items() if actor.may(need) or who in THOROUGH):
            with clock.travel(to=DEADLINE - timedelta(hours=1)):
                answer = client.get(place)
            text = answer.text if "text" in answer.mimetype or "json" in answer.mimetype else answer.status
            text = VARYING.sub("", text)
            found[who, place] = re.sub(r"\d\d:\d\d:\d\d(\.\d+)?|[0-9a-f]{12,}", "", text)
    return found
