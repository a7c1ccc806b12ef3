"""Joint bids: formed before the deadline, known to their members alone, one bid for all of them."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel import clock
from kernel.db import Database
from kernel.errors import Conflict, Invalid, NotFound
from kernel.notices.models import Notice
from procurement.bids import services as bids
from procurement.bids.boxes import queries as boxes
from procurement.bids.declarations import queries as declarations
from procurement.bids.joints import queries, services
from procurement.bids.joints.flow import JointState, MemberState, settled
from procurement.bids.joints.models import JointMember
from procurement.bids.joints.rules import Part
from procurement.bids.joints.services import Agreement
from procurement.bids.models import Bid, Box
from procurement.bids.reminders import services as reminders
from procurement.dossiers import services as dossiers
from procurement.dossiers.flow import DocumentKind, Unmet, ValidAt
from procurement.dossiers.rules import Asked
from procurement.dossiers.services import DocumentDraft, Upload

from .conftest import CLOSED, DEADLINE, World
from .joints import NOW, act, propose, refused, with_joints


@pytest.fixture
def joint_world(session: Session) -> World:
    return with_joints(session)


def test_a_joint_bids_once_all_members_have_confirmed(session: Session, joint_world: World) -> None:
    world = joint_world
    with clock.travel(to=NOW):
        joint = propose(session, world, a="50", b="30", c="20")
        lines = world.lines("0.6580", "0.3871")
        assert refused(bids.submit, session, box_id=world.box_id, lines=lines, actor=world.actors["a"]) == (
            "joint-not-agreed"
        )
        act(session, services.confirm, joint, world.actors["b"])
        assert joint.state is JointState.PROPOSED
        act(session, services.confirm, joint, world.actors["c"])
        assert joint.state is JointState.AGREED
        bids.submit(session, box_id=world.box_id, lines=lines, actor=world.actors["a"])
        for member in ("b", "c"):
            assert refused(bids.submit, session, box_id=world.box_id, lines=lines, actor=world.actors[member]) == (
                "joint-binds"
            )
        assert refused(act, session, services.decline, joint, world.actors["b"]) == "joint-bid-sealed"
        assert refused(act, session, services.dissolve, joint, world.actors["a"]) == "joint-bid-sealed"
        bids.withdraw(session, box_id=world.box_id, actor=world.actors["a"])
        act(session, services.decline, joint, world.actors["b"])
        assert joint.state is JointState.DECLINED
        assert [each.state for each in joint.members] == [
            MemberState.FREED, MemberState.REFUSED, MemberState.FREED,
        ]  # fmt: skip
        bids.submit(session, box_id=world.box_id, lines=lines, actor=world.actors["b"])


def test_the_files_of_every_member_are_held_against_what_the_round_asks_for(
    session: Session, joint_world: World
) -> None:
    world = joint_world
    asked = Asked((DocumentKind.PRODUCTION_LICENCE,), (DocumentKind.REGISTRATION,), ValidAt.DEADLINE, Unmet.REFUSE)
    session.get_one(Box, world.box_id).eligibility = asked.plain()
    lines = world.lines("0.6580", "0.3871")
    with clock.travel(to=NOW):
        for spec in world.specifications[world.lots[0]]:
            file(session, world, "a", DocumentKind.REGISTRATION, world.products["a", spec])
        file(session, world, "a", DocumentKind.PRODUCTION_LICENCE)
        act(session, services.confirm, propose(session, world), world.actors["b"])
        with pytest.raises(bids.BidsRefused) as refusal:
            bids.submit(session, box_id=world.box_id, lines=lines, actor=world.actors["a"])
        codes = [issue.code for issue in refusal.value.issues]
        assert codes == ["member-document-unmet", "member-product-document-unmet"]
        assert session.scalars(select(Bid)).all() == []
        file(session, world, "b", DocumentKind.PRODUCTION_LICENCE)
        file(session, world, "b", DocumentKind.REGISTRATION, world.products["b", spec])
        bids.submit(session, box_id=world.box_id, lines=lines, actor=world.actors["a"])
        row = declarations.own(session, world.box_id, world.actors["a"])[world.lots[0]]
    assert {found["why"] for found in row.checked} == {"covered"} and len(row.checked) == 5


def file(session: Session, world: World, who: str, kind: DocumentKind, product_id: int | None = None) -> None:
    """Put a document into a company's files, valid on the day of the deadline."""
    draft = DocumentDraft(kind, "1", until=clock.today(DEADLINE), product_id=product_id)
    paper = Upload("证照.pdf", b"%PDF-1.7")
    dossiers.file(session, draft=draft, uploads=[paper], actor=world.actors[who], at=clock.now())
    session.flush()


