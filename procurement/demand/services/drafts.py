"""Drafts that save themselves: what can be taken is kept, what can't is told, and the audit chain is not flooded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.errors import Issue
from procurement.demand.models import Report
from procurement.demand.queries import lots as lot_queries
from procurement.demand.rules import POLICY, Asked, fault
from procurement.demand.services.calls import must_be_current
from procurement.demand.services.reports import begun, digest, held, own_hospital, write
from procurement.tags import Tag


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft as it stands after it saved itself (None: not begun), and the places that could not be taken."""

    report: Report | None
    refused: dict[tuple[int, int], Issue] = field(default_factory=dict)


def keep_draft(
    session: Session, *, call_id: int, version: int, lines: Sequence[Asked], cleared: Collection[tuple[int, int]] = (),
    actor: Actor, at: datetime,
) -> Kept:  # fmt: skip
    """Keep the lines that can be taken. Events say at most every ten minutes what a draft holds: its digest.

    Not every keystroke is an act; handing the report in is, and its event carries the digest of what was handed in.
    """
    call, report, now = held(session, call_id, actor)
    must_be_current(version, report.version if report else 0)
    known = lot_queries.places(session, call=call, hospital_id=own_hospital(actor))
    places = {place.specification_id: place for place in known}
    wrong = {line.key: fault(line, places.get(line.specification_id)) for line in lines}
    refused = {key: Issue(code, facts=facts) for key, (code, facts) in wrong.items() if code}
    good = [line for line in lines if line.key not in refused]
    if not good and report is None:
        return Kept(None, refused)
    fresh, report = report is None, report or begun(session, call, own_hospital(actor), now)
    after, changes = write(session, report, good, cleared, places)
    if changes:
        report.saved_at = now
        pause = timedelta(minutes=int(POLICY.value("autosave.told_minutes")))
        if fresh or report.told_at is None or now - report.told_at >= pause:
            report.told_at = now
            facts = {"lines": len(after), "digest": digest(after.values())}
            record(session, Tag.REPORT_DRAFTED, report, actor, at, facts)
    session.flush()  # the answer needs the version that this change gives it
    return Kept(report, refused)
