"""Whether companies may act: their letters, and the measures in force on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.clock import today
from kernel.errors import Said
from kernel.policy import levels
from kernel.sets import among
from pricing.credit.flow import Act, LetterState, Matter
from pricing.credit.models import CommitmentLetter
from pricing.credit.national import queries as national
from pricing.credit.ratings.flow import BARS, Level, MeasureKind, number
from pricing.credit.ratings.models import CreditMeasure, CreditRating, CreditRatingProduct
from pricing.credit.rules import Standing
from pricing.credit.violations import queries as violations


@dataclass(frozen=True, slots=True)
class Suspension:
    """Why a product may not be traded, as everybody may know it: the published rating and the days of its measure.

    Without a rating the company has withdrawn its commitment letter, on `since`.
    """

    since: date
    number: str = ""
    matter: Matter | None = None
    level: Level | None = None
    kind: MeasureKind | None = None
    region_code: str | None = None
    until: date | None = None


RATED = "rating %(number)s is in force until %(day)s: %(measure)s"
ELSEWHERE = "rating %(number)s of %(region)s holds in every province until %(day)s"
NO_END = "its end is told"
WITHDRAWN = "the commitment letter of %(year)s is withdrawn: sign it again first"
VIOLATED = "it is on the violation list of %(round)s until %(day)s"
UNSIGNED = "the commitment letter of %(year)s is not signed: sign it first"


def may_act(
    session: Session, *, company_ids: Collection[int], act: Act, region_codes: Collection[str], at: datetime
) -> dict[int, Standing]:
    """Say of each company whether it may bid, list or take orders in all of the regions, and with which products not.

    What a measure covers in one of the regions is barred, and what another province barred everywhere; who is on the
    violation list of a round may not bid. A withdrawn letter closes trading; to bid and to list take a signed one,
    which is asked where a company does so.
    """
    day, ids = today(at), sorted(company_ids)
    closed, products = _measures(session, ids, region_codes, day)
    for barred in national.barring(session, ids, day):
        why = Said(ELSEWHERE, number=barred.number, region=barred.region, day=_end(barred.ends_on))
        products[barred.company_id].setdefault(barred.id, why)
    if act is Act.BID:
        for key, one in violations.barring(session, ids, region_codes, day).items():
            closed.setdefault(key, Said(VIOLATED, round=one.round, day=one.suspended_until))
    for company_id in session.scalars(_withdrawn(ids, day)):
        closed.setdefault(company_id, Said(WITHDRAWN, year=day.year))
    return {one: Standing(closed.get(one, ""), products[one]) for one in ids}


def unlisted(
    session: Session, wanted: Collection[tuple[int, str]], makers: Mapping[int, int], at: datetime
) -> dict[tuple[int, str], str]:
    """Return why products may not be listed anew in regions; `wanted` are (product, region), `makers` by product.

    An unsigned letter does not count here: an office brings in what was listed before its companies came.
    """
    found: dict[tuple[int, str], str] = {}
    for region in sorted({region for _product, region in wanted}):
        own = [product for product, place in wanted if place == region]
        ids = {makers[product] for product in own}
        asked = may_act(session, company_ids=ids, act=Act.LIST, region_codes=[region], at=at)
        found |= {(one, region): why for one in own if (why := asked[makers[one]].why(one))}
    return found


def _end(day: date | None) -> object:
    return Said(NO_END) if day is None else day


def _measures(
    session: Session, ids: Sequence[int], regions: Collection[str], day: date
) -> tuple[dict[int, Said], dict[int, dict[int, Said]]]:
    """Return why companies may not act at all, and why not with which products."""
    closed: dict[int, Said] = {}
    products: dict[int, dict[int, Said]] = defaultdict(dict)
    for row in _in_force(session, ids, regions, day):
        rating = number(row.rating_id, row.proposed_at)
        why = Said(RATED, number=rating, day=_end(row.ends_on), measure=row.kind)
        if row.kind is MeasureKind.ALL_HERE:
            closed.setdefault(row.company_id, why)
        else:
            products[row.holder_id].setdefault(row.product_id, why)
    return closed, products


def _in_force(session: Session, ids: Sequence[int], regions: Collection[str] | None, day: date) -> Sequence[Any]:
    """Return the barring measures on a day, with each product they involve: it is barred whoever was rated for it.

    None stands for any region.
    """
    places = sorted({code for region in regions or () for code in levels(region)})
    here = true() if regions is None else among(CreditMeasure.region_code, places)
    some = CreditMeasure.kind != MeasureKind.ALL_HERE
    involved = and_(CreditRatingProduct.rating_id == CreditMeasure.rating_id, some)
    whole = (CreditMeasure.kind == MeasureKind.ALL_HERE) & among(CreditMeasure.company_id, ids)
    query = (
        select(
            CreditMeasure.kind, CreditMeasure.rating_id, CreditMeasure.company_id, CreditMeasure.starts_on,
            CreditMeasure.ends_on, CreditMeasure.region_code, CreditRating.proposed_at, CreditRating.matter,
            CreditRating.level, Product.id.label("product_id"), Product.company_id.label("holder_id"),
        )
        .join(CreditRating, CreditRating.id == CreditMeasure.rating_id)
        .outerjoin(CreditRatingProduct, involved)
        .outerjoin(Product, Product.id == CreditRatingProduct.product_id)
        .where(CreditMeasure.kind.in_(BARS), in_force(day), or_(whole, among(Product.company_id, ids)))
        .where(or_(CreditMeasure.region_code.is_(None), here))
    )  # fmt: skip
    return session.execute(query.order_by(CreditMeasure.id)).all()


def suspensions(
    session: Session, makers: Mapping[int, int], day: date, region_code: str | None = None
) -> dict[int, list[Suspension]]:
    """Return, by product, what suspends it in a region, or anywhere where none is named; `makers` by product.

    What concerns one product stands under that one alone; what closes its company stands under all of its products.
    """
    ids = sorted(set(makers.values()))
    by_company: dict[int, list[Suspension]] = defaultdict(list)
    found: dict[int, list[Suspension]] = defaultdict(list)
    for row in _in_force(session, ids, None if region_code is None else [region_code], day):
        one = Suspension(row.starts_on, number(row.rating_id, row.proposed_at), row.matter, row.level, row.kind,
                         row.region_code, row.ends_on)  # fmt: skip
        if row.kind is MeasureKind.ALL_HERE:
            by_company[row.company_id].append(one)
        elif row.product_id in makers:
            found[row.product_id].append(one)
    for row in national.barring(session, ids, day):
        if row.id in makers:
            found[row.id].append(Suspension(row.starts_on, row.number, row.matter, row.level, until=row.ends_on))
    for company, withdrawn_at in session.execute(_withdrawn(ids, day).add_columns(CommitmentLetter.withdrawn_at)):
        by_company[company].append(Suspension(today(withdrawn_at) if withdrawn_at else day))
    for product, company in makers.items():
        if company in by_company:
            found[product] += by_company[company]
    return dict(found)


def _withdrawn(ids: Sequence[int], day: date) -> Select[Any]:
    """Return the companies whose letter of the year is withdrawn."""
    query: Select[Any] = select(CommitmentLetter.company_id).where(
        among(CommitmentLetter.company_id, ids), CommitmentLetter.year == day.year,
        CommitmentLetter.state == LetterState.WITHDRAWN,
    )  # fmt: skip
    return query


def in_force(day: date) -> ColumnElement[bool]:
    """Return the condition that a measure is in force on a day."""
    ends = or_(CreditMeasure.ends_on.is_(None), CreditMeasure.ends_on > day)
    return and_(CreditMeasure.starts_on <= day, ends)
