"""Serious ratings of all provinces on a day, and the products that those of other provinces bar here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalogue.drugs.models import Product
from kernel.identity import record_id
from kernel.parties.models import Region
from kernel.sets import among
from pricing.credit.flow import Matter
from pricing.credit.national.models import NationalProduct, NationalRating
from pricing.credit.national.rules import PLAIN, Key, Known
from pricing.credit.ratings.flow import BARS, Level, MeasureKind
from pricing.credit.ratings.models import CreditRating
from pricing.credit.ratings.queries.ratings import end_of, register
from pricing.credit.ratings.rules import RULE_SETS, benchmark, measures_of


def _levels(kinds: Collection[MeasureKind]) -> frozenset[tuple[str, Level]]:
    """Return the levels, by version, that do one of these things."""
    return frozenset(
        (version, Level(level))
        for version in RULE_SETS.ids()
        for level in benchmark(version)["measures"]
        if set(measures_of(version, Level(level))) & set(kinds)
    )


SERIOUS = _levels(BARS)
"""What is aggregated nationally: the levels that close trading (credit.md, "Procedure": from serious upward)."""
EVERYWHERE = _levels((MeasureKind.PRODUCTS_EVERYWHERE,))
"""The levels of which the products involved are suspended in every province."""


def _of(levels: Collection[tuple[str, Level]], model: Any) -> ColumnElement[bool]:
    return or_(*(and_(model.benchmark == version, model.level == level) for version, level in sorted(levels)))


def theirs(on: date, text: str = "") -> Select[NationalRating]:
    """Return other provinces' ratings in force at the end of a day, as far as they were told by then."""
    end = end_of(on)
    over = and_(NationalRating.ends_on <= on, or_(NationalRating.ended_at.is_(None), NationalRating.ended_at < end))
    query = select(NationalRating).where(NationalRating.brought_at < end, NationalRating.starts_on <= on)
    query = query.where(or_(NationalRating.ends_on.is_(None), ~over))
    if text:
        held = (NationalRating.company, NationalRating.code, NationalRating.number)
        query = query.where(or_(*(each.contains(text, autoescape=True) for each in held)))
    options = (joinedload(NationalRating.region), selectinload(NationalRating.products))
    return query.options(*options).order_by(NationalRating.published_on, NationalRating.id)


def national(session: Session, on: date, text: str = "") -> list[Known]:
    """Return the serious ratings of a day, ours and the other provinces', the latest published first."""
    ours = register(on, text=text).where(_of(SERIOUS, CreditRating))
    found = [_ours(one) for one in session.scalars(ours)] + [_theirs(one) for one in session.scalars(theirs(on, text))]
    return sorted(found, key=lambda one: (-one.published_on.toordinal(), one.region_code, one.number))


def _ours(one: CreditRating) -> Known:
    held = one.record or {}
    plain = {name: held[name] for name in ("number", "region_code", "region", "company", "code", "benchmark")}
    return Known(
        **plain, matter=Matter(held["matter"]), level=Level(held["level"]), ground=held["ground"], own=True,
        document=held["document"], published_on=date.fromisoformat(held["published_on"]), ends_on=one.lapses_on,
        starts_on=date.fromisoformat(held["starts_on"]),
        products=tuple(sorted({product[0] for product in held["products"]})),
    )  # fmt: skip


def _theirs(one: NationalRating) -> Known:
    plain = {name: getattr(one, name) for name in PLAIN}
    numbers = tuple(each.approval_number for each in one.products)
    return Known(**plain, region=one.region.name, products=numbers, own=False)


def known(session: Session, numbers: Collection[str]) -> Mapping[Key, Known]:
    """Return the ratings of these numbers, whenever they were in force."""
    wanted = set(numbers)
    ids = [key for one in wanted if (key := record_id(one.rpartition("-")[2]))]  # a number of ours ends in the id
    ours = select(CreditRating).where(CreditRating.published_at.is_not(None), among(CreditRating.id, sorted(ids)))
    found = [_ours(one) for one in session.scalars(ours) if one.number in wanted]
    options = (joinedload(NationalRating.region), selectinload(NationalRating.products))
    query = select(NationalRating).where(among(NationalRating.number, sorted(wanted))).options(*options)
    return {one.key: one for one in [*found, *map(_theirs, session.scalars(query))]}


def rows(session: Session, keys: Collection[Key]) -> Mapping[Key, NationalRating]:
    """Return other provinces' ratings, to be changed."""
    query = select(NationalRating).where(among(NationalRating.number, sorted({number for _region, number in keys})))
    return {(one.region_code, one.number): one for one in session.scalars(query.with_for_update())}


def barring(session: Session, ids: Sequence[int], day: date) -> Sequence[Any]:
    """Return the products of companies that other provinces' ratings bar in every province on a day."""
    one = NationalRating
    ends = or_(one.ends_on.is_(None), one.ends_on > day)
    query = (
        select(
            Product.id, Product.company_id, one.number, one.matter, one.level, one.starts_on, one.ends_on,
            Region.name.label("region"),
        )
        .join(NationalProduct, NationalProduct.approval_number == Product.approval_number)
        .join(one, one.id == NationalProduct.rating_id)
        .join(Region, Region.code == one.region_code)
        .where(among(Product.company_id, ids), one.starts_on <= day, ends, _of(EVERYWHERE, one))
    )  # fmt: skip
    return session.execute(query.order_by(one.id)).all()
