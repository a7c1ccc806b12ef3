"""Regions' years, their data and evaluations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from kernel.auth.actor import Actor
from kernel.errors import Forbidden, NotFound
from kernel.identity import record_id
from kernel.policy import covers
from pricing.triggers.flow import Verdict, YearState
from pricing.triggers.models import TriggerEvaluation, TriggerValue, TriggerYear
from pricing.triggers.rules import TriggerRules
from pricing.triggers.sets.rules import read


def asked(parts: Mapping[str, str]) -> dict[str, Any]:
    """Return the filter of the list from the parts of its address."""
    state = parts.get("state", "")
    return {
        "region": parts.get("region", "")[:6], "year": record_id(parts.get("year", "")),
        "state": YearState(state) if state in set(YearState) else None,
    }  # fmt: skip


def listing(*, region: str = "", year: int | None = None, state: YearState | None = None) -> Select[TriggerYear]:
    """Return the query of the list of years, the newest first."""
    query = select(TriggerYear).options(joinedload(TriggerYear.region), joinedload(TriggerYear.rules))
    if region:
        query = query.where(TriggerYear.region_code == region)
    if year:
        query = query.where(TriggerYear.year == year)
    if state is not None:
        query = query.where(TriggerYear.state == state)
    return query.order_by(TriggerYear.year.desc(), TriggerYear.region_code)


def one(session: Session, year_id: int) -> TriggerYear:
    """Return a region's year, or NotFound."""
    query = select(TriggerYear).where(TriggerYear.id == year_id)
    whole = (TriggerYear.region, TriggerYear.rules, TriggerYear.proposed_by, TriggerYear.decided_by)
    found = session.scalars(query.options(*(joinedload(part) for part in whole))).one_or_none()
    if found is None:
        raise NotFound(year=year_id)
    return found


def locked(session: Session, year_id: int) -> TriggerYear:
    """Return a region's year as it is once nobody else changes it."""
    query = select(TriggerYear).where(TriggerYear.id == year_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(year=year_id)
    return found


def own(session: Session, year_id: int, actor: Actor) -> TriggerYear:
    """Return a year that the actor works on, its row locked; Forbidden for officers of other regions."""
    found = locked(session, year_id)
    if not covers(actor.region, found.region_code):
        raise Forbidden
    return found


def decides(found: TriggerYear, actor: Actor) -> bool:
    """Say whether the actor may be the second person: another officer of the bureau that proposed."""
    by = found.proposed_by
    return by is not None and by.id != actor.user_id and by.organisation_id == actor.organisation_id


def entered_by(session: Session, year_id: int) -> set[int]:
    """Return who entered the figures that a year stands on, by their ids."""
    query = select(TriggerValue.by_id).where(TriggerValue.year_id == year_id, TriggerValue.by_id.is_not(None))
    return {one for one in session.scalars(query.distinct()) if one is not None}


def of_region(session: Session, region_code: str, year: int) -> TriggerYear | None:
    """Return a region's evaluation of a year; None where it was not begun."""
    query = select(TriggerYear).where(TriggerYear.region_code == region_code, TriggerYear.year == year)
    return session.scalars(query).one_or_none()


def last_year(session: Session, found: TriggerYear) -> int | None:
    """Return the region's last year before that was decided."""
    before = (TriggerYear.region_code == found.region_code) & (TriggerYear.year < found.year)
    return session.scalar(select(func.max(TriggerYear.year)).where(before, TriggerYear.state == YearState.DECIDED))


def started(session: Session) -> Sequence[TriggerYear]:
    """Return the years whose decision is to adjust, the newest first: what a regular plan stands on."""
    query = listing(state=YearState.DECIDED).where(TriggerYear.verdict == Verdict.START)
    return session.scalars(query).all()


def values(session: Session, year_id: int) -> dict[str, TriggerValue]:
    """Return a year's inputs by name."""
    query = select(TriggerValue).where(TriggerValue.year_id == year_id).order_by(TriggerValue.input)
    return {one.input: one for one in session.scalars(query)}


def evaluations(session: Session, year_id: int) -> Sequence[TriggerEvaluation]:
    """Return a year's evaluations, the newest first."""
    query = select(TriggerEvaluation).where(TriggerEvaluation.year_id == year_id)
    query = query.options(joinedload(TriggerEvaluation.rules), joinedload(TriggerEvaluation.made_by))
    return session.scalars(query.order_by(TriggerEvaluation.number.desc())).all()


def rules_of(found: TriggerYear) -> TriggerRules:
    """Return the rules that a year goes by."""
    return read(found.rules.code, found.rules.title, found.rules.values)


def next_due(found: TriggerYear) -> datetime:
    """Return what is due next: the data, then the decision."""
    return found.data_due_at if found.state is YearState.COLLECTING else found.due_at


def waiting(session: Session, at: datetime) -> tuple[int, bool]:
    """Count the years that are not decided, and say whether one is overdue."""
    open_ = TriggerYear.state != YearState.DECIDED
    count = session.scalar(select(func.count(TriggerYear.id)).where(open_)) or 0
    late = session.scalar(select(TriggerYear.id).where(open_, TriggerYear.due_at < at).limit(1))
    return count, late is not None
