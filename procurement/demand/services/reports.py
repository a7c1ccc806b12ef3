"""A hospital's report: saved, submitted, taken back; returned or accepted by the agency."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kernel import clock
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import Role
from kernel.columns import canonical
from kernel.db import insert_rows
from kernel.errors import Conflict, DomainError, FileRefused, Issue, NotFound
from kernel.notices.services import notify
from procurement.demand.flow import (
    EDITABLE,
    OPEN,
    REPORT_FLOW,
    ReportAction,
    ReportState,
    closes_at,
)
from procurement.demand.joining import queries as joining
from procurement.demand.models import Call, Report, ReportLine
from procurement.demand.queries import calls as call_queries
from procurement.demand.queries import lots as lot_queries
from procurement.demand.queries import reports as queries
from procurement.demand.rules import Asked, Odd, Place, faults, odd_lines, reminder
from procurement.demand.services.calls import must_be_current
from procurement.tags import Tag

LISTED = 200


class TooLate(Conflict):
    """The deadline has passed; `deadline` says which."""

    code = "demand-too-late"


class LinesRefused(FileRefused):
    """Lines that can't be taken; `issues` says everything that is wrong with them."""

    code = "demand-lines-refused"


class ConfirmFirst(DomainError):
    """The report holds something odd that nobody has confirmed yet."""

    code = "demand-confirm-first"


def save_report(
    session: Session, *, call_id: int, lines: Sequence[Asked], cleared: Collection[tuple[int, int]] = (),
    version: int | None = None, unread: Sequence[Issue] = (), source: Mapping[str, Any] | None = None, actor: Actor,
    at: datetime,
) -> Report:  # fmt: skip
    """Keep lines in the draft of the actor's hospital; lines that are not named stay, those in `cleared` go.

    `version` is the report's version the lines were made from (0: none yet), None trusts the caller; `unread` are the
    cells that could not be read, told together with what is wrong in the others.
    """
    call, report, now = held(session, call_id, actor)
    must_be_current(version, report.version if report else 0)
    known = lot_queries.places(session, call=call, hospital_id=own_hospital(actor))
    places = {place.specification_id: place for place in known}
    if issues := [*unread, *faults(lines, places)]:
        raise LinesRefused(issues)
    report = report or begun(session, call, own_hospital(actor), now)
    after, changes = write(session, report, lines, cleared, places)
    if changes:
        report.saved_at = report.told_at = now
        facts = {"lines": len(after), "changed": len(changes), "changes": changes[:LISTED], **(source or {})}
        record(session, Tag.REPORT_SAVED, report, actor, at, facts)
    return report


def begun(session: Session, call: Call, hospital_id: int, now: datetime) -> Report:
    """Open a hospital's report."""
    report = Report(call_id=call.id, hospital_id=hospital_id, saved_at=now, state=ReportState.DRAFT)
    report.told_at = now  # by the event of whoever opens it
    session.add(report)
    session.flush()  # its lines need the id
    return report


def _changes(before: Mapping[Any, Asked], after: Mapping[Any, Asked]) -> list[list[Any]]:
    return [
        [*key, _value(before.get(key)), _value(after.get(key))]
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]


def _value(line: Asked | None) -> list[Any] | None:
    return [line.quantity, line.reason] if line else None


def write(
    session: Session, report: Report, lines: Sequence[Asked], cleared: Collection[tuple[int, int]],
    places: Mapping[int, Place],
) -> tuple[dict[tuple[int, int], Asked], list[list[Any]]]:  # fmt: skip
    """Put lines into a report and take the cleared ones out; return all its lines now, and what changed."""
    before = {line.key: line for line in queries.asked(session, report.id)}
    after = {key: line for key, line in before.items() if key not in cleared} | {line.key: line for line in lines}
    changes = _changes(before, after)
    if changes:
        touched = {specification for specification, *_rest in changes}
        _rewrite(session, report, [after[key] for key in sorted(after) if key[0] in touched], touched, places)
    return after, changes


def _rewrite(
    session: Session, report: Report, rows: Sequence[Asked], touched: Collection[int], places: Mapping[int, Place]
) -> None:
    """Write the lines of the touched specifications anew."""
    condition = ReportLine.report_id == report.id
    session.execute(delete(ReportLine).where(condition, ReportLine.specification_id.in_(touched)))
    if rows:
        columns: dict[str, list[Any]] = {
            "report_id": [report.id] * len(rows), "lot_id": [places[row.specification_id].lot_id for row in rows],
            "specification_id": [row.specification_id for row in rows], "company_id": [row.company_id for row in rows],
            "quantity": [row.quantity for row in rows], "reason": [row.reason for row in rows],
        }  # fmt: skip
        insert_rows(session, ReportLine.__table__, columns=columns)
    session.expire(report, ["lines"])


def submit(
    session: Session, *, call_id: int, confirmed: bool = False, version: int | None = None, actor: Actor, at: datetime
) -> Report:
    """Hand the saved report in. Odd lines need a confirmation; a report without lines says "no demand"."""
    call, report, now = held(session, call_id, actor)
    must_be_current(version, report.version if report else 0)
    report = report or begun(session, call, own_hospital(actor), now)
    odd = odd_of(session, call=call, hospital_id=report.hospital_id, report=report)
    if odd and not confirmed:
        raise ConfirmFirst(count=len(odd))
    report.state = REPORT_FLOW.after(report.state, ReportAction.SUBMIT)
    report.submitted_at, report.submitted_by_id = now, actor.user_id
    report.reviewed_at = report.reviewed_by_id = None
    lines = queries.asked(session, report.id)
    facts = {"lines": len(lines), "digest": digest(lines), "odd": [each.issue.code for each in odd]}
    record(session, Tag.REPORT_SUBMITTED, report, actor, at, facts)
    return report


