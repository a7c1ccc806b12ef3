"""End a lot or a round without an award once its bids are open: asked for by one person, confirmed by another."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.second import must_be_another
from kernel.errors import Conflict, Forbidden, Invalid, Issue
from procurement.demand.models import Lot
from procurement.rounds.announcements import services as announcements
from procurement.rounds.announcements.flow import AnnouncementKind
from procurement.rounds.draft.flow import Ending
from procurement.rounds.draft.services.sessions import end_with
from procurement.rounds.flow import RoundState
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rounds
from procurement.rounds.services.acts import locked
from procurement.rounds.services.publishing import end
from procurement.rounds.voids import queries
from procurement.rounds.voids.flow import VOID_FLOW, VoidAction, VoidReason
from procurement.rounds.voids.models import VoidRequest
from procurement.tags import Tag

LONGEST = 2000
OPENED = frozenset({RoundState.OPENED, RoundState.EVALUATED, RoundState.ANNOUNCED})


def ask(
    session: Session, *, round_id: int, lot_number: int | None, reason: VoidReason, text: str, actor: Actor,
    at: datetime,
) -> VoidRequest:  # fmt: skip
    """Ask for the void of a lot, or of the whole round where no lot is named."""
    round_ = _opened(session, round_id, actor, at)
    lot = rounds.lot(session, round_, lot_number) if lot_number is not None else None
    _must_be_new(session, round_, lot)
    if not text.strip():
        raise Invalid({"text": Issue("needed")})
    if len(text.strip()) > LONGEST:
        raise Invalid({"text": Issue("text-too-long", facts={"most": LONGEST})})
    if actor.user_id is None:
        raise Forbidden
    made = VoidRequest(
        round_id=round_.id, lot_id=lot.id if lot else None, reason=reason, text=text.strip(),
        asked_by_id=actor.user_id, asked_at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()  # the address and the audit event name the id
    record(session, Tag.VOID_ASKED, made, actor, at, _facts(round_, lot, made))
    return made


def confirm(session: Session, *, round_id: int, request_id: int, actor: Actor, at: datetime) -> VoidRequest:
    """Confirm a void as a second person. A void lot is announced at once; the rest has to be evaluated without it."""
    round_ = _opened(session, round_id, actor, at)
    found = queries.held(session, round_, request_id)
    state = VOID_FLOW.after(found.state, VoidAction.CONFIRM)
    must_be_another(actor, found.asked_by_id)
    if found.lot is not None:
        _must_leave_a_lot(session, round_, found.lot)
    found.state, found.decided_by_id, found.decided_at = state, actor.user_id, at
    record(session, Tag.VOID_CONFIRMED, found, actor, at, _facts(round_, found.lot, found))
    if found.lot is None:
        end(session, round_, found.text, actor, at, code=found.reason.value)
    else:
        end_with(session, round_, ending=Ending.LOT_VOID, actor=actor)  # its winners came of bids that count no more
        session.flush()  # the announcement reads which lots are void
        announcements.issue(session, round_=round_, kind=AnnouncementKind.LOT_VOID, actor=actor, at=at)
        told = {"lot": found.lot.number, "variety": found.lot.variety.name}
        announcements.tell_concerned(session, round_, "lot-voided", at, **told)
    return found


def refuse(session: Session, *, round_id: int, request_id: int, note: str, actor: Actor, at: datetime) -> VoidRequest:
    """Turn a request down, or take one's own back."""
    round_ = locked(session, round_id, actor, at)
    found = queries.held(session, round_, request_id)
    state = VOID_FLOW.after(found.state, VoidAction.REFUSE)
    if actor.user_id is None:
        raise Forbidden
    found.state, found.decided_by_id, found.decided_at, found.note = state, actor.user_id, at, note.strip()[:LONGEST]
    record(session, Tag.VOID_REFUSED, found, actor, at, {**_facts(round_, found.lot, found), "note": found.note})
    return found


def _opened(session: Session, round_id: int, actor: Actor, at: datetime) -> Round:
    round_ = locked(session, round_id, actor, at)
    if round_.state not in OPENED:
        raise Conflict("void-not-now", code=round_.code)
    return round_


def _must_be_new(session: Session, round_: Round, lot: Lot | None) -> None:
    lot_id = lot.id if lot else None
    if any(one.lot_id == lot_id for one in queries.asked(session, round_)):
        raise Conflict("void-asked-already")
    if lot is not None:
        _must_leave_a_lot(session, round_, lot)


def _must_leave_a_lot(session: Session, round_: Round, lot: Lot) -> None:
    """Refuse a lot that is void already, and the last one left: then the round is void."""
    void = queries.lot_ids(session, round_.id)
    if lot.id in void:
        raise Conflict("lot-void-already", lot=lot.number)
    if {each.id for each in rounds.lots(session, round_)} <= void | {lot.id}:
        raise Conflict("last-lot", lot=lot.number)


def _facts(round_: Round, lot: Lot | None, found: VoidRequest) -> dict[str, object]:
    about: dict[str, object] = {"round": round_.code, "reason": found.reason.value, "text": found.text}
    return about if lot is None else {**about, "lot": lot.number}
