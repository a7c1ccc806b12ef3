"""What the page of an item shows beside the item itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import literal, select
from sqlalchemy.orm import Session, selectinload

from catalogue.consumables.models import Consumable, ConsumableCategory
from kernel.parties.models import Region
from pricing.items.flow import PriceGrade
from pricing.items.models import ItemPrice, ServiceCategory
from pricing.items.queries.prices import holds_on

BRANCH = (1, 2, 4, 6)
"""Lengths of the beginnings of a code of 2001 that are classes, subclasses and groups."""


@dataclass(frozen=True, slots=True)
class OfRegion:
    """The ceilings of one region, by grade."""

    region: Region
    grades: Mapping[PriceGrade, ItemPrice]


def by_region(session: Session, item_id: int, day: date) -> Sequence[OfRegion]:
    """Return the ceilings of an item on a day."""
    query = select(ItemPrice).where(ItemPrice.item_id == item_id, ItemPrice.hospital_id.is_(None), holds_on(day))
    rows = session.scalars(query.options(selectinload(ItemPrice.region)).order_by(ItemPrice.region_code)).all()
    grouped = groupby(rows, key=lambda row: row.region_code)
    found = [list(some) for _code, some in grouped]
    return [OfRegion(some[0].region, {row.grade: row for row in some}) for some in found]


def by_hospital(session: Session, item_id: int, day: date, limit: int = 200) -> Sequence[ItemPrice]:
    """Return the prices of an item that hospitals set themselves and that hold on a day."""
    query = select(ItemPrice).where(ItemPrice.item_id == item_id, ItemPrice.hospital_id.is_not(None), holds_on(day))
    query = query.options(selectinload(ItemPrice.hospital), selectinload(ItemPrice.region))
    return session.scalars(query.order_by(ItemPrice.price, ItemPrice.id).limit(limit)).all()


@dataclass(frozen=True, slots=True)
class Excluded:
    """A category of consumables that is charged beside an item, with how many consumables are kept under it."""

    code: str
    name: str
    count: int
    more: bool


def excluded(session: Session, codes: Collection[str], most: int = 1_000) -> Sequence[Excluded]:
    """Return the categories that codes begin with; consumables are counted as far as `most`."""
    if not codes:
        return ()
    names = dict(session.execute(
        select(ConsumableCategory.code, ConsumableCategory.name).where(ConsumableCategory.code.in_(codes))
    ).all())  # fmt: skip
    parts = [
        select(literal(code).label("code"), Consumable.generic_name)
        .where(Consumable.code.between(code, code + "\uffff")).limit(most + 1).subquery().select()
        for code in codes
    ]  # fmt: skip
    counted, named = defaultdict[str, int](int), dict[str, str](names)
    for code, name in session.execute(parts[0].union_all(*parts[1:])):
        counted[code] += 1
        named.setdefault(code, name)
    return [Excluded(code, named.get(code, ""), min(counted[code], most), counted[code] > most) for code in codes]


def branch(session: Session, code: str) -> Sequence[tuple[str, str]]:
    """Return the categories above a code, from the widest, as the list of categories names them first."""
    beginnings = [code[:length] for length in BRANCH if len(code) >= length]
    query = select(ServiceCategory.code, ServiceCategory.name).where(ServiceCategory.code.in_(beginnings))
    found: dict[str, str] = {}
    for each, name in session.execute(query.order_by(ServiceCategory.code, ServiceCategory.id)):
        found.setdefault(each, name)
    return list(found.items())
