"""Cases: from a label to the mended price, and to credit; who may do what, what is told, what stands once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.auth.actor import SYSTEM
from kernel.auth.permissions import Role
from kernel.auth.second import SamePerson
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from pricing.credit.models import CreditFact
from pricing.governance.cases.flow import CaseAction, CaseReason, CaseState, InterviewMode
from pricing.governance.cases.models import CaseLine, CaseStep
from pricing.governance.cases.queries import cases as queries
from pricing.governance.cases.services import answering, handling, harming
from pricing.governance.cases.services.reminding import remind
from pricing.governance.labelling.models import PriceLabel
from pricing.listings.flow import ListingKind, ListingState
from pricing.listings.rules import NewListing
from pricing.listings.services import list_products
from tests.factories.people import organisation, user
from tests.pricing.governance.scene import (
    DAY,
    TODAY,
    call,
    committed,
    company,
    drafted,
    failed,
    harm,
    held,
    labelled,
    listing,
    minuted,
    move,
    second,
    told,
)
from tests.pricing.scene import NOW, OTHER, PROVINCE, Scene, acting

A, S, M = CaseAction, CaseState, InterviewMode


@pytest.fixture
def scene(session: Session) -> Scene:
    return labelled(session, NOW)


def test_a_case_from_the_label_to_the_mended_price(session: Session, scene: Scene) -> None:
    found = drafted(session, scene)
    label = session.scalars(select(PriceLabel)).one()
    line = found.lines[0]
    assert (line.label_id, line.anchor, line.ratio, line.price) == (label.id, label.anchor, label.ratio, label.price)
    with pytest.raises(NotFound):  # a draft is not the company's to see
        queries.one(session, found.id, company(scene))
    move(session, scene, found, A.SEND, text="")
    assert found.due_at is not None and queries.one(session, found.id, company(scene)) is found
    answering.answer(session, case_id=found.id, text="成本上涨", actor=company(scene), at=NOW)
    move(session, scene, found, A.INSUFFICIENT)
    call(session, scene, found)
    held(session, scene, found)
    answering.sign(session, case_id=found.id, actor=company(scene), at=NOW + 2 * DAY)
    handling.sign(session, case_id=found.id, actor=scene.officer, at=NOW + 2 * DAY)
    assert found.state is S.MINUTED
    answering.commit_to(
        session, case_id=found.id, written={line.id: Decimal("1.00")}, keep_by=TODAY + 3 * DAY, text="",
        actor=company(scene), at=NOW + 2 * DAY,
    )  # fmt: skip
    with pytest.raises(Conflict, match="case-not-mended"):
        move(session, scene, found, A.VERIFY, at=NOW + 2 * DAY)
    assert answering.cut(session, case_id=found.id, actor=company(scene), at=NOW + 2 * DAY) == 1
    assert answering.cut(session, case_id=found.id, actor=company(scene), at=NOW + 2 * DAY) == 0
    assert listing(session, scene).price == 1
    move(session, scene, found, A.VERIFY, at=NOW + 2 * DAY)
    session.flush()
    assert (found.state, found.closed_at, found.lines[0].closed) == (S.VERIFIED, NOW + 2 * DAY, True)
    assert "case-asked" in told(session, scene.users["company"].id)
    assert "case-answered" in told(session, scene.users["officer"].id)
    assert drafted(session, scene, listing_ids=[listing(session, scene).id]).id != found.id  # another may be opened


def test_a_price_stands_in_one_open_case(session: Session, scene: Scene) -> None:
    found = drafted(session, scene)
    with pytest.raises(Invalid) as refused:
        drafted(session, scene, text=" ")
    assert {name: issue.code for name, issue in refused.value.fields.items()} == {
        "listing": "case-open-already", "text": "needed"
    }  # fmt: skip
    line = found.lines[0]
    same = {"listing_id": line.listing_id, "product_id": line.product_id, "region_code": PROVINCE, "kind": line.kind}
    with pytest.raises(IntegrityError), session.begin_nested():  # somebody else was as fast
        session.add(CaseLine(case_id=found.id, price=line.price, **same))
        session.flush()


def test_a_case_is_about_one_company_in_one_region(session: Session, scene: Scene) -> None:
    with pytest.raises(Invalid):
        drafted(session, scene, listing_ids=[listing(session, scene).id, listing(session, scene, 1).id])
    with pytest.raises(Invalid):
        drafted(session, scene, listing_ids=[])
    with pytest.raises(NotFound):
        drafted(session, scene, listing_ids=[10_000_000])
    with pytest.raises(Forbidden):
        drafted(session, scene, actor=company(scene))
    with pytest.raises(Forbidden):  # an officer of another province
        drafted(session, scene, actor=replace(second(scene), region=OTHER))


def test_an_overdue_answer_is_taken_and_marked(session: Session, scene: Scene) -> None:
    found = move(session, scene, drafted(session, scene, reason=CaseReason.COMPLAINT), A.SEND, text="")
    late = NOW + 10 * DAY
    assert found.state_on(late) is S.OVERDUE
    assert queries.tally(session, scene.officer, late) == {S.OVERDUE: 1}
    for states, count in (((S.OVERDUE,), 1), ((S.ASKED,), 0)):
        assert len(session.scalars(queries.listing(scene.officer, late, states=states)).all()) == count
    answering.answer(session, case_id=found.id, text="补充说明", actor=company(scene), at=late)
    session.flush()
    step = queries.steps(session, found, scene.officer)[-1]
    assert (step.action, step.facts["late"], found.state) == (A.ANSWER, True, S.ANSWERED)


@pytest.mark.parametrize(("mode", "sent"), [(M.AFTER, False), (M.REPLACES, True), (M.AFTER, True)])
def test_an_interview_is_called_in_the_way_its_state_allows(
    session: Session, scene: Scene, mode: M, sent: bool
) -> None:
    found = drafted(session, scene)
    if sent:
        move(session, scene, found, A.SEND, text="")
    with pytest.raises(Invalid) as refused:
        call(session, scene, found, mode, text="", place="", interview_at=NOW)
    assert set(refused.value.fields) == {"mode", "interview_at", "place", "text"}
    call(session, scene, found, M.MERGED)
    assert (found.state, found.mode, found.due_at) == (S.CALLED, M.MERGED, NOW + DAY)
    call(session, scene, found, M.MOVED, interview_at=NOW + 2 * DAY)
    assert (found.mode, found.due_at) == (M.MERGED, NOW + 2 * DAY)
    answering.answer(session, case_id=found.id, text="书面答复", actor=company(scene), at=NOW)
    assert (found.state, found.due_at) == (S.CALLED, NOW + 2 * DAY)


def test_nothing_fails_before_its_day(session: Session, scene: Scene) -> None:
    found = committed(session, scene)
    with pytest.raises(Conflict, match="case-too-early"):
        move(session, scene, found, A.FAIL, at=NOW + 3 * DAY)
    move(session, scene, found, A.FAIL, at=NOW + 20 * DAY)
    assert found.state is S.NOT_KEPT


def test_a_commitment_names_a_price_for_every_line(session: Session, scene: Scene) -> None:
    found = minuted(session, scene)
    line = found.lines[0].id
    for price in (None, Decimal("4.01"), Decimal("0.00001"), Decimal(0)):
        with pytest.raises(Invalid) as refused:
            answering.commit_to(
                session, case_id=found.id, written={line: price}, keep_by=None, text="", actor=company(scene), at=NOW
            )
        assert set(refused.value.fields) == {f"price-{line}", "keep_by"}


def test_harm_needs_two_persons_and_ends_in_one_fact(session: Session, scene: Scene) -> None:
    found, at = failed(session, scene), NOW + 21 * DAY
    with pytest.raises(Conflict, match="case-nothing-proposed"):
        harming.confirm(session, case_id=found.id, actor=second(scene), at=at)
    harming.propose(session, case_id=found.id, text="拒不履行", actor=scene.officer, at=at)
    with pytest.raises(SamePerson):
        harming.confirm(session, case_id=found.id, actor=scene.officer, at=at)
    with pytest.raises(Conflict, match="case-proposed-already"):
        harming.propose(session, case_id=found.id, text="再次", actor=second(scene), at=at)
    harming.give_back(session, case_id=found.id, text="补证", actor=second(scene), at=at)
    assert (found.state, found.proposed) == (S.NOT_KEPT, None)
    session.flush()
    seen = {step.action for step in queries.steps(session, found, company(scene))}
    assert not seen & {A.PROPOSE, A.RETURN}
    assert session.scalars(queries.exposed()).all() == []
    harm(session, scene, found)
    assert session.scalars(queries.exposed()).all() == [found]
    harm(session, scene, found)
    assert (found.state, listing(session, scene).state) == (S.SUSPENDED, ListingState.SUSPENDED)
    found.lines[0].kind = ListingKind.SHORTAGE
    harm(session, scene, found)
    session.flush()
    fact = session.scalars(select(CreditFact)).one()
    assert fact.shortage  # a shortage drug's price: at least seriously dishonest
    assert (found.fact_id, fact.subject_kind, fact.subject_id) == (fact.id, "price_case", str(found.id))
    assert found.closed_at == at
    harming._report(session, found, "重复移交", scene.officer, at)  # handed over again, it is the same fact
    assert session.scalar(select(func.count()).select_from(CreditFact)) == 1


def test_a_suspension_is_lifted_by_hand_or_with_the_mended_price(session: Session, scene: Scene) -> None:
    found, at = failed(session, scene), NOW + 21 * DAY
    harm(session, scene, found)
    harm(session, scene, found)
    harming.lift(session, case_id=found.id, text="保障临床供应", actor=scene.officer, at=at)
    assert (found.state, listing(session, scene).state) == (S.EXPOSED, ListingState.ACTIVE)
    harm(session, scene, found)
    row = NewListing(scene.products[0].id, PROVINCE, ListingKind.LISTED, Decimal("1.00"), TODAY + 21 * DAY)
    list_products(session, rows=[row], actor=scene.officer, at=at)
    session.expire_all()
    assert listing(session, scene).state is ListingState.SUSPENDED
    move(session, scene, found, A.VERIFY, at=at)
    assert (found.state, listing(session, scene).state) == (S.VERIFIED, ListingState.ACTIVE)
    assert session.scalars(queries.exposed()).all() == []


def test_only_the_bureau_that_keeps_a_case_and_its_company_act(session: Session, scene: Scene) -> None:
    found = move(session, scene, drafted(session, scene), A.SEND, text="")
    other = acting(user(session, organisation(session), Role.PRICE_OFFICER), Role.PRICE_OFFICER)
    with pytest.raises(DomainError):
        handling.move(session, case_id=found.id, action=A.VERIFY, actor=other, at=NOW)
    with pytest.raises(NotFound):
        answering.answer(session, case_id=found.id, text="答", actor=company(scene, "other"), at=NOW)
    with pytest.raises(Forbidden):
        answering.answer(session, case_id=found.id, text="答", actor=scene.officer, at=NOW)
    with pytest.raises(Invalid):  # decisions against the company don't come this way
        handling.move(session, case_id=found.id, action=A.EXPOSE, text="x", actor=scene.officer, at=NOW)


def test_deadlines_are_told_once_each_and_escalate(session: Session, scene: Scene) -> None:
    found = move(session, scene, drafted(session, scene), A.SEND, text="")
    due = found.due_at
    assert due is not None
    counts = []
    for at in (due - 3 * DAY, due - DAY, due - DAY, due, due, due + 3 * DAY, due + 9 * DAY):
        counts.append(remind(session, actor=SYSTEM, at=at))
        session.flush()
    assert counts == [0, 1, 0, 1, 0, 1, 0]
    assert told(session, scene.users["company"].id)[-2:] == ["case-due-soon", "case-due-over"]
    assert told(session, scene.users["officer"].id) == ["case-due-over", "case-stuck"]
    assert told(session, scene.users["overseer"].id) == ["case-stuck"]
    assert session.scalar(select(func.count()).select_from(CaseStep)) == 1  # a reminder is no step