def test_every_mistake_of_a_composition_is_told_at_once(session: Session, joint_world: World) -> None:
    world = joint_world
    with clock.travel(to=NOW), pytest.raises(Invalid) as refusal:
        services.propose(
            session, box_id=world.box_id, lot_id=world.lots[0], own_share="0", agreement=Agreement("a.exe", b"MZ"),
            members=[Part(world.companies["b"], "abc"), Part(world.companies["b"], "10"), Part(999, "10")],
            actor=world.actors["a"], at=NOW,
        )  # fmt: skip
    told = {name: issue.code for name, issue in refusal.value.fields.items()}
    assert told == {
        "share-own": "joint-share", "share-1": "joint-share", "member-2": "joint-member-twice",
        "member-3": "joint-no-product", "agreement": "file-kind-unknown",
    }  # fmt: skip


def test_only_so_many_companies_bid_jointly_and_only_where_the_round_allows_it(session: Session) -> None:
    world = with_joints(session, most=2)
    with clock.travel(to=NOW):
        with pytest.raises(Invalid) as refusal:
            propose(session, world, a="50", b="30", c="20")
        assert refusal.value.fields["member-2"].code == "joint-too-many"
        session.get_one(Box, world.box_id).joint_most = 0
        session.flush()
        assert refused(propose, session, world) == "joint-not-allowed"


def test_a_company_is_in_one_joint_of_a_lot_and_has_no_bid_of_its_own(session: Session, joint_world: World) -> None:
    world = joint_world
    with clock.travel(to=NOW):
        first = propose(session, world, a="50", b="50")
        second = propose(session, world, "c", c="50", b="50")
        assert refused(propose, session, world, a="50", c="50") == "joint-bound-already"
        act(session, services.confirm, first, world.actors["b"])
        assert refused(act, session, services.confirm, second, world.actors["b"]) == "joint-bound-already"
        other = propose(session, world, lot=1, a="50", b="50")
        bids.submit(session, box_id=world.box_id, lines=world.lines("0.5", lot=1), actor=world.actors["b"])
        assert refused(act, session, services.confirm, other, world.actors["b"]) == "joint-own-bid"


def test_the_database_itself_binds_a_company_once_for_a_lot(session: Session, joint_world: World) -> None:
    world = joint_world
    with clock.travel(to=NOW):
        first, second = propose(session, world, a="50", b="50"), propose(session, world, "c", c="50", b="50")
    with pytest.raises(IntegrityError), session.begin_nested():
        for joint in (first, second):
            joint.others[0].state = MemberState.BOUND
        session.flush()


def test_two_confirmations_at_once_bind_one_joint(database: Database) -> None:
    with database.transaction() as session:
        world = with_joints(session)
        with clock.travel(to=NOW):
            ids = [propose(session, world, a="50", b="50").id, propose(session, world, "c", c="50", b="50").id]

    def confirm(index: int) -> str:
        with clock.travel(to=NOW):
            try:
                with database.transaction() as session:
                    actor = world.actors["b" if index % 2 else "b2"]
                    services.confirm(session, joint_id=ids[index % 2], actor=actor, at=NOW)
            except Conflict as refusal:
                return refusal.code
            return "joined"

    with ThreadPoolExecutor(4) as pool:
        told = Counter(pool.map(confirm, range(4)))
    assert told["joined"] == 1
    with database.transaction(write=False) as session:
        bound = select(func.count()).where(
            JointMember.company_id == world.companies["b"], JointMember.state == MemberState.BOUND
        )
        assert session.scalar(bound) == 1


