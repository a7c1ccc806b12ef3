"""Score hospitals and exempt lines of a run that is being prepared; only what they touch is figured anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.db import batches
from kernel.errors import Conflict, Invalid, Issue
from kernel.money import from_whole, places, to_whole
from kernel.policy import Parameters
from kernel.sets import add, among
from procurement.retention.figuring.rules import F, N, figures, k_of
from procurement.retention.flow import RUN_FLOW, Exempting, Indicator, RunAction, RunState, Scored
from procurement.retention.models.inputs import Exemption
from procurement.retention.models.runs import Points, RetentionRun, RunLine, RunShare
from procurement.retention.queries import lines, runs
from procurement.retention.queries.earlier import INPUTS, wholes
from procurement.retention.scoring.rules import total, weights
from procurement.retention.services.computing import TOGETHER
from procurement.retention.services.keeping import added
from procurement.tags import Tag

CHANGED = ("score", "k", "retained", "earlier")
"""What of a line a score or an exemption changes: its budget, spend and base stay."""
OPEN = frozenset({RunState.DRAFT, RunState.SENT, RunState.PUBLISHED})


def score(
    session: Session, *, run_id: int, hospitals: Sequence[int] | None, indicator: Indicator, points: Decimal,
    source: Scored, reason: str, actor: Actor, at: datetime,
) -> RetentionRun:  # fmt: skip
    """Give hospitals points for an indicator, at the desk or on site; None: all that have none yet."""
    run = runs.held(session, run_id, actor)
    run.state = RUN_FLOW.after(run.state, RunAction.ASSESS)
    _must_be_points(indicator, points, source, reason, weights(lines.parameters(run)).get(indicator))
    chosen = [Points.run_id == run.id, Points.indicator == indicator]
    chosen.append(Points.points.is_(None) if hospitals is None else among(Points.hospital_id, hospitals))
    touched = session.scalars(select(Points.hospital_id).where(*chosen).order_by(Points.hospital_id)).all()
    given = {"points": points, "source": source, "reason": reason.strip()}
    session.execute(update(Points).where(*chosen).values(given))
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
    """Add the points of hospitals up again."""
    query = select(Points.hospital_id, Points.points).where(Points.run_id == run.id)
    found: dict[int, list[Decimal | None]] = defaultdict(list)
    for hospital, given in session.execute(query.where(among(Points.hospital_id, hospitals))):
        found[hospital].append(given)
    for share in _shares(session, run, hospitals).values():
        share.score, share.scored = total(found[share.hospital_id])


def _shares(session: Session, run: RetentionRun, hospitals: Sequence[int]) -> dict[int, RunShare]:
    query = select(RunShare).where(RunShare.run_id == run.id, among(RunShare.hospital_id, hospitals))
    return {share.hospital_id: share for share in session.scalars(query)}


def refigure(session: Session, run: RetentionRun, hospitals: Sequence[int]) -> None:
    """Figure the lines of hospitals anew from what was kept, and add up again."""
    shares, held = _shares(session, run, hospitals), lines.parameters(run)
    for some in batches(hospitals, TOGETHER):
        for hospital, sums in _refigured(session, run, {each: shares[each].score for each in some}, held):
            share = shares[hospital]
            for name, fen in sums.items():
                amount = from_whole(fen, N)
                setattr(run, name, getattr(run, name) + amount - getattr(share, name))
                setattr(share, name, amount)
    session.flush()
    session.expire_all()  # the bulk path went past the identity map


def _refigured(
    session: Session, run: RetentionRun, scores: Mapping[int, Decimal], held: Parameters
) -> Iterator[tuple[int, dict[str, int]]]:  # fmt: skip
    """Write the score, k and what is retained of hospitals' lines where they changed; return the hospitals' sums."""
    names = (*INPUTS, *CHANGED)
    query = select(RunLine.id, RunLine.hospital_id, *wholes(RunLine, names)).where(
        RunLine.run_id == run.id, among(RunLine.hospital_id, scores)
    )
    by_hospital: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        by_hospital[row.hospital_id].append(row)
    more: list[tuple[int, ...]] = []
    for hospital, rows in by_hospital.items():
        score = to_whole(scores[hospital], F)
        done = list(figures(rows, k_of(scores[hospital], held), held))
        steps = (
            (row.id, score - row.score, one.k - row.k, one.retained - row.retained, one.earlier - row.earlier)
            for row, one in zip(rows, done, strict=True)
        )
        more += [step for step in steps if any(step[1:])]
        yield hospital, added(done)
    if more:
        ids, *columns = zip(*more, strict=True)
        add(session, RunLine.__table__, ids=ids, more=dict(zip(CHANGED, columns, strict=True)), whole=True)


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
    known = session.scalars(lines.exemption(line)).one_or_none()
    made = known or Exemption(hospital_id=line.hospital_id, lot_id=line.lot_id, year=run.year)
    made.cause, made.reason, made.by_id, made.at = cause, reason.strip(), actor.user_id, at
    session.add(made)
    session.flush()  # the audit event names its id
    if run.state is RunState.DRAFT:
        line.exempt = True
        _shares(session, run, [line.hospital_id])[line.hospital_id].digest = ""  # it was over other inputs
        refigure(session, run, [line.hospital_id])
    told = {"run": run.id, "line": line.id, "cause": cause.value, "reason": made.reason}
    record(session, Tag.RETENTION_EXEMPTED, made, actor, at, told)
    return made
