"""Runs as their readers may see them: those who run the platform all, a hospital those it was asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, exists, false, func, select
from sqlalchemy.orm import Session, joinedload

from kernel.auth.actor import Actor
from kernel.errors import Conflict, NotFound
from kernel.parties.codes import OrganisationKind
from kernel.parties.regions import prefix
from procurement.agreements.models import Agreement
from procurement.retention.flow import DisputeState, Indicator, LineState, RunState, Scored
from procurement.retention.models.runs import LineDispute, Points, RetentionRun, RunLine, RunShare
from procurement.rounds.flow import RoundState
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round


def visible(actor: Actor) -> Select[RetentionRun]:
    """Return the runs an actor may see."""
    query = select(RetentionRun)
    if actor.runs_platform:
        return query
    if actor.organisation_kind is not OrganisationKind.HOSPITAL:
        return query.where(false())
    own = exists().where(RunShare.run_id == RetentionRun.id, RunShare.hospital_id == actor.organisation_id)
    return query.where(RetentionRun.sent_at.is_not(None), own)


def listing(actor: Actor, *, state: RunState | None = None, area: str = "") -> Select[RetentionRun]:
    """Return the query of the list, the latest first."""
    query = visible(actor).options(
        joinedload(RetentionRun.round), joinedload(RetentionRun.area), joinedload(RetentionRun.rules)
    )
    if state is not None:
        query = query.where(RetentionRun.state == state)
    if area:
        query = query.where(RetentionRun.area_code == area)
    return query.order_by(RetentionRun.id.desc())


def asked(parts: Mapping[str, str]) -> dict[str, Any]:
    """Return the filter of the list from the parts of its address."""
    state = parts.get("state", "")
    return {"state": RunState(state) if state in set(RunState) else None, "area": parts.get("area", "")[:6]}


def one(session: Session, run_id: int, actor: Actor) -> RetentionRun:
    """Return a run, or NotFound."""
    query = visible(actor).where(RetentionRun.id == run_id)
    found = session.scalars(query.options(joinedload(RetentionRun.round), joinedload(RetentionRun.area))).one_or_none()
    if found is None:
        raise NotFound(run=run_id)
    return found


def held(session: Session, run_id: int, actor: Actor) -> RetentionRun:
    """Return a run with its row locked, read anew, or NotFound."""
    query = visible(actor).where(RetentionRun.id == run_id).with_for_update(of=RetentionRun)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(run=run_id)
    return found


def last(session: Session, round_id: int, year: int, area_code: str) -> RetentionRun | None:
    """Return the latest version of a run, its row locked."""
    query = select(RetentionRun).where(
        RetentionRun.round_id == round_id, RetentionRun.year == year, RetentionRun.area_code == area_code
    )
    query = query.order_by(RetentionRun.number.desc()).limit(1).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def given_points(session: Session, run: RetentionRun) -> dict[tuple[int, Indicator], Points]:
    """Return the points that people gave in a run."""
    query = select(Points).where(Points.run_id == run.id, Points.source != Scored.LEDGER)
    return {(row.hospital_id, row.indicator): row for row in session.scalars(query)}


def _disputes(run: RetentionRun, state: DisputeState) -> Select[int]:
    query = select(LineDispute.line_id).join(RunLine, RunLine.id == LineDispute.line_id)
    return query.where(RunLine.run_id == run.id, LineDispute.state == state)


def granted(session: Session, run: RetentionRun) -> frozenset[int]:
    """Return the lines of which a dispute was granted."""
    return frozenset(session.scalars(_disputes(run, DisputeState.GRANTED)))


def must_be_settled(session: Session, run: RetentionRun) -> None:
    """Refuse while a dispute waits for its answer."""
    waits = session.scalars(_disputes(run, DisputeState.ASKED)).all()
    if waits:
        raise Conflict("retention-disputes-open", count=len(waits))


def must_be_alone(session: Session, run: RetentionRun) -> None:
    """Refuse where hospitals of the run's area were asked about the same year by a run of an area around or in it.

    Locks the round, so that of two such runs one is sent at most.
    """
    session.execute(select(Round.id).where(Round.id == run.round_id).with_for_update())
    query = select(RetentionRun).where(
        RetentionRun.round_id == run.round_id, RetentionRun.year == run.year,
        RetentionRun.area_code != run.area_code, RetentionRun.state.not_in((RunState.DRAFT, RunState.REPLACED)),
    )  # fmt: skip
    for other in session.scalars(query.options(joinedload(RetentionRun.area))):
        parts = prefix(other.area_code), prefix(run.area_code)
        if parts[0].startswith(parts[1]) or parts[1].startswith(parts[0]):
            raise Conflict("retention-overlap", area=other.area.name, number=other.number)


def bought(session: Session) -> Sequence[tuple[Round, int]]:
    """Return the rounds that have agreements, each with its agreement years, newest first."""
    query = (
        select(Round, Agreement.year)
        .join(Award, Award.round_id == Round.id)
        .join(Agreement, Agreement.award_id == Award.id)
        .where(Round.state == RoundState.AWARDED)
        .distinct()
    )
    found = {(round_.id, year): (round_, year) for round_, year in session.execute(query)}
    return [found[key] for key in sorted(found, reverse=True)]


def waiting(session: Session, actor: Actor, at: datetime) -> Sequence[RetentionRun]:
    """Return the runs to which the actor's hospital still has to say something, the nearest hour first."""
    open_ = exists().where(
        RunLine.run_id == RetentionRun.id, RunLine.hospital_id == actor.organisation_id, RunLine.state == LineState.OPEN
    )
    query = visible(actor).where(RetentionRun.state == RunState.SENT, RetentionRun.confirm_by > at, open_)
    return session.scalars(query.options(joinedload(RetentionRun.round)).order_by(RetentionRun.confirm_by)).all()


@dataclass(frozen=True, slots=True)
class Total:
    """What was retained of a round's agreement year, of the versions in force."""

    round: str
    year: int
    hospitals: int
    base: Decimal
    retained: Decimal


def totals(session: Session, actor: Actor) -> list[Total]:
    """Add up by round and agreement year what the actor may see; versions that were replaced count nothing."""
    sums = [func.sum(column, type_=column.type) for column in (RunShare.base, RunShare.retained)]
    seen = visible(actor).with_only_columns(RetentionRun.id).where(RetentionRun.state != RunState.REPLACED)
    query = (
        select(Round.title, RetentionRun.year, func.count(), *sums)
        .select_from(RunShare)
        .join(RetentionRun, RetentionRun.id == RunShare.run_id)
        .join(Round, Round.id == RetentionRun.round_id)
        .where(RetentionRun.id.in_(seen))
        .group_by(Round.title, RetentionRun.round_id, RetentionRun.year)
        .order_by(RetentionRun.round_id.desc(), RetentionRun.year.desc())
    )
    if not actor.runs_platform:
        query = query.where(RunShare.hospital_id == actor.organisation_id)
    found: Any = session.execute(query)
    return [Total(*row) for row in found]
