"""Entries of the violation list: those of a day for everybody, those that wait for officers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import Conflict, Forbidden, NotFound
from kernel.parties.models import Organisation
from kernel.policy import levels
from kernel.sets import among
from pricing.credit.ratings.queries.ratings import end_of, governs
from pricing.credit.violations.flow import PUBLIC, ViolationState
from pricing.credit.violations.models import RoundViolation

Key = tuple[int, str, str]
"""What makes it the same entry: company, round, document."""


def listed(on: date, *, text: str = "") -> Select[RoundViolation]:
    """Return the list as it stood at the end of a day: nothing that happens later changes a past one."""
    end = end_of(on)
    query = (
        select(RoundViolation)
        .join(Organisation, Organisation.id == RoundViolation.company_id)
        .options(joinedload(RoundViolation.company))
        .where(
            RoundViolation.state.in_(PUBLIC), RoundViolation.decided_at < end,
            or_(RoundViolation.lifted_at.is_(None), RoundViolation.lifted_at >= end),
        )
    )  # fmt: skip
    if text:
        columns = (RoundViolation.company_name, Organisation.code, RoundViolation.round)
        query = query.where(or_(*(each.contains(text, autoescape=True) for each in columns)))
    return query.order_by(RoundViolation.decided_at.desc(), RoundViolation.id.desc())


def proposed(session: Session, actor: Actor) -> Sequence[RoundViolation]:
    """Return what waits for a second person, the oldest first; only officers see it."""
    if not actor.runs_platform:
        return []
    query = select(RoundViolation).where(RoundViolation.state == ViolationState.PROPOSED)
    held = (RoundViolation.company, RoundViolation.proposed_by, RoundViolation.region)
    options = (joinedload(each) for each in held)
    return session.scalars(query.options(*options).order_by(RoundViolation.id).limit(200)).all()


def waiting(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count, for the side bar, what waits for a second person of the actor's office."""
    if not actor.runs_platform:
        return 0, False
    found = session.scalars(select(RoundViolation.region_code).where(RoundViolation.state == ViolationState.PROPOSED))
    return sum(governs(actor, region_code) for region_code in found), False


class Stale(Conflict):
    """Somebody changed the entry since it was read; what was read is shown beside what it is now."""

    code = "violation-changed"


def locked(session: Session, violation_id: int, actor: Actor, seen: int) -> RoundViolation:
    """Return an entry as it is once nobody else changes it; another region's is not the actor's to change.

    Raises Stale where it is another version than the one that was `seen`.
    """
    if not actor.runs_platform:
        raise Forbidden
    query = select(RoundViolation).where(RoundViolation.id == violation_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(violation=violation_id)
    if not governs(actor, found.region_code):
        raise Forbidden(permission=P.CREDIT_RATE)
    if found.version != seen:
        raise Stale(round=found.round)
    return found


def known(session: Session, companies: Collection[int]) -> Mapping[Key, RoundViolation]:
    """Return the entries of companies."""
    query = select(RoundViolation).where(among(RoundViolation.company_id, sorted(companies)))
    return {(one.company_id, one.round, one.document): one for one in session.scalars(query)}


def barring(session: Session, ids: Collection[int], regions: Collection[str], day: date) -> dict[int, Any]:
    """Return of companies that may not bid in one of the regions on a day the round and the day it ends."""
    places = sorted({code for region in regions for code in levels(region)})
    one = RoundViolation
    query = select(one.company_id, one.round, one.suspended_until).where(
        among(one.company_id, sorted(ids)), one.state == ViolationState.LISTED, one.suspended_from <= day,
        one.suspended_until > day, or_(one.region_code.is_(None), among(one.region_code, places)),
    )  # fmt: skip
    return {row.company_id: row for row in session.execute(query.order_by(one.suspended_until))}


def one(session: Session, violation_id: int, actor: Actor) -> RoundViolation:
    """Return an entry: officers see all, everybody those that were listed. Raises NotFound."""
    found = session.get(RoundViolation, violation_id)
    if found is None or not (actor.runs_platform or found.state in PUBLIC):
        raise NotFound(violation=violation_id)
    return found
