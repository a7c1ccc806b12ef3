"""Decide on a rating, two persons: suggest, send back, publish with its measures, or drop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.second import must_be_another
from kernel.clock import after_lock, today
from kernel.errors import Conflict, Invalid, Issue
from pricing.credit.ratings.flow import RATING_FLOW, Level, MeasureKind, RatingAction
from pricing.credit.ratings.models import CreditCorrection, CreditMeasure, CreditRating
from pricing.credit.ratings.queries import ratings as queries
from pricing.credit.ratings.rules import corrections_of, held_level, measures_of, names_products
from pricing.credit.ratings.services.correcting import settle_price
from pricing.credit.ratings.services.proposing import must_be_grounded, tell
from pricing.tags import Tag


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What one officer would decide. `corrections` are asked of him where the version names none."""

    level: Level | None
    starts_on: date
    answer: str
    ground: str = ""
    document: str = ""
    corrections: tuple[int, ...] = ()


def suggest(session: Session, *, rating_id: int, asked: Suggestion, actor: Actor, at: datetime) -> CreditRating:
    """Suggest the decision, once the company has been heard or its time is over."""
    found = queries.governed(session, rating_id, actor)
    state = RATING_FLOW.after(found.state, RatingAction.SUGGEST)
    if found.defended_at is None and (found.due_at is None or after_lock(session) <= found.due_at):
        raise Conflict("credit-defence-open", due=found.due_at)
    graded: str | None = found.grade["level"]
    level = held_level(graded, found.grade["options"], found.benchmark, asked.level or found.level)
    if level is None and asked.level is Level.NONE:
        level = Level.NONE  # a defence may show that there is nothing to rate
    ground, document = asked.ground or found.ground, asked.document or found.document
    wrong = must_be_grounded(graded, level, ground, document) | _faults(found, asked, level, at)
    if wrong or level is None:
        raise Invalid(wrong)
    known = corrections_of(found.benchmark, found.matter, level)
    found.state, found.suggested, found.answer = state, level, asked.answer.strip()
    found.ground, found.document, found.starts_on = ground.strip(), document.strip(), asked.starts_on
    found.corrections_asked = sorted(set(asked.corrections if known is None else known))
    found.suggested_by_id, found.suggested_at, found.return_reason = actor.user_id, at, ""
    record(session, Tag.RATING_SUGGESTED, found, actor, at, {"level": level, "day": asked.starts_on})
    return found


def _faults(found: CreditRating, asked: Suggestion, level: Level | None, at: datetime) -> dict[str, Issue]:
    wrong = {}
    if not asked.answer.strip():
        wrong["answer"] = Issue("needed")
    if level is None or level is Level.NONE:
        return wrong
    if not today(at) <= asked.starts_on < (found.lapses_on or date.max):
        wrong["starts_on"] = Issue("credit-start", facts={"day": found.lapses_on})
    if names_products(found.benchmark, level) and not found.products:
        wrong["level"] = Issue("credit-no-products")
    if corrections_of(found.benchmark, found.matter, level) is None:
        own = set(asked.corrections)
        if not own or not own <= set(range(1, 7)):
            wrong["corrections"] = Issue("credit-choose-corrections")
    return wrong


def send_back(session: Session, *, rating_id: int, reason: str, actor: Actor, at: datetime) -> CreditRating:
    """Send a suggestion back, as a second person, with the reason."""
    found = queries.governed(session, rating_id, actor)
    state = RATING_FLOW.after(found.state, RatingAction.RETURN)
    must_be_another(actor, found.suggested_by_id)
    if not reason.strip():
        raise Invalid({"reason": Issue("needed")})
    found.state, found.return_reason = state, reason.strip()
    record(session, Tag.RATING_RETURNED, found, actor, at, {"reason": found.return_reason})
    return found


def decide(session: Session, *, rating_id: int, actor: Actor, at: datetime) -> CreditRating:
    """Decide as suggested, as a second person: the rating is published, or dropped where its level is none."""
    found = queries.governed(session, rating_id, actor)
    level = found.suggested or Level.NONE
    dropped = level is Level.NONE
    state = RATING_FLOW.after(found.state, RatingAction.DROP if dropped else RatingAction.PUBLISH)
    must_be_another(actor, found.suggested_by_id)
    if not dropped and (found.starts_on is None or found.starts_on < today(at)):
        raise Conflict("credit-start-past", day=found.starts_on)
    found.state, found.level, found.decided_by_id = state, level, actor.user_id
    if dropped:
        record(session, Tag.RATING_DROPPED, found, actor, at, {"answer": found.answer})
        tell(session, found, "credit-dropped", at)
        return found
    _take_effect(session, found)
    found.published_at, found.record = at, _as_published(found, at)
    record(session, Tag.RATING_PUBLISHED, found, actor, at, {"level": level, "day": found.starts_on})
    tell(session, found, "credit-published", at)
    settle_price(session, found, at=at)
    return found


def _take_effect(session: Session, found: CreditRating) -> None:
    found.measures = [
        CreditMeasure(
            company_id=found.company_id, kind=kind, starts_on=found.starts_on, ends_on=found.lapses_on,
            region_code=None if kind is MeasureKind.PRODUCTS_EVERYWHERE else found.region_code,
        )
        for kind in measures_of(found.benchmark, found.level)
    ]  # fmt: skip
    found.corrections = [CreditCorrection(number=number) for number in found.corrections_asked]
    session.flush()


def _as_published(found: CreditRating, at: datetime) -> dict[str, Any]:
    """Return the rating as the register keeps it: names may change later, past lists may not."""
    return {
        "number": found.number, "company": found.company.name, "code": found.company.code,
        "matter": found.matter, "case": found.case.number, "benchmark": found.benchmark, "level": found.level,
        "region_code": found.region_code, "region": found.region.name, "ground": found.ground,
        "document": found.document, "published_on": today(at).isoformat(), "starts_on": str(found.starts_on),
        "lapses_on": str(found.lapses_on), "measures": _kinds(found.measures),
        "products": [[one.approval_number, one.registered_name, one.company.name] for one in found.products],
        "corrections": list(found.corrections_asked),
    }  # fmt: skip


def _kinds(measures: Sequence[CreditMeasure]) -> list[str]:
    return [one.kind.value for one in measures]
