"""Join a collection of one's own accord, and leave it again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from kernel import clock
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.errors import Conflict, DomainError, NotFound
from procurement.demand.flow import EDITABLE, CallState, settled
from procurement.demand.joining import queries
from procurement.demand.joining.models import Joining
from procurement.demand.models import Call
from procurement.demand.queries import calls as call_queries
from procurement.demand.queries import reports as report_queries
from procurement.tags import Tag


def join(session: Session, *, call_id: int, actor: Actor, at: datetime) -> Joining:
    """Take part in a collection without having been asked, before its deadline."""
    call, organisation_id, now = _held(session, call_id, actor)
    row = queries.of(session, call_id=call_id, organisation_id=organisation_id)
    if row is not None and row.left_at is None:
        raise Conflict("demand-joined-already", code=call.code)
    if row is None:
        row = Joining(call_id=call_id, organisation_id=organisation_id)
        session.add(row)
    row.joined_at, row.joined_by_id, row.left_at = now, actor.user_id, None
    record(session, Tag.DEMAND_JOINED, call, actor, at, {"code": call.code})
    return row


def leave(session: Session, *, call_id: int, actor: Actor, at: datetime) -> Joining:
    """Take no part any more; a report that was handed in is taken back first."""
    call, organisation_id, now = _held(session, call_id, actor)
    row = queries.of(session, call_id=call_id, organisation_id=organisation_id)
    if row is None or row.left_at is not None:
        raise Conflict("demand-join-first", code=call.code)
    report = report_queries.held_report_of(session, call_id=call_id, hospital_id=organisation_id)
    if report is not None and report.state not in EDITABLE:
        raise Conflict("demand-already-submitted", code=call.code)
    row.left_at = now
    record(session, Tag.DEMAND_LEFT, call, actor, at, {"code": call.code})
    return row


def _held(session: Session, call_id: int, actor: Actor) -> tuple[Call, int, datetime]:
    """Lock the collection, so that two joinings wait for each other; refuse whom it does not take, and what is late."""
    call = call_queries.held_call(session, call_id, actor)
    now = clock.after_lock(session)
    if actor.organisation_id is None or not actor.buys:
        raise NotFound(call=call_id)
    if not queries.may(session, call=call, actor=actor):
        raise DomainError("demand-may-not-join", code=call.code)
    if settled(call.state, call.deadline, now) is not CallState.COLLECTING:
        raise Conflict("demand-not-collecting", code=call.code)
    return call, actor.organisation_id, now
