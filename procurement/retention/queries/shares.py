"""Hospitals in a run as their readers may see them: those who run the platform all, a hospital itself."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import Numeric, Select, func, select, type_coerce
from sqlalchemy.orm import Session, joinedload

from kernel.auth.actor import Actor
from kernel.errors import NotFound
from kernel.money import round_ratio
from kernel.parties.models import Organisation
from kernel.sets import among
from procurement.demand.models import Lot
from procurement.retention.flow import Indicator, LineState
from procurement.retention.models.runs import Points, RetentionRun, RunLine, RunShare


def listed(run: RetentionRun, actor: Actor, text: str = "") -> Select[RunShare]:
    """Return the query of what each hospital retains by a run, the most first; a hospital sees its own."""
    query = select(RunShare).where(RunShare.run_id == run.id).options(joinedload(RunShare.hospital))
    if not actor.runs_platform:
        query = query.where(RunShare.hospital_id == actor.organisation_id)
    if text:
        named = Organisation.name.contains(text, autoescape=True) | Organisation.code.contains(text, autoescape=True)
        query = query.join(Organisation, Organisation.id == RunShare.hospital_id).where(named)
    return query.order_by(RunShare.retained.desc(), RunShare.hospital_id)


def one(session: Session, run: RetentionRun, hospital_id: int, actor: Actor) -> RunShare:
    """Return what a hospital retains by a run, or NotFound."""
    found = session.scalars(listed(run, actor).where(RunShare.hospital_id == hospital_id)).one_or_none()
    if found is None:
        raise NotFound(hospital=hospital_id)
    return found


def points(session: Session, run: RetentionRun, hospital_id: int) -> dict[Indicator, Points]:
    """Return a hospital's points in a run."""
    query = select(Points).where(Points.run_id == run.id, Points.hospital_id == hospital_id)
    return {row.indicator: row for row in session.scalars(query)}


def said(session: Session, run_id: int, hospitals: Sequence[int] | None = None) -> dict[int, dict[LineState, int]]:
    """Count the lines of a run, or of some hospitals of it, that were answered, by hospital and what was said."""
    query = select(RunLine.hospital_id, RunLine.state, func.count()).where(
        RunLine.run_id == run_id, RunLine.state != LineState.OPEN
    )
    if hospitals is not None:
        query = query.where(among(RunLine.hospital_id, hospitals))
    found: dict[int, dict[LineState, int]] = {}
    for hospital, state, count in session.execute(query.group_by(RunLine.hospital_id, RunLine.state)):
        found.setdefault(hospital, {})[state] = count
    return found


def unscored(session: Session, run: RetentionRun) -> int:
    """Count the hospitals of a run that have an indicator without points."""
    query = select(func.count(RunShare.id)).where(RunShare.run_id == run.id, RunShare.scored.is_(False))
    return session.scalar(query) or 0


def grades(session: Session, run: RetentionRun) -> list[tuple[str, int, Decimal]]:
    """Count a run's hospitals and add up what they retain by grade of the hospital, the most first."""
    kept = func.sum(RunShare.retained, type_=RunShare.retained.type)
    query = select(Organisation.grade, func.count(), kept).join(Organisation, Organisation.id == RunShare.hospital_id)
    found = session.execute(query.where(RunShare.run_id == run.id).group_by(Organisation.grade))
    return sorted(((grade or "—", count, amount) for grade, count, amount in found), key=lambda row: (-row[2], row[0]))


def reporting(session: Session, run: RetentionRun, *, most: bool, count: int = 20) -> Sequence[tuple[RunLine, Decimal]]:
    """Return the lines that used most, or least, of what their hospital had reported, each with that share."""
    share = type_coerce(RunLine.used, Numeric()) / type_coerce(RunLine.q0, Numeric())
    query = select(RunLine).where(RunLine.run_id == run.id, RunLine.q0 > 0)
    query = query.options(joinedload(RunLine.lot).joinedload(Lot.variety), joinedload(RunLine.hospital))
    found = session.scalars(query.order_by(share.desc() if most else share, RunLine.id).limit(count)).unique()
    return [(line, round_ratio(line.used / line.q0)) for line in found]
