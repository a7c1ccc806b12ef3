"""Prices beside each other: of several regions on a day, of one region through the years; and what a day changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from kernel.errors import NotFound
from kernel.paging import Page, turned
from kernel.parties.models import Region
from kernel.sets import among
from pricing.items.flow import PriceGrade, PriceSource
from pricing.items.models import ItemPrice, ServiceItem
from pricing.items.queries.items import versions_on
from pricing.items.queries.prices import holds_on

Table = Mapping[int, Mapping[str, Decimal]]
"""Prices by item, then by what stands above the column."""


def of_regions(
    session: Session, item_ids: Collection[int], regions: Sequence[str], grade: PriceGrade, day: date
) -> Table:
    """Return what regions set themselves for a grade on a day."""
    query = select(ItemPrice.item_id, ItemPrice.region_code, ItemPrice.price).where(
        among(ItemPrice.item_id, item_ids), ItemPrice.region_code.in_(regions), ItemPrice.grade == grade,
        ItemPrice.hospital_id.is_(None), holds_on(day),
    )  # fmt: skip
    found: dict[int, dict[str, Decimal]] = {}
    for item_id, region, price in session.execute(query):
        found.setdefault(item_id, {})[region] = price
    return found


def of_days(session: Session, item_ids: Collection[int], region: str, grade: PriceGrade, days: Sequence[date]) -> Table:
    """Return what held in a region for a grade on each of some days."""
    columns = (ItemPrice.item_id, ItemPrice.starts_on, ItemPrice.ends_on, ItemPrice.price)
    query = select(*columns).where(
        among(ItemPrice.item_id, item_ids), ItemPrice.region_code == region, ItemPrice.grade == grade,
        ItemPrice.hospital_id.is_(None),
    )  # fmt: skip
    found: dict[int, dict[str, Decimal]] = {}
    for item_id, starts, ends, price in session.execute(query):
        held = {day.isoformat(): price for day in days if starts <= day and (ends is None or day < ends)}
        found.setdefault(item_id, {}).update(held)
    return found


@dataclass(frozen=True, slots=True)
class Announcement:
    """What began in a region on a day: how many items have a new price, and where these came from."""

    day: date
    region: Region
    source: PriceSource
    items: int


def announcements(session: Session, *, region: str = "", limit: int = 200) -> Sequence[Announcement]:
    """Return the days on which prices began, the latest first."""
    count = func.count(ItemPrice.item_id.distinct())
    query = select(ItemPrice.starts_on, ItemPrice.region_code, ItemPrice.source, count)
    query = query.where(ItemPrice.hospital_id.is_(None))
    query = query.group_by(ItemPrice.starts_on, ItemPrice.region_code, ItemPrice.source)
    if region:
        query = query.where(ItemPrice.region_code == region)
    order = (ItemPrice.starts_on.desc(), ItemPrice.region_code, ItemPrice.source)
    rows = session.execute(query.order_by(*order).limit(limit)).all()
    known = select(Region).where(Region.code.in_({row[1] for row in rows}))
    names = {one.code: one for one in session.scalars(known)}
    return [Announcement(row[0], names[row[1]], row[2], row[3]) for row in rows]


@dataclass(frozen=True, slots=True)
class Changed:
    """A price that began, with the name it has on that day and the one before it, None where there was none."""

    price: ItemPrice
    name: str
    unit: str
    before: Decimal | None


def began(session: Session, *, day: date, region: str, number: int, size: int = 100) -> Page:
    """Return a page of what began in a region on a day, or NotFound where nothing did."""
    of_day = (ItemPrice.region_code == region, ItemPrice.hospital_id.is_(None))
    query = select(ItemPrice).join(ItemPrice.item).where(*of_day, ItemPrice.starts_on == day)
    query = query.options(joinedload(ItemPrice.item)).order_by(ServiceItem.code, ItemPrice.grade.desc())
    page = turned(session, query, number=number, size=size)
    if not page.rows:
        raise NotFound(day=day, region=region)
    ids = {one.item_id for one in page.rows}
    ended = select(ItemPrice.item_id, ItemPrice.grade, ItemPrice.price).where(*of_day, ItemPrice.ends_on == day)
    before = {
        (item_id, grade): price for item_id, grade, price in session.execute(ended.where(among(ItemPrice.item_id, ids)))
    }
    named: dict[int, Any] = dict(versions_on(session, day, ids))
    rows = [_changed(one, named.get(one.item_id), before.get((one.item_id, one.grade))) for one in page.rows]
    return Page(rows, page.total, page.number, size)


def _changed(one: ItemPrice, version: Any, before: Decimal | None) -> Changed:
    return Changed(one, version.name if version else one.item.code, version.unit if version else "", before)
