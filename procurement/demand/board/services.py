"""What the agency does from the board: accept what is not odd, remind those who are missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel import clock
from kernel.audit.services import record
from kernel.auth import scopes
from kernel.auth.actor import Actor
from kernel.errors import Conflict, DomainError
from procurement.demand.board import queries
from procurement.demand.flow import OPEN, REPORT_FLOW, ReportAction, closes_at
from procurement.demand.queries import board as reports
from procurement.demand.queries import calls
from procurement.demand.queries import reports as report_queries
from procurement.demand.rules import POLICY
from procurement.demand.services.calls import remind
from procurement.tags import Tag


@dataclass(frozen=True, slots=True)
class Accepted:
    """How many reports were accepted, left because they are odd, and left because the actor submitted them."""

    accepted: int
    odd: int
    own: int


def accept_clean(
    session: Session, *, call_id: int, region: str | None = None, actor: Actor, at: datetime
) -> Accepted:  # fmt: skip
    """Accept every submitted report in which nothing is odd; never by the person who submitted it."""
    call = calls.held_call(session, call_id, actor, shared=True)
    if not scopes.sees_all(actor) or call.state not in OPEN:
        raise Conflict("demand-not-collecting", code=call.code)
    waiting = queries.held_waiting(session, call_id, region)
    now, odd = clock.after_lock(session), reports.odd_by_report(session, call=call)
    own = [report for report in waiting if report.submitted_by_id and report.submitted_by_id == actor.user_id]
    clean = [report for report in waiting if report not in own and not odd.get(report.id)]
    for report in clean:
        report.state, report.review_note = REPORT_FLOW.after(report.state, ReportAction.ACCEPT), ""
        report.reviewed_at, report.reviewed_by_id = now, actor.user_id
        record(session, Tag.REPORT_ACCEPTED, report, actor, at, {"code": call.code, "together": len(clean)})
    return Accepted(len(clean), len(waiting) - len(own) - len(clean), len(own))


def nudge(session: Session, *, call_id: int, actor: Actor, at: datetime) -> int:
    """Remind by hand all who may still hand in and have not; return how many. Once an hour at most."""
    call = calls.held_call(session, call_id, actor)
    now, pause = clock.after_lock(session), int(POLICY.value("nudge.minutes"))
    if call.state not in OPEN:
        raise Conflict("demand-not-collecting", code=call.code)
    if call.nudged_at is not None and now - call.nudged_at < timedelta(minutes=pause):
        raise DomainError("demand-nudged-lately", moment=call.nudged_at, minutes=pause)
    own = {
        report.hospital_id: report.due_at
        for other, report in report_queries.with_own_moment(session, now)
        if other.id == call_id
    }
    everyone = report_queries.not_submitted(session, call_id)
    missing = [each for each in everyone if closes_at(call.deadline, own.get(each)) > now]
    if not missing:
        raise DomainError("demand-nobody-missing")
    call.nudged_at = now
    for closes in sorted({closes_at(call.deadline, own.get(each)) for each in missing}):
        there = [each for each in missing if closes_at(call.deadline, own.get(each)) == closes]
        remind(session, call, there, closes, 0, at)
    record(session, Tag.DEMAND_REMINDED, call, actor, at, {"hospitals": len(missing), "by_hand": True})
    return len(missing)
