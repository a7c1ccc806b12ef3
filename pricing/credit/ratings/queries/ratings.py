"""Ratings as far as the reader may see them, and the register as any past day had it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, Text, false, func, or_, select, type_coerce
from sqlalchemy.orm import Session, joinedload, selectinload

from catalogue.drugs.models import Product, Specification
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.errors import Forbidden, NotFound
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation
from kernel.periods import midnight
from kernel.policy import covers, levels, nationwide
from kernel.sets import among
from pricing.credit.flow import Matter
from pricing.credit.models import CreditCase
from pricing.credit.ratings.flow import OPEN, PUBLIC, Level, RatingState, Stage
from pricing.credit.ratings.models import CreditRating
from pricing.credit.ratings.rules import stage
from pricing.listings.flow import ListingKind
from pricing.listings.models import Listing
from pricing.listings.queries import counts_on

KIND, DEFENCE, EVIDENCE = "credit_rating", "credit_rating_defence", "credit_correction"
"""The parents of files: the notice and its ground, a defence, the evidence of a correction."""
_WHOLE = (
    joinedload(CreditRating.company), joinedload(CreditRating.region), joinedload(CreditRating.case),
    selectinload(CreditRating.products).joinedload(Product.specification).joinedload(Specification.variety),
    selectinload(CreditRating.products).joinedload(Product.company), selectinload(CreditRating.measures),
    selectinload(CreditRating.corrections),
)  # fmt: skip


def visible(actor: Actor) -> Select[CreditRating]:
    """Return the ratings the actor may see: officers all, a company its own from the notice on."""
    query = select(CreditRating)
    if actor.runs_platform:
        return query
    if not actor.supplies:
        return query.where(false())
    return query.where(CreditRating.company_id == actor.organisation_id, CreditRating.noticed_at.is_not(None))


def one(session: Session, rating_id: int, actor: Actor) -> CreditRating:
    """Return a rating with all of its parts, or NotFound."""
    found = session.scalars(visible(actor).where(CreditRating.id == rating_id).options(*_WHOLE)).one_or_none()
    if found is None:
        raise NotFound(rating=rating_id)
    return found


def locked(session: Session, rating_id: int, actor: Actor) -> CreditRating:
    """Return a rating as it is once nobody else changes it."""
    query = visible(actor).where(CreditRating.id == rating_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(rating=rating_id)
    return found


def governs(actor: Actor, region_code: str | None) -> bool:
    """Say whether the actor's office decides on credit in a region, None the whole nation.

    A bureau does in its own and those below it, a province's also in the nation; the agency does anywhere.
    """
    if actor.organisation_kind is not OrganisationKind.BUREAU:
        return True
    return nationwide(actor.region) if region_code is None else covers(actor.region, region_code)


def governed(session: Session, rating_id: int, actor: Actor) -> CreditRating:
    """Return a rating that the actor's office decides on, locked; another region's he only reads."""
    found = locked(session, rating_id, actor)
    if not governs(actor, found.region_code):
        raise Forbidden(permission=P.CREDIT_RATE)
    return found


def own(session: Session, rating_id: int, actor: Actor) -> CreditRating:
    """Return the actor's own company's rating, locked; officers see it, and may not speak for the company."""
    found = locked(session, rating_id, actor)
    if actor.organisation_id != found.company_id:
        raise Forbidden(permission=P.CREDIT_SIGN)
    return found


def seen_alone(found: CreditRating, actor: Actor) -> list[int]:
    """Return the measures of correction that the actor verified and nobody confirmed: he may not clear them."""
    return [one.number for one in found.corrections if one.reviewed_by_id == actor.user_id and not one.confirmed_by_id]


def products(session: Session, ids: Collection[int]) -> Sequence[Product]:
    """Return the products of those ids that there are."""
    return session.scalars(select(Product).where(among(Product.id, sorted(set(ids)))).order_by(Product.id)).all()


def stage_of(rating: CreditRating, at: datetime) -> Stage:
    """Return what a rating is at an instant."""
    return stage(
        rating.state, at, collected=rating.collected_at is not None, due_at=rating.due_at,
        starts_on=rating.starts_on, lapses_on=rating.lapses_on,
    )  # fmt: skip


def asked(parts: Mapping[str, str]) -> dict[str, Any]:
    """Return the filter of the list from the parts of its address."""
    matter, state = parts.get("matter", ""), parts.get("state", "")
    return {
        "text": parts.get("q", "").strip()[:80], "matter": Matter(matter) if matter in set(Matter) else None,
        "state": RatingState(state) if state in set(RatingState) else None,
    }  # fmt: skip


def listing(
    actor: Actor, *, text: str = "", matter: Matter | None = None, state: RatingState | None = None
) -> Select[CreditRating]:
    """Return the query of the list of ratings: those that wait first, by their deadlines."""
    query = visible(actor).join(Organisation, Organisation.id == CreditRating.company_id)
    query = query.join(CreditCase, CreditCase.id == CreditRating.case_id)
    query = query.options(
        joinedload(CreditRating.company), joinedload(CreditRating.region), joinedload(CreditRating.case)
    )  # fmt: skip
    if text:
        columns = (Organisation.name, Organisation.code, CreditCase.number)
        query = query.where(or_(*(each.contains(text, autoescape=True) for each in columns)))
    if matter is not None:
        query = query.where(CreditRating.matter == matter)
    if state is not None:
        query = query.where(CreditRating.state == state)
    return query.order_by(CreditRating.state.not_in(OPEN), CreditRating.due_at, CreditRating.id.desc())


def of_case(session: Session, case_id: int) -> Sequence[CreditRating]:
    """Return a case's ratings that were not dropped, the newest first."""
    query = select(CreditRating).where(CreditRating.case_id == case_id, CreditRating.state != RatingState.DROPPED)
    return session.scalars(query.order_by(CreditRating.id.desc())).all()


