"""Measures of credit in force, without their procedure: for those who ask whether a company may act."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from pricing.credit.flow import Matter
from pricing.credit.models import CreditCase
from pricing.credit.ratings.flow import Level, MeasureKind, RatingState
from pricing.credit.ratings.models import CreditMeasure, CreditRating


def measure(
    session: Session, product_id: int, kind: MeasureKind, *, at: datetime, region: str, starts: date,
    ends: date | None = None,
) -> CreditMeasure:  # fmt: skip
    """Add a published rating of a product's company with one measure."""
    product = session.get_one(Product, product_id)
    case = CreditCase(company_id=product.company_id, matter=Matter.KICKBACKS, number=f"案{product_id}{kind}")
    session.add(case)
    session.flush()
    rating = CreditRating(
        case_id=case.id, company_id=product.company_id, region_code=region, matter=case.matter, benchmark="2025",
        state=RatingState.PUBLISHED, grade={}, level=Level.SERIOUSLY_DISHONEST, effective_on=starts, proposed_at=at,
        published_at=at, starts_on=starts, products=[product],
    )  # fmt: skip
    session.add(rating)
    session.flush()
    place = None if kind is MeasureKind.PRODUCTS_EVERYWHERE else region
    made = CreditMeasure(
        rating_id=rating.id, company_id=product.company_id, kind=kind, region_code=place, starts_on=starts, ends_on=ends
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made
