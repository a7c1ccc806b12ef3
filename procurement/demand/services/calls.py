"""Set up a collection, start it, give it more time, end it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel import clock
from kernel.audit.changes import diff
from kernel.audit.services import record
from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.permissions import Role
from kernel.errors import Conflict, DomainError
from kernel.notices.services import notify
from procurement.demand.flow import CALL_FLOW, CallAction, CallState, settled
from procurement.demand.joining import queries as joined
from procurement.demand.models import Call, Report
from procurement.demand.queries import calls as queries
from procurement.demand.queries import lots as lot_queries
from procurement.demand.queries import reports as report_queries
from procurement.demand.rules import reminder
from procurement.tags import Tag

REPORTERS = (Role.PHARMACIST, Role.PHARMACY)


@dataclass(frozen=True, slots=True)
class Joins:
    """Who may join a collection beside the public hospitals that are asked, and whether the base counts them."""

    private_join: bool = True
    pharmacies_join: bool = True
    joined_count: bool = True


ALL = Joins()


def create_call(
    session: Session, *, code: str, title: str, year: int, deadline: datetime, notes: str = "",
    joining: Joins = ALL, actor: Actor, at: datetime,
) -> Call:  # fmt: skip
    """Set up a collection as a draft; `year` is the year the demand is for."""
    if queries.code_taken(session, code):
        raise Conflict("demand-code-taken", code=code)
    _must_be_ahead(deadline, at)
    call = Call(code=code, title=title, year=year, deadline=deadline, notes=notes, created_at=at, lots=[])
    _let_join(call, joining)
    session.add(call)
    session.flush()  # callers go on with its id
    facts = {"code": code, "title": title, "year": year, "deadline": deadline, **asdict(joining)}
    record(session, Tag.DEMAND_CREATED, call, actor, at, facts)
    return call


def change_call(
    session: Session, *, call_id: int, version: int | None = None, title: str, year: int, deadline: datetime,
    notes: str = "", joining: Joins | None = None, actor: Actor, at: datetime,
) -> Call:  # fmt: skip
    """Change a draft."""
    call = queries.held_call(session, call_id, actor)
    must_be_current(version, call.version)
    must_be_draft(call)
    _must_be_ahead(deadline, at)
    before = call.snapshot()
    call.title, call.year, call.deadline, call.notes = title, year, deadline, notes
    if joining is not None:
        _let_join(call, joining)
    if changes := diff(before, call.snapshot()):
        record(session, Tag.DEMAND_CHANGED, call, actor, at, changes)
    return call


def _let_join(call: Call, joining: Joins) -> None:
    call.private_join, call.pharmacies_join = joining.private_join, joining.pharmacies_join
    call.joined_count = joining.joined_count


def start(session: Session, *, call_id: int, actor: Actor, at: datetime) -> Call:
    """Begin collecting: every hospital that is asked is told, and those who may join."""
    call = queries.held_call(session, call_id, actor)
    state = CALL_FLOW.after(call.state, CallAction.START)
    if not lot_queries.lots(session, call.id):
        raise DomainError("demand-without-lots", code=call.code)
    _must_be_ahead(call.deadline, clock.after_lock(session))
    call.state = state
    call.reminded = reminder(call.deadline, None, at)  # a reminder on the heels of the first notice tells nothing
    _tell_hospitals(session, call, "demand-started", at)
    if welcome := list(session.scalars(joined.welcome(call))):
        notify(
            session, code="demand-may-join", facts=_facts(call), organisations=welcome, roles=REPORTERS,
            url=f"/procurement/demand/{call.id}", at=at,
        )  # fmt: skip
    record(session, Tag.DEMAND_STARTED, call, actor, at, {"deadline": call.deadline})
    return call


def extend(session: Session, *, call_id: int, deadline: datetime, reason: str, actor: Actor, at: datetime) -> Call:
    """Give everybody more time, also after the deadline; a deadline is never brought forward."""
    call = queries.held_call(session, call_id, actor)
    now = clock.after_lock(session)
    settle(session, call=call, actor=actor, at=now)
    if not reason.strip():
        raise DomainError("demand-reason-missing")
    if deadline <= call.deadline or deadline <= now:
        raise DomainError("demand-deadline-not-later", deadline=call.deadline)
    if call.state is not CallState.COLLECTING:
        call.state = CALL_FLOW.after(call.state, CallAction.REOPEN)
    before = call.deadline
    call.deadline = deadline
    call.reminded = reminder(deadline, None, at)
    _tell_hospitals(session, call, "demand-extended", at, reason=reason)
    facts = {"changed": {"deadline": [before, deadline]}, "reason": reason}
    record(session, Tag.DEMAND_EXTENDED, call, actor, at, facts)
    return call


def void_call(session: Session, *, call_id: int, reason: str, actor: Actor, at: datetime) -> Call:
    """Give a collection up; nothing in it counts any more."""
    call = queries.held_call(session, call_id, actor)
    settle(session, call=call, actor=actor, at=at)
    if not reason.strip():
        raise DomainError("demand-reason-missing")
    told = call.state is not CallState.DRAFT
    call.state = CALL_FLOW.after(call.state, CallAction.VOID)
    if told:
        _tell_hospitals(session, call, "demand-voided", at, reason=reason)
    record(session, Tag.DEMAND_VOIDED, call, actor, at, {"reason": reason})
    return call


def settle(session: Session, *, call: Call, actor: Actor, at: datetime) -> None:
    """Write down that the deadline has passed. The state follows from the time in any case."""
    if settled(call.state, call.deadline, at) is call.state:
        return
    call.state = CALL_FLOW.after(call.state, CallAction.CLOSE)
    record(session, Tag.DEMAND_CLOSED, call, actor, at, {"deadline": call.deadline})


def settle_due(session: Session, *, at: datetime) -> int:
    """Write down every passed deadline; return how many."""
    found = queries.due(session, at)
    for call in found:
        held = queries.held_call(session, call.id, SYSTEM)
        settle(session, call=held, actor=SYSTEM, at=clock.after_lock(session))
        notify(
            session, code="demand-closed", facts=_facts(held), at=at, url=f"/procurement/demand/{held.id}",
            roles=(Role.AGENCY_OFFICER, Role.AGENCY_REVIEWER),
        )  # fmt: skip
    return len(found)


def remind_due(session: Session, *, at: datetime) -> int:
    """Remind those who have not submitted, once at each distance; return how many collections.

    A report that was given a moment of its own is reminded of that moment, not of the collection's deadline.
    """
    own = report_queries.with_own_moment(session, at)
    count = 0
    for call in queries.collecting(session, at):
        hours = reminder(call.deadline, call.reminded, at)
        if hours is None:
            continue
        call.reminded = hours
        later = {report.hospital_id for other, report in own if other.id == call.id}
        missing = [each for each in report_queries.not_submitted(session, call.id) if each not in later]
        remind(session, call, missing, call.deadline, hours, at)
        record(session, Tag.DEMAND_REMINDED, call, SYSTEM, at, {"hours": hours, "hospitals": len(missing)})
        count += 1
    _remind_own(session, own, at)
    return count


def _remind_own(session: Session, own: Sequence[tuple[Call, Report]], at: datetime) -> None:
    for call, report in own:
        due_at = report.due_at or call.deadline
        hours = reminder(due_at, report.reminded, at)
        if hours is None:
            continue
        # past the version: a page that is open on the report must not find it changed
        session.execute(update(Report).where(Report.id == report.id).values(reminded=hours))
        remind(session, call, [report.hospital_id], due_at, hours, at)
        record(session, Tag.DEMAND_REMINDED, report, SYSTEM, at, {"hours": hours, "deadline": due_at})


def remind(
    session: Session, call: Call, organisations: Sequence[int], closes: datetime, hours: int, at: datetime
) -> None:
    """Tell organisations that their report closes soon; 0 hours is a reminder by hand."""
    if organisations:
        code = "demand-reminder" if hours else "demand-nudge"
        facts = {**_facts(call), "deadline": _shown(closes), "hours": hours}
        notify(
            session, code=code, facts=facts, organisations=organisations, roles=REPORTERS, url=_report_url(call), at=at
        )


def must_be_draft(call: Call) -> None:
    """Refuse what can be done to a draft only."""
    if call.state is not CallState.DRAFT:
        raise Conflict("demand-already-started", code=call.code)


def must_be_current(version: int | None, current: int) -> None:
    """Refuse a save that was made from an older version; None trusts the caller."""
    if version is not None and version != current:
        raise Conflict("changed-meanwhile", version=version, current=current)


def _must_be_ahead(deadline: datetime, at: datetime) -> None:
    if deadline <= at:
        raise DomainError("demand-deadline-past", deadline=deadline)


def _tell_hospitals(session: Session, call: Call, code: str, at: datetime, **facts: Any) -> None:
    everyone = [*queries.hospital_ids(session), *session.scalars(joined.members(call.id))]
    if everyone:
        notify(
            session, code=code, facts={**_facts(call), **facts}, organisations=everyone, roles=REPORTERS,
            url=_report_url(call), at=at,
        )  # fmt: skip


def _facts(call: Call) -> dict[str, Any]:
    return {"code": call.code, "title": call.title, "deadline": _shown(call.deadline)}


def _shown(moment: datetime) -> str:
    return f"{clock.beijing(moment):%Y-%m-%d %H:%M:%S}"


def _report_url(call: Call) -> str:
    return f"/procurement/demand/{call.id}/report"