def of_cases(session: Session, case_ids: Sequence[int], actor: Actor) -> dict[int, CreditRating]:
    """Return the newest rating of cases that the actor may see, by case."""
    query = visible(actor).where(among(CreditRating.case_id, list(case_ids)), CreditRating.state != RatingState.DROPPED)
    return {found.case_id: found for found in session.scalars(query.order_by(CreditRating.id))}


def end_of(day: date) -> datetime:
    """Return the first instant after a Beijing day."""
    return midnight(day + timedelta(days=1))


def register(on: date, *, text: str = "", level: Level | None = None) -> Select[CreditRating]:
    """Return the published ratings as they were at the end of a day: nothing that happens later changes a past list."""
    end = end_of(on)
    query = select(CreditRating).where(
        CreditRating.state.in_(PUBLIC), CreditRating.published_at < end,
        or_(CreditRating.cleared_at.is_(None), CreditRating.cleared_at >= end),
        or_(CreditRating.lapses_on.is_(None), CreditRating.lapses_on > on),
    )  # fmt: skip
    if text:
        query = query.where(type_coerce(CreditRating.record, Text).contains(text, autoescape=True))
    if level is not None:
        query = query.where(CreditRating.level == level)
    return query.order_by(CreditRating.published_at, CreditRating.id)


def price_day(session: Session, rating: CreditRating, at: datetime) -> date | None:
    """Return since when all products of a rating have a winning or negotiated price in its province, if they have."""
    wanted, day = {product.id for product in rating.products}, today(at)
    query = select(Listing.product_id, func.min(Listing.starts)).where(
        among(Listing.product_id, sorted(wanted)), counts_on(day),
        Listing.kind.in_((ListingKind.AGREEMENT, ListingKind.NEGOTIATED)),
        among(Listing.region_code, list(levels(rating.region_code))),
    )  # fmt: skip
    found: dict[int, date] = {row[0]: row[1] for row in session.execute(query.group_by(Listing.product_id))}
    return max(found.values()) if wanted and set(found) == wanted else None