def test_a_bid_of_ones_own_races_a_confirmation(database: Database) -> None:
    """Either the company has joined or it has bid: never both."""
    with database.transaction() as session:
        world = with_joints(session)
        with clock.travel(to=NOW):
            joint_id = propose(session, world, a="50", b="50").id

    def race(index: int) -> str:
        with clock.travel(to=NOW):
            try:
                with database.transaction() as session:
                    if index:
                        services.confirm(session, joint_id=joint_id, actor=world.actors["b"], at=NOW)
                    else:
                        bids.submit(
                            session, box_id=world.box_id, lines=world.lines("0.5"), actor=world.actors["b2"]
                        )  # fmt: skip
            except Conflict as refusal:
                return refusal.code
            return "done"

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(race, range(2)))
    assert sorted(told) in (["done", "joint-binds"], ["done", "joint-own-bid"])


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1)])
def test_nobody_joins_from_the_deadline_on(session: Session, joint_world: World, late: timedelta) -> None:
    world = joint_world
    with clock.travel(to=NOW):
        joint = propose(session, world)
    with clock.travel(to=CLOSED + late):
        for verb, who in ((services.confirm, "b"), (services.decline, "b"), (services.dissolve, "a")):
            assert refused(act, session, verb, joint, world.actors[who]) == "box-deadline-passed"
        assert refused(propose, session, world, "c", c="50", b="50") == "box-deadline-passed"
    assert settled(joint.state, DEADLINE, DEADLINE) is JointState.LAPSED
    assert settled(joint.state, DEADLINE, DEADLINE - timedelta(milliseconds=1)) is JointState.PROPOSED


def test_a_member_is_counted_out_of_lots_that_its_lead_bids(session: Session, joint_world: World) -> None:
    world = joint_world
    with clock.travel(to=NOW):
        joint = propose(session, world)
        before = boxes.due(session, world.actors["b"], clock.now())[0].lots
        act(session, services.confirm, joint, world.actors["b"])
        assert boxes.due(session, world.actors["b"], clock.now())[0].lots == before - 1
        bids.submit(session, box_id=world.box_id, lines=world.lines("0.5", lot=1), actor=world.actors["b"])
    soon = DEADLINE - timedelta(hours=20)
    with clock.travel(to=soon):
        reminders.remind(session, at=soon)
    reminded = select(Notice.user_id).where(Notice.code == "bids-due")
    assert world.actors["b"].user_id not in set(session.scalars(reminded))


def test_a_joint_stands_after_the_opening_only_if_it_bid(session: Session, joint_world: World) -> None:
    world = joint_world
    agency = world.actors["agency"]
    with clock.travel(to=NOW):
        joint, silent = propose(session, world), propose(session, world, lot=1)
        for each in (joint, silent):
            act(session, services.confirm, each, world.actors["b"])
        bids.submit(session, box_id=world.box_id, lines=world.lines("0.5"), actor=world.actors["a"])
        assert refused(queries.one, session, joint.id, agency) == NotFound.code
    with clock.travel(to=CLOSED):
        bids.open_bids(session, box_id=world.box_id, actor=agency, at=clock.now())
    assert list(queries.standing(session, world.box_id)) == [(world.lots[0], world.companies["a"])]
    lead = world.companies["a"]
    assert queries.leads(session, world.box_id) == {world.lots[0]: {lead: lead, world.companies["b"]: lead}}
    assert queries.one(session, joint.id, agency).id == joint.id
    assert refused(queries.one, session, silent.id, agency) == NotFound.code
    assert refused(queries.one, session, joint.id, world.actors["c"]) == NotFound.code
