"""Price tables: items with their ceilings of a day by grade."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from kernel.sets import among
from pricing.items.flow import PriceGrade
from pricing.items.models import ItemVersion, ServiceItem
from pricing.items.queries.items import valid_on
from pricing.items.queries.prices import prices_on


@dataclass(frozen=True, slots=True)
class Priced:
    """An item as it is on a day, with a grade's ceiling in yuan per unit."""

    code: str
    name: str
    unit: str
    grade: PriceGrade
    price: Decimal


def table(
    session: Session, day: date, region_code: str, *, codes: Collection[str], grades: Iterable[PriceGrade]
) -> Sequence[Priced]:
    """Return the prices of some items on a day, two queries for any number."""
    query = select(ItemVersion).join(ItemVersion.item).where(among(ServiceItem.code, codes), valid_on(day))
    query = query.where(ServiceItem.region_code.in_(("", region_code))).options(joinedload(ItemVersion.item))
    versions = session.scalars(query.order_by(ServiceItem.code, ServiceItem.region_code)).all()
    wanted = tuple(grades)
    found = prices_on(session, day, region_code, item_ids=[one.item_id for one in versions], grades=wanted)
    return [
        Priced(one.item.code, one.name, one.unit, grade, found[one.item_id, grade])
        for one in versions for grade in wanted if (one.item_id, grade) in found
    ]  # fmt: skip
