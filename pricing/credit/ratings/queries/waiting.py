"""What of ratings waits for the reader: for officers to act on or look at, for a company to answer or correct."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, selectinload

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.paging import Page, windowed
from kernel.parties import regions
from kernel.sets import among
from pricing.credit.ratings.flow import CorrectionState, RatingState
from pricing.credit.ratings.models import CreditCorrection, CreditRating
from pricing.credit.ratings.queries.ratings import asked, governs, listing

S = RatingState
WAITS = "waits"
"""How the list's address asks for what waits."""
DUE = (CorrectionState.DUE, CorrectionState.RETURNED)


def listed(session: Session, actor: Actor, parts: Mapping[str, str], at: datetime) -> Select[CreditRating]:
    """Return the query of the list from the parts of its address: all ratings, or those that wait for the actor."""
    query = listing(actor, **asked(parts))
    return query.where(_waits(session, actor, at)) if parts.get("state") == WAITS else query


def first(session: Session, actor: Actor, at: datetime, size: int = 3) -> Page:
    """Return the first of what waits, with its corrections."""
    query = listed(session, actor, {"state": WAITS}, at).options(selectinload(CreditRating.corrections))
    return windowed(session, query, number=1, size=size)


def _waits(session: Session, actor: Actor, at: datetime) -> ColumnElement[bool]:
    """Return the condition that a rating waits for the actor."""
    one, heard = CreditRating, CreditRating.due_at < at
    counts = or_(one.lapses_on.is_(None), one.lapses_on > today(at))
    if actor.supplies:
        return or_(and_(one.state == S.NOTICED, ~heard), and_(one.state == S.PUBLISHED, counts, _some(DUE)))
    if actor.may(P.CREDIT_RATE):
        places = sorted(code for code in regions.by_code(session) if governs(actor, code))
        evidence = and_(one.state == S.PUBLISHED, counts, _some((CorrectionState.SUBMITTED,)))
        second = and_(one.state == S.SUGGESTED, one.suggested_by_id != actor.user_id)
        plain = one.state.in_((S.PROPOSED, S.DEFENDED, S.CORRECTED))
        mine = or_(plain, second, evidence, and_(one.state == S.NOTICED, heard))
        return and_(among(one.region_code, places), mine)
    return false()


def _some(states: Collection[CorrectionState]) -> ColumnElement[bool]:
    """Return the condition that a measure of correction stands so."""
    one = CreditCorrection
    return select(one.id).where(one.rating_id == CreditRating.id, one.state.in_(states)).exists()


def waiting(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count, for the side bar, what waits."""
    query = listed(session, actor, {"state": WAITS}, at).order_by(None).with_only_columns(CreditRating.id)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0, False
