"""Prices of items: on any day, the last of each key, and their history."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, selectinload

from kernel.parties.models import Organisation
from kernel.parties.regions import upward_of
from kernel.sets import among
from pricing.items.flow import PriceGrade
from pricing.items.models import ItemPrice
from pricing.items.rules.prices import Key, NewPrice, Standing, grade_of, key

OfGrade = tuple[int, PriceGrade]


def holds_on(day: date) -> Any:
    """Say in SQL that a price holds on a Beijing day (kernel.clock.today of an instant)."""
    return and_(ItemPrice.starts_on <= day, or_(ItemPrice.ends_on.is_(None), ItemPrice.ends_on > day))


def prices_on(
    session: Session, day: date, region_code: str, *, item_ids: Collection[int] | None = None,
    grades: Iterable[PriceGrade] | None = None,
) -> dict[OfGrade, Decimal]:  # fmt: skip
    """Return the ceilings of a day in yuan, by item and grade: two queries for any number of items.

    A region follows those above it where it has no price of its own; the nearest counts.
    """
    found = ceilings_on(session, day, [region_code], item_ids=item_ids, grades=grades)
    return {(item_id, grade): price for (item_id, _region, grade), price in found.items()}


def ceilings_on(
    session: Session, day: date, region_codes: Collection[str], *, item_ids: Collection[int] | None = None,
    grades: Iterable[PriceGrade] | None = None,
) -> dict[tuple[int, str, PriceGrade], Decimal]:  # fmt: skip
    """Return the ceilings of a day by item, region and grade: two queries for any number of regions."""
    lines = upward_of(session, region_codes)
    query = select(ItemPrice.item_id, ItemPrice.region_code, ItemPrice.grade, ItemPrice.price)
    above = {code for line in lines.values() for code in line}
    query = query.where(ItemPrice.hospital_id.is_(None), among(ItemPrice.region_code, above), holds_on(day))
    if item_ids is not None:
        query = query.where(among(ItemPrice.item_id, set(item_ids)))
    if grades is not None:
        query = query.where(ItemPrice.grade.in_(list(grades)))
    own: dict[str, dict[OfGrade, Decimal]] = {}
    for item_id, region, grade, price in session.execute(query):
        own.setdefault(region, {})[item_id, grade] = price
    nearest_last = ((region, code) for region, line in lines.items() for code in reversed(line))
    return {
        (item_id, region, grade): price
        for region, code in nearest_last for (item_id, grade), price in own.get(code, {}).items()
    }  # fmt: skip


def charged_on(
    session: Session, day: date, hospital: Organisation, *, item_ids: Collection[int] | None = None
) -> dict[int, Decimal]:
    """Return what a hospital may charge at most on a day, by item: its own price before the ceiling of its grade."""
    grade = grade_of(hospital.grade)
    of_all = prices_on(session, day, hospital.region_code or "", item_ids=item_ids, grades=[grade])
    query = select(ItemPrice.item_id, ItemPrice.price).where(ItemPrice.hospital_id == hospital.id, holds_on(day))
    if item_ids is not None:
        query = query.where(among(ItemPrice.item_id, set(item_ids)))
    ceilings = {item_id: price for (item_id, _grade), price in of_all.items()}
    return ceilings | dict(session.execute(query).all())


def standing(session: Session, rows: Sequence[NewPrice]) -> Mapping[Key, Standing]:
    """Return the last period of every key of the rows, in one query."""
    columns = (
        ItemPrice.item_id, ItemPrice.region_code, ItemPrice.grade, ItemPrice.hospital_id, ItemPrice.id, ItemPrice.price,
        ItemPrice.starts_on, ItemPrice.ends_on,
    )  # fmt: skip
    query = select(*columns).where(among(ItemPrice.item_id, {row.item_id for row in rows}))
    hospitals = {row.hospital_id for row in rows if row.hospital_id is not None}
    of_all = and_(ItemPrice.hospital_id.is_(None), ItemPrice.region_code.in_({row.region_code for row in rows}))
    query = query.where(or_(of_all, among(ItemPrice.hospital_id, hospitals))).order_by(ItemPrice.starts_on)
    return {key(*row[:4]): Standing(*row[4:]) for row in session.execute(query)}


def history(
    session: Session, item_id: int, *, region_code: str = "", hospital_id: int | None = None
) -> Sequence[ItemPrice]:
    """Return every price an item ever had, oldest first: ceilings by region and grade, or one hospital's own."""
    query = select(ItemPrice).where(ItemPrice.item_id == item_id).options(selectinload(ItemPrice.region))
    query = query.where(
        ItemPrice.hospital_id.is_(None) if hospital_id is None else ItemPrice.hospital_id == hospital_id
    )
    if region_code:
        query = query.where(ItemPrice.region_code == region_code)
    order = (ItemPrice.region_code, ItemPrice.grade, ItemPrice.starts_on, ItemPrice.id)
    return session.scalars(query.order_by(*order)).all()
