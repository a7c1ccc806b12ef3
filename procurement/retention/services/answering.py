"""Hospitals confirm or dispute line by line; the agency answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import Role
from kernel.clock import after_lock
from kernel.errors import Conflict, Forbidden, Invalid, Issue
from kernel.files.services import keep
from kernel.notices.services import notify
from procurement.retention.flow import RUN_FLOW, DisputeState, LineState, RunAction, Term
from procurement.retention.models.runs import LineDispute, RetentionRun, RunLine
from procurement.retention.queries import lines, runs
from procurement.tags import Tag

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that goes with a dispute."""

    name: str
    content: bytes


def confirm(session: Session, *, run_id: int, line_ids: Sequence[int] | None, actor: Actor, at: datetime) -> int:
    """Confirm lines of one's own hospital, None: all that are open; return how many."""
    run = _heard(session, run_id, actor)
    chosen = [RunLine.run_id == run.id, RunLine.hospital_id == actor.organisation_id, RunLine.state == LineState.OPEN]
    if line_ids is not None:
        chosen.append(RunLine.id.in_(line_ids))
    count: int = session.execute(update(RunLine).where(*chosen).values(state=LineState.CONFIRMED)).rowcount  # type: ignore[attr-defined]  # an update counts rows
    record(session, Tag.RETENTION_CONFIRMED, run, actor, at, {"lines": count, "hospital": actor.organisation_id})
    return count


def dispute(
    session: Session, *, line_id: int, term: Term, text: str, evidence: Sequence[Evidence], actor: Actor, at: datetime
) -> LineDispute:
    """Dispute one number of a line, with evidence."""
    line = lines.one(session, line_id, actor)
    run = _heard(session, line.run_id, actor)
    session.refresh(line)
    if line.state is LineState.DISPUTED:
        raise Conflict("retention-disputed-already")
    if line.state is LineState.DECIDED:
        raise Conflict("retention-decided-already")
    if not text.strip() or len(text.strip()) > LONGEST:
        raise Invalid({"text": Issue("text-too-long", facts={"most": LONGEST}) if text.strip() else Issue("needed")})
    made = LineDispute(line_id=line.id, term=term, text=text.strip(), asked_by_id=actor.user_id, asked_at=at)
    session.add(made)
    line.state = LineState.DISPUTED
    session.flush()  # its evidence names its id
    for one in evidence:
        keep(
            session, parent_kind="retention_dispute", parent_id=made.id, name=one.name, content=one.content,
            actor=actor, at=at, field="evidence",
        )  # fmt: skip
    told = {"line": line.id, "term": term.value, "text": made.text, "files": len(evidence)}
    record(session, Tag.RETENTION_DISPUTED, made, actor, at, told)
    facts = {"hospital": line.hospital.name, "variety": line.lot.variety.name}
    roles = (Role.AGENCY_OFFICER, Role.AGENCY_REVIEWER)
    notify(session, code="retention-disputed", facts=facts, roles=roles, url=_url(line.id), at=at)
    assert run.sent_at is not None  # only a run that was sent is heard
    return made


def decide(session: Session, *, dispute_id: int, granted: bool, answer: str, actor: Actor, at: datetime) -> LineDispute:
    """Grant a dispute (what went in is then corrected and the run computed anew) or refuse it, with the reason."""
    found = lines.dispute(session, dispute_id, actor)
    line = lines.one(session, found.line_id, actor)
    run = runs.held(session, line.run_id, actor)
    RUN_FLOW.after(run.state, RunAction.HEAR)
    session.refresh(found, with_for_update=True)
    if found.state is not DisputeState.ASKED:
        raise Conflict("retention-decided-already")
    if not answer.strip():
        raise Invalid({"answer": Issue("needed")})
    found.state = DisputeState.GRANTED if granted else DisputeState.REFUSED
    found.answer, found.decided_by_id, found.decided_at = answer.strip()[:LONGEST], actor.user_id, at
    line.state = LineState.DECIDED
    told = {"line": line.id, "granted": granted, "answer": found.answer}
    record(session, Tag.RETENTION_DECIDED, found, actor, at, told)
    code = "retention-granted" if granted else "retention-refused"
    facts = {"variety": line.lot.variety.name}
    notify(session, code=code, facts=facts, organisations=[line.hospital_id], url=_url(line.id), at=at)
    return found


def _url(line_id: int) -> str:
    return f"/procurement/retention/lines/{line_id}"


def _heard(session: Session, run_id: int, actor: Actor) -> RetentionRun:
    """Return a run, locked, to which the actor's hospital may still say something."""
    run = runs.held(session, run_id, actor)
    if actor.organisation_id is None or actor.runs_platform:
        raise Forbidden
    RUN_FLOW.after(run.state, RunAction.HEAR)
    if run.confirm_by is None or after_lock(session) >= run.confirm_by:
        raise Conflict("retention-too-late")
    return run
