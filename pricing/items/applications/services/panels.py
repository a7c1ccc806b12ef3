"""Experts: named for an application, they declare their interests, and score alone and for good."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import after_lock
from kernel.errors import Conflict, Invalid, Issue, NotFound
from kernel.notices.services import notify
from kernel.scores import is_score
from pricing.items.applications.flow import PLACE_FLOW, ApplicationState, Criterion, PlaceAction, PlaceState
from pricing.items.applications.models import ItemApplication, ItemScore, ItemSeat
from pricing.items.applications.queries import panels
from pricing.items.applications.queries.applications import reviewer
from pricing.items.applications.rules import LONGEST
from pricing.items.applications.services.acts import locked, must_say
from pricing.tags import Tag

MOST_SEATS = 30
Marks = Mapping[Criterion, Decimal | None]


def name_experts(
    session: Session, *, application_id: int, user_ids: Collection[int], due_at: datetime | None, actor: Actor,
    at: datetime,
) -> list[ItemSeat]:  # fmt: skip
    """Name experts for an application, at first or in place of those who left, and say until when they score."""
    found = locked(session, application_id, actor, at)
    maker = reviewer(session, found, actor)
    _at_panel(found)
    sat = panels.seats(session, found.id)
    wrong = _mistakes(session, found, user_ids, sat, due_at, after_lock(session))
    if wrong or due_at is None:
        raise Invalid(wrong)
    first = max((seat.number for seat in sat), default=0) + 1
    made = [
        ItemSeat(application_id=found.id, number=number, user_id=user_id, named_by_id=maker, named_at=at)
        for number, user_id in enumerate(sorted(user_ids), first)
    ]
    session.add_all(made)
    found.due_at = due_at
    session.flush()  # seats are read back with their people
    facts = {"item": found.name, "experts": sorted(user_ids), "due_at": due_at}
    record(session, Tag.NEW_ITEM_EXPERTS_NAMED, found, actor, at, facts)
    told = {"item": found.name, "due": due_at.isoformat()}
    notify(session, code="new-item-expert", facts=told, at=at, users=sorted(user_ids), url=_url(found.id))
    return made


def _mistakes(
    session: Session, found: ItemApplication, user_ids: Collection[int], sat: Collection[ItemSeat],
    due_at: datetime | None, now: datetime,
) -> dict[str, Issue]:  # fmt: skip
    wrong: dict[str, Issue] = {}
    known = {user.id for user in panels.candidates(session, found)} - {seat.user_id for seat in sat}
    staying = sum(seat.state is not PlaceState.LEFT for seat in sat)
    least = (found.round_.least_experts if found.round_ else 1) - staying
    if not set(user_ids) <= known or (not user_ids and not staying):
        wrong["experts"] = Issue("new-item-experts-unknown")
    elif not least <= len(user_ids) <= MOST_SEATS - staying:
        wrong["experts"] = Issue("new-item-experts-few", facts={"least": least, "most": MOST_SEATS - staying})
    if due_at is None or due_at <= now:
        wrong["due_at"] = Issue("new-item-due-past")
    return wrong


def _at_panel(found: ItemApplication) -> None:
    if found.state is not ApplicationState.PANEL:
        raise Conflict("wrong-state", state=found.state, action=PlaceAction.DECLARE)


def _url(application_id: int) -> str:
    return f"/pricing/new-items/experts/{application_id}"


def _mine(session: Session, application_id: int, actor: Actor) -> ItemSeat:
    """Return the actor's own place, locked behind its application, while the experts' time runs."""
    seat = panels.my_seat(session, application_id, actor)
    session.refresh(seat.application, with_for_update=True)
    session.refresh(seat)
    _at_panel(seat.application)
    due = seat.application.due_at
    if due is not None and after_lock(session) >= due:
        raise Conflict("new-item-time-is-up", due=due)
    return seat


def declare(
    session: Session, *, application_id: int, conflict: bool | None, ground: str, actor: Actor, at: datetime
) -> ItemSeat:
    """Declare whether one has a conflict of interest with the hospital or the item; who has one leaves the panel."""
    seat = _mine(session, application_id, actor)
    if conflict is None:
        raise Invalid({"conflict": Issue("needed")})
    if conflict:
        must_say({"ground": ground})
    action = PlaceAction.LEAVE if conflict else PlaceAction.DECLARE
    seat.state = PlaceState(PLACE_FLOW.after(seat.state, action))
    seat.declared_at, seat.conflict = at, ground.strip() if conflict else ""
    facts = {"item": seat.application.name, "number": seat.number, "conflict": conflict}
    record(session, Tag.NEW_ITEM_DECLARED, seat, actor, at, facts)
    if conflict:
        told = {"item": seat.application.name, "number": seat.number}
        url = f"/pricing/new-items/{application_id}"
        notify(session, code="new-item-expert-left", facts=told, at=at, users=[seat.named_by_id], url=url)
    return seat


def score(
    session: Session, *, application_id: int, marks: Marks, recommends: bool | None, note: str, actor: Actor,
    at: datetime,
) -> ItemSeat:  # fmt: skip
    """Submit one's scores for good, a mark for every criterion and a recommendation; nobody else's are seen before."""
    seat = _mine(session, application_id, actor)
    PLACE_FLOW.after(seat.state, PlaceAction.SUBMIT)
    wrong: dict[str, Issue] = {}
    if not set(marks) <= set(Criterion):
        raise NotFound(application=application_id)
    for criterion in Criterion:
        mark = marks.get(criterion)
        if mark is None:
            wrong[criterion.value] = Issue("needed")
        elif not is_score(mark):
            wrong[criterion.value] = Issue("new-item-not-a-score", value=format(mark, "f"))
    if recommends is None:
        wrong["recommends"] = Issue("needed")
    if len(note) > LONGEST:
        wrong["note"] = Issue("text-too-long", facts={"most": LONGEST})
    if wrong:
        raise Invalid(wrong)
    session.add_all(
        ItemScore(seat_id=seat.id, criterion=criterion, score=mark)
        for criterion, mark in marks.items() if mark is not None
    )  # fmt: skip
    seat.state = PlaceState(PLACE_FLOW.after(seat.state, PlaceAction.SUBMIT))
    seat.recommends, seat.note, seat.submitted_at = recommends, note.strip(), at
    record(session, Tag.NEW_ITEM_SCORED, seat, actor, at, {"item": seat.application.name, "number": seat.number})
    return seat
