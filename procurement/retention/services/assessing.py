"""Score hospitals and exempt lines of a run that is being prepared; only what they touch is figured anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.audit.tags import Tag
from kernel.auth.actor import Actor
from kernel.errors import Conflict, Invalid, Issue
from kernel.money import places
from procurement.retention.figuring.rules import figures
from procurement.retention.flow import RUN_FLOW, Exempting, Indicator, RunAction, RunState, Scored
from procurement.retention.models.inputs import Exemption
from procurement.retention.models.runs import Points, RetentionRun, RunLine, RunShare
from procurement.retention.queries import lines, runs
from procurement.retention.scoring.rules import total, weights
from procurement.retention.services.computing import SUMS, of_hospital

OPEN = frozenset({RunState.DRAFT, RunState.SENT, RunState.PUBLISHED})


def score(
    session: Session, *, run_id: int, hospitals: Sequence[int] | None, indicator: Indicator, points: Decimal,
    source: Scored, reason: str, actor: Actor, at: datetime,
) -> RetentionRun:  # fmt: skip
    """Give hospitals points for an indicator, at the desk or on site; None: all that have none yet."""
    run = runs.held(session, run_id, actor)
    run.state = RUN_FLOW.after(run.state, RunAction.ASSESS)
    _must_be_points(indicator, points, source, reason, weights(lines.parameters(run)).get(indicator))
    query = select(Points).where(Points.run_id == run.id, Points.indicator == indicator)
    query = query.where(Points.points.is_(None) if hospitals is None else Points.hospital_id.in_(hospitals))
    rows = session.scalars(query).all()
    for row in rows:
        row.points, row.source, row.reason = points, source, reason.strip()
    session.flush()  # the scores are added up from them
    touched = [row.hospital_id for row in rows]
    _rescore(session, run, touched)
    refigure(session, run, touched)
    told = {"indicator": indicator.value, "points": points, "source": source.value, "reason": reason.strip(),
            "hospitals": touched}  # fmt: skip
    record(session, Tag.RETENTION_SCORED, run, actor, at, told)
    return run


def _must_be_points(
    indicator: Indicator, points: Decimal, source: Scored, reason: str, weight: Decimal | None
) -> None:  # fmt: skip
    wrong = {}
    if weight is None or not 0 <= points <= weight or places(points) > 2:
        wrong["points"] = Issue("retention-points", facts={"most": weight or 0})
    if not reason.strip():
        wrong["reason"] = Issue("needed")
    if source is Scored.LEDGER:
        wrong["source"] = Issue("unknown-choice", value=source.value)
    if wrong:
        raise Invalid(wrong)


def _rescore(session: Session, run: RetentionRun, hospitals: Sequence[int]) -> None:
    query = select(Points).where(Points.run_id == run.id, Points.hospital_id.in_(hospitals))
    found: dict[int, list[Decimal | None]] = {}
    for row in session.scalars(query):
        found.setdefault(row.hospital_id, []).append(row.points)
    shares = select(RunShare).where(RunShare.run_id == run.id, RunShare.hospital_id.in_(hospitals))
    for share in session.scalars(shares):
        share.score, share.scored = total(found[share.hospital_id])


def refigure(session: Session, run: RetentionRun, hospitals: Sequence[int]) -> None:
    """Figure the lines of hospitals anew from what was kept, and add up again."""
    shares = select(RunShare).where(RunShare.run_id == run.id, RunShare.hospital_id.in_(hospitals))
    held = {share.hospital_id: share for share in session.scalars(shares)}
    query = select(RunLine).where(RunLine.run_id == run.id, RunLine.hospital_id.in_(hospitals))
    rows = session.scalars(query).all()
    by_hospital: dict[int, list[RunLine]] = {}
    for row in rows:
        row.score = held[row.hospital_id].score
        by_hospital.setdefault(row.hospital_id, []).append(row)
    for row, one in zip(rows, figures(map(lines.line_of, rows), lines.parameters(run)), strict=True):
        row.k = one.k
        for name in SUMS:
            setattr(row, name, getattr(one, name))
    for hospital, each in by_hospital.items():
        sums, share = of_hospital(each), held[hospital]
        for name in SUMS:
            setattr(run, name, getattr(run, name) + sums[name] - getattr(share, name))
            setattr(share, name, sums[name])


def exempt(
    session: Session, *, line_id: int, cause: Exempting, reason: str, actor: Actor, at: datetime
) -> Exemption:  # fmt: skip
    """Record that a missed agreed volume does not count: in this version while it is a draft, else in the next."""
    line = lines.one(session, line_id, actor)
    run = runs.held(session, line.run_id, actor)
    if run.state not in OPEN:
        raise Conflict("wrong-state", state=run.state, action=RunAction.ASSESS)
    if not reason.strip():
        raise Invalid({"reason": Issue("needed")})
    known = lines.sources(session, line).exemption
    made = known or Exemption(hospital_id=line.hospital_id, lot_id=line.lot_id, year=run.year)
    made.cause, made.reason, made.by_id, made.at = cause, reason.strip(), actor.user_id, at
    session.add(made)
    session.flush()  # the audit event names its id
    if run.state is RunState.DRAFT:
        line.exempt = True
        refigure(session, run, [line.hospital_id])
    told = {"run": run.id, "line": line.id, "cause": cause.value, "reason": made.reason}
    record(session, Tag.RETENTION_EXEMPTED, made, actor, at, told)
    return made
