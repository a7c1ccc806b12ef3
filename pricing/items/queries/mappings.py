"""Which old items go into which new ones."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from kernel.parties.models import Organisation
from kernel.policy import levels
from kernel.sets import among
from pricing.items.flow import PriceGrade
from pricing.items.models import ItemMapping, ItemVersion, ItemVolume, ServiceItem
from pricing.items.queries.prices import ceilings_on
from pricing.items.rules.mapping import Effect, Used, effects
from pricing.items.rules.prices import grade_of

Pair = tuple[int, int]


def standing(session: Session, old_ids: Collection[int]) -> dict[Pair, ItemMapping]:
    """Return the pairs of some old items."""
    query = select(ItemMapping).where(among(ItemMapping.old_id, old_ids))
    return {(one.old_id, one.new_id): one for one in session.scalars(query)}


@dataclass(frozen=True, slots=True)
class Mapped:
    """A pair with the names of both items in their last versions."""

    pair: ItemMapping
    old: str
    new: str


def of_item(session: Session, item_id: int) -> Sequence[Mapped]:
    """Return the pairs in which an item is the old or the new one."""
    query = select(ItemMapping).where(or_(ItemMapping.old_id == item_id, ItemMapping.new_id == item_id))
    pairs = session.scalars(query.options(joinedload(ItemMapping.old), joinedload(ItemMapping.new))).all()
    return named(session, pairs)


def all_pairs(session: Session, office: str) -> Sequence[Mapped]:
    """Return the pairs of items that an office's region uses; all of them for one without a region."""
    query = select(ItemMapping).options(joinedload(ItemMapping.old), joinedload(ItemMapping.new))
    if office:
        used = select(ServiceItem.id).where(ServiceItem.region_code.in_(("", *levels(office))))
        query = query.where(ItemMapping.old_id.in_(used), ItemMapping.new_id.in_(used))
    return named(session, session.scalars(query).all())


def named(session: Session, pairs: Sequence[ItemMapping]) -> Sequence[Mapped]:
    """Name pairs, one query for any number."""
    ids = {id_ for pair in pairs for id_ in (pair.old_id, pair.new_id)}
    query = select(ItemVersion.item_id, ItemVersion.name).where(among(ItemVersion.item_id, ids))
    names: dict[int, str] = dict(session.execute(query.where(ItemVersion.ends_on.is_(None))).all())
    found = [Mapped(pair, names.get(pair.old_id, ""), names.get(pair.new_id, "")) for pair in pairs]
    return sorted(found, key=lambda one: (one.pair.old.code, one.pair.new.code))


@dataclass(frozen=True, slots=True)
class Group:
    """An old item, the new ones it goes into, and what that brings in a year."""

    pairs: Sequence[Mapped]
    effect: Effect


def effects_of(session: Session, *, year: int, day: date, office: str) -> Sequence[Group]:
    """Return what every mapping an office sees brings with a year's volumes at the prices of a day: four queries."""
    pairs = all_pairs(session, office)
    by_old = {old: list(some) for old, some in groupby(pairs, key=lambda one: one.pair.old_id)}
    used = _used(session, by_old, year)
    ids = {id_ for one in pairs for id_ in (one.pair.old_id, one.pair.new_id)}
    ceilings = ceilings_on(session, day, {one.region for one in used}, item_ids=ids)
    shares = {
        old: [(one.pair.new_id, one.pair.share, one.pair.new.region_code) for one in some]
        for old, some in by_old.items()
    }  # fmt: skip
    found = effects(shares, used, lambda item, region, grade: ceilings.get((item, region, PriceGrade(grade))))
    return [Group(by_old[one.item_id], one) for one in found]


def _used(session: Session, old_ids: Collection[int], year: int) -> Sequence[Used]:
    """Return how often items were charged in a year, by region and grade of the hospitals."""
    columns = (ItemVolume.item_id, Organisation.region_code, Organisation.grade)
    query = select(*columns, func.sum(ItemVolume.quantity)).join(ItemVolume.hospital)
    query = query.where(ItemVolume.year == year, among(ItemVolume.item_id, old_ids)).group_by(*columns)
    rows = session.execute(query)
    return [Used(item, region or "", grade_of(grade).value, quantity) for item, region, grade, quantity in rows]


def years(session: Session) -> Sequence[int]:
    """Return the years of which volumes are kept, the latest first."""
    return session.scalars(select(ItemVolume.year).distinct().order_by(ItemVolume.year.desc())).all()
