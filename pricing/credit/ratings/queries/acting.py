"""Whether companies may act: their letters, and the measures in force on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.clock import today
from kernel.errors import Said
from kernel.policy import levels
from kernel.sets import among
from pricing.credit.flow import Act, LetterState
from pricing.credit.models import CommitmentLetter
from pricing.credit.ratings.flow import BARS, MeasureKind, number
from pricing.credit.ratings.models import CreditMeasure, CreditRating, CreditRatingProduct
from pricing.credit.rules import Standing

RATED, WITHDRAWN = "rating %(number)s is in force", "the commitment letter of %(year)s is withdrawn"


def may_act(
    session: Session, *, company_ids: Collection[int], act: Act, region_codes: Collection[str], at: datetime
) -> dict[int, Standing]:
    """Say of each company whether it may bid, list or take orders in all of the regions, and with which products not.

    What a measure covers in one of the regions is barred. A withdrawn letter closes trading; to bid and to list take
    a signed one, which is asked where a company does so.
    """
    day, ids = today(at), sorted(company_ids)
    closed, products = _measures(session, ids, region_codes, day)
    withdrawn = select(CommitmentLetter.company_id).where(
        among(CommitmentLetter.company_id, ids), CommitmentLetter.year == day.year,
        CommitmentLetter.state == LetterState.WITHDRAWN,
    )  # fmt: skip
    for company_id in session.scalars(withdrawn):
        closed.setdefault(company_id, Said(WITHDRAWN, year=day.year))
    return {
        one: Standing(one not in closed, closed.get(one) or _why(products[one]), frozenset(products[one]))
        for one in ids
    }


def _why(products: dict[int, Said]) -> str:
    return next(iter(products.values()), "")


def _measures(
    session: Session, ids: Sequence[int], regions: Collection[str], day: date
) -> tuple[dict[int, Said], dict[int, dict[int, Said]]]:
    """Return why companies may not act at all, and why not with which products."""
    closed: dict[int, Said] = {}
    products: dict[int, dict[int, Said]] = defaultdict(dict)
    for row in _in_force(session, ids, regions, day):
        why = Said(RATED, number=number(row.rating_id, row.proposed_at))
        if row.kind is MeasureKind.ALL_HERE:
            closed.setdefault(row.company_id, why)
        else:
            products[row.holder_id].setdefault(row.product_id, why)
    return closed, products


def _in_force(session: Session, ids: Sequence[int], regions: Collection[str], day: date) -> Sequence[Any]:
    """Return the barring measures on a day, with each product they involve: it is barred whoever was rated for it."""
    places = sorted({code for region in regions for code in levels(region)})
    some = CreditMeasure.kind != MeasureKind.ALL_HERE
    involved = and_(CreditRatingProduct.rating_id == CreditMeasure.rating_id, some)
    whole = (CreditMeasure.kind == MeasureKind.ALL_HERE) & among(CreditMeasure.company_id, ids)
    query = (
        select(
            CreditMeasure.kind, CreditMeasure.rating_id, CreditMeasure.company_id, CreditRating.proposed_at,
            Product.id.label("product_id"), Product.company_id.label("holder_id"),
        )
        .join(CreditRating, CreditRating.id == CreditMeasure.rating_id)
        .outerjoin(CreditRatingProduct, involved)
        .outerjoin(Product, Product.id == CreditRatingProduct.product_id)
        .where(CreditMeasure.kind.in_(BARS), in_force(day), or_(whole, among(Product.company_id, ids)))
        .where(or_(CreditMeasure.region_code.is_(None), among(CreditMeasure.region_code, places)))
    )  # fmt: skip
    return session.execute(query.order_by(CreditMeasure.id)).all()


def in_force(day: date) -> ColumnElement[bool]:
    """Return the condition that a measure is in force on a day."""
    ends = or_(CreditMeasure.ends_on.is_(None), CreditMeasure.ends_on > day)
    return and_(CreditMeasure.starts_on <= day, ends)
