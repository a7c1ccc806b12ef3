"""Correct what a rating asks for, review it, and clear the rating: two persons see every measure.

Whoever clears is the second person of what others verified. What he verified himself takes another officer's
confirmation before; so two officers who shared the reviews can clear, and nobody clears on his own look alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.second import SamePerson, must_be_another
from kernel.clock import today
from kernel.errors import Conflict, Invalid, Issue, NotFound
from kernel.files.services import keep
from pricing.credit.ratings.flow import (
    CORRECTION_FLOW,
    RATING_FLOW,
    CorrectionAction,
    CorrectionState,
    RatingAction,
    RatingState,
    Route,
)  # fmt: skip
from pricing.credit.ratings.models import CreditCorrection, CreditRating
from pricing.credit.ratings.queries import ratings as queries
from pricing.credit.ratings.rules import NUMBERS, PRICE_REMOVED, takes
from pricing.credit.ratings.services.proposing import tell
from pricing.tags import Tag


def submit(
    session: Session, *, rating_id: int, number: int, route: Route, note: str, files: Sequence[tuple[str, bytes]],
    actor: Actor, at: datetime,
) -> CreditCorrection:  # fmt: skip
    """The company says how it carried out a measure of correction, with its evidence."""
    found = queries.own(session, rating_id, actor)
    RATING_FLOW.after(found.state, RatingAction.SUBMIT)
    one = _correction(found, number)
    state = CORRECTION_FLOW.after(one.state, CorrectionAction.SUBMIT)
    wrong = {}
    if not takes(found.benchmark, number, route):
        wrong["route"] = Issue("credit-donation" if route is Route.DONATION else "credit-route")
    if not note.strip():
        wrong["note"] = Issue("needed")
    if not files:
        wrong["file"] = Issue("credit-needs-evidence")
    if wrong:
        raise Invalid(wrong)
    one.state, one.route, one.note, one.submitted_at, one.review = state, route, note.strip(), at, ""
    for name, content in files:
        keep(session, parent_kind=queries.EVIDENCE, parent_id=one.id, name=name, content=content, actor=actor, at=at)
    told = {"number": number, "route": route, "files": len(files)}
    record(session, Tag.CORRECTION_SUBMITTED, found, actor, at, told)
    return one


def review(
    session: Session, *, rating_id: int, number: int, action: CorrectionAction, text: str, actor: Actor, at: datetime
) -> CreditCorrection:
    """An officer verifies a measure of correction or returns it; when all are verified the rating is corrected."""
    found = queries.governed(session, rating_id, actor)
    RATING_FLOW.after(found.state, RatingAction.REVIEW)
    one = _correction(found, number)
    state = CORRECTION_FLOW.after(one.state, action)
    if action is CorrectionAction.RETURN and not text.strip():
        raise Invalid({"review": Issue("needed")})
    one.state, one.review, one.reviewed_by_id, one.reviewed_at = state, text.strip(), actor.user_id, at
    record(session, Tag.CORRECTION_REVIEWED, found, actor, at, {"number": number, "state": state, "text": one.review})
    if state is CorrectionState.RETURNED:
        tell(session, found, "credit-correction-returned", at)
    _fulfil(found)
    return one


def confirm(session: Session, *, rating_id: int, number: int, actor: Actor, at: datetime) -> CreditCorrection:
    """Confirm, as another officer, what one verified, so that he may clear the rating. Raises Conflict when done."""
    found = queries.governed(session, rating_id, actor)
    RATING_FLOW.after(found.state, RatingAction.CONFIRM)
    one = _correction(found, number)
    CORRECTION_FLOW.after(one.state, CorrectionAction.CONFIRM)
    if one.reviewed_by_id is None or one.confirmed_by_id is not None:
        raise Conflict("credit-confirmed-already", number=number)
    must_be_another(actor, one.reviewed_by_id)
    one.confirmed_by_id, one.confirmed_at = actor.user_id, at
    record(session, Tag.CORRECTION_CONFIRMED, found, actor, at, {"number": number})
    return one


def clear(session: Session, *, rating_id: int, actor: Actor, at: datetime) -> CreditRating:
    """Clear a corrected rating, once two persons have seen every measure: the rating's own end today."""
    found = queries.governed(session, rating_id, actor)
    state = RATING_FLOW.after(found.state, RatingAction.CLEAR)
    must_be_another(actor)
    if own := queries.seen_alone(found, actor):
        raise SamePerson("credit-clear-own", numbers="".join(NUMBERS[number - 1] for number in own))
    found.state, found.cleared_by_id, found.cleared_at = state, actor.user_id, at
    for measure in found.measures:
        if measure.ends_on is None or measure.ends_on > today(at):
            measure.ends_on = max(measure.starts_on, today(at))
    record(session, Tag.RATING_CLEARED, found, actor, at, {"day": today(at)})
    tell(session, found, "credit-cleared", at)
    return found


def settle_prices(session: Session, *, at: datetime) -> int:
    """Count ⑤ as done for published ratings whose products have a winning or negotiated price; return how many."""
    open_ = CreditCorrection.number == PRICE_REMOVED, CreditCorrection.state != CorrectionState.VERIFIED
    waiting = select(CreditCorrection.rating_id).where(*open_)
    query = select(CreditRating).where(CreditRating.state == RatingState.PUBLISHED, CreditRating.id.in_(waiting))
    found = session.scalars(query.order_by(CreditRating.id).with_for_update()).all()
    return sum(settle_price(session, one, at=at) for one in found)


def settle_price(session: Session, found: CreditRating, *, at: datetime) -> bool:
    """Count ⑤ as done where the price of a round or a negotiation applies to all products of a rating."""
    one = next((each for each in found.corrections if each.number == PRICE_REMOVED), None)
    if one is None or one.state is CorrectionState.VERIFIED:
        return False
    day = queries.price_day(session, found, at)
    if day is None:
        return False
    one.state, one.route, one.note, one.reviewed_at = CorrectionState.VERIFIED, Route.PRICE, day.isoformat(), at
    told = {"number": one.number, "state": one.state, "day": day}
    record(session, Tag.CORRECTION_REVIEWED, found, SYSTEM, at, told)
    _fulfil(found)
    return True


def _fulfil(found: CreditRating) -> None:
    if all(one.state is CorrectionState.VERIFIED for one in found.corrections):
        found.state = RATING_FLOW.after(found.state, RatingAction.FULFIL)


def _correction(found: CreditRating, number: int) -> CreditCorrection:
    one = next((each for each in found.corrections if each.number == number), None)
    if one is None:
        raise NotFound(correction=number)
    return one