def digest(lines: Iterable[Asked]) -> str:
    """Return the SHA-256 of a report's lines in their order of places: what an event pins without listing them."""
    rows = [
        [*line.key, format(line.quantity.normalize(), "f"), line.reason]
        for line in sorted(lines, key=lambda line: line.key)
    ]
    return hashlib.sha256(canonical(rows).encode()).hexdigest()


def odd_of(session: Session, *, call: Call, hospital_id: int, report: Report | None) -> list[Odd]:
    """Return what in a hospital's report should be looked at."""
    places = lot_queries.places(session, call=call, hospital_id=hospital_id)
    return odd_lines(queries.asked(session, report.id if report else None), places)


def recall(session: Session, *, call_id: int, actor: Actor, at: datetime) -> Report:
    """Take a submitted report back to correct it, before the deadline and before anybody reviewed it."""
    _, report, _ = held(session, call_id, actor, editing=False)
    if report is None:
        raise NotFound(call=call_id)
    report.state = REPORT_FLOW.after(report.state, ReportAction.RECALL)
    record(session, Tag.REPORT_RECALLED, report, actor, at)
    return report


def return_(
    session: Session, *, report_id: int, reason: str, due_at: datetime | None = None, version: int | None = None,
    actor: Actor, at: datetime,
) -> Report:  # fmt: skip
    """Return a report with a reason; after the deadline the hospital needs a moment of its own until when."""
    call, report, now = _reviewed(session, report_id, version, actor)
    state = REPORT_FLOW.after(report.state, ReportAction.RETURN)
    if not reason.strip():
        raise DomainError("demand-reason-missing")
    if closes_at(call.deadline, due_at) <= now:
        raise DomainError("demand-return-needs-time")
    report.state, report.review_note, report.due_at = state, reason.strip(), due_at
    report.reminded = reminder(closes_at(call.deadline, due_at), None, now)  # the return itself says until when
    report.reviewed_at, report.reviewed_by_id = now, actor.user_id
    until = f"{clock.beijing(closes_at(call.deadline, due_at)):%Y-%m-%d %H:%M:%S}"
    notify(
        session, code="demand-report-returned", organisations=(report.hospital_id,), at=at,
        roles=(Role.PHARMACIST, Role.PHARMACY),
        facts={"code": call.code, "title": call.title, "reason": reason.strip(), "until": until},
        url=f"/procurement/demand/{call.id}/report",
    )  # fmt: skip
    record(session, Tag.REPORT_RETURNED, report, actor, at, {"reason": reason.strip(), "due_at": due_at})
    return report


def accept(session: Session, *, report_id: int, version: int | None = None, actor: Actor, at: datetime) -> Report:
    """Accept a report; never by the person who submitted it."""
    call, report, now = _reviewed(session, report_id, version, actor)
    state = REPORT_FLOW.after(report.state, ReportAction.ACCEPT)
    if report.submitted_by_id is not None and report.submitted_by_id == actor.user_id:
        raise DomainError("demand-own-report")
    report.state, report.review_note = state, ""
    report.reviewed_at, report.reviewed_by_id = now, actor.user_id
    record(session, Tag.REPORT_ACCEPTED, report, actor, at, {"code": call.code})
    return report


def own_hospital(actor: Actor) -> int:
    """Return the hospital, or the pharmacy that takes part, the actor reports for, or NotFound."""
    if actor.organisation_id is None or not actor.buys:
        raise NotFound()
    return actor.organisation_id


def held(session: Session, call_id: int, who: Actor, *, editing: bool = True) -> tuple[Call, Report | None, datetime]:
    """Lock the collection (shared) and the hospital's report, then read the clock; refuse what is late or closed.

    Those who are not asked join first.
    """
    hospital = own_hospital(who)
    call = call_queries.held_call(session, call_id, who, shared=True)
    report = queries.held_report_of(session, call_id=call_id, hospital_id=hospital)
    now = clock.after_lock(session)
    if call.state not in OPEN:
        raise Conflict("demand-not-collecting", code=call.code)
    closes = closes_at(call.deadline, report.due_at if report else None)
    if now >= closes:
        raise TooLate(deadline=f"{clock.beijing(closes):%Y-%m-%d %H:%M:%S}")
    if joining.is_missing(session, call_id=call.id, organisation_id=hospital):
        raise Conflict("demand-join-first", code=call.code)
    if editing and report is not None and report.state not in EDITABLE:
        raise Conflict("demand-already-submitted", code=call.code)
    return call, report, now


def _reviewed(session: Session, report_id: int, version: int | None, actor: Actor) -> tuple[Call, Report, datetime]:
    """Lock the collection (shared) and a report that the agency decides on."""
    found = queries.one_report(session, report_id, actor)
    call = call_queries.held_call(session, found.call_id, actor, shared=True)
    report = queries.held_report(session, report_id, actor)
    must_be_current(version, report.version)
    now = clock.after_lock(session)
    if call.state not in OPEN:
        raise Conflict("demand-not-collecting", code=call.code)
    return call, report, now
