"""Items by code, with their versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, selectinload

from kernel.errors import NotFound
from kernel.policy import levels
from kernel.sets import among
from pricing.items.models import ItemAddOn, ItemExclusion, ItemVersion, ServiceItem
from pricing.items.rules.items import PLAIN, AddOn, Content, Last, by_version


def one(session: Session, item_id: int) -> ServiceItem:
    """Return an item, or NotFound."""
    found = session.get(ServiceItem, item_id)
    if found is None:
        raise NotFound(item=item_id)
    return found


def ids_by_code(session: Session, codes: Collection[str], region_code: str = "") -> dict[str, int]:
    """Return the items of a catalogue by their codes."""
    query = select(ServiceItem.code, ServiceItem.id).where(ServiceItem.region_code == region_code)
    return dict(session.execute(query.where(among(ServiceItem.code, codes))).all())


def ids_of(session: Session, codes: Collection[str], region_codes: Collection[str]) -> dict[tuple[str, str], int]:
    """Return items by region and code as regions use them: a region's own before its city's, province's, the nation's.

    One query for any number of regions.
    """
    catalogues = {region: ("", *levels(region)) if region else ("",) for region in region_codes}
    query = select(ServiceItem.region_code, ServiceItem.code, ServiceItem.id).where(among(ServiceItem.code, codes))
    query = query.where(ServiceItem.region_code.in_({one for line in catalogues.values() for one in line}))
    held: dict[str, dict[str, int]] = defaultdict(dict)
    for catalogue, code, item_id in session.execute(query):
        held[catalogue][code] = item_id
    return {
        (region, code): item_id
        for region, line in catalogues.items() for one in line for code, item_id in held[one].items()
    }  # fmt: skip


def ids_near(session: Session, codes: Collection[str], region_code: str) -> dict[str, int]:
    """Return the items that a region uses by their codes."""
    return {code: item_id for (_region, code), item_id in ids_of(session, codes, [region_code]).items()}


def valid_on(day: date) -> Any:
    """Say in SQL that a version is in force on a day."""
    return and_(ItemVersion.starts_on <= day, or_(ItemVersion.ends_on.is_(None), ItemVersion.ends_on > day))


def versions_on(session: Session, day: date, item_ids: Collection[int]) -> dict[int, ItemVersion]:
    """Return the versions that are in force on a day, by item."""
    query = select(ItemVersion).where(among(ItemVersion.item_id, item_ids), valid_on(day))
    return {version.item_id: version for version in session.scalars(query)}


def versions(session: Session, item_id: int) -> Sequence[ItemVersion]:
    """Return every version of an item, the newest first."""
    query = select(ItemVersion).where(ItemVersion.item_id == item_id).options(selectinload(ItemVersion.item))
    return session.scalars(query.order_by(ItemVersion.starts_on.desc())).all()


def add_ons(session: Session, version_ids: Collection[int]) -> dict[int, tuple[AddOn, ...]]:
    """Return the add-ons of versions."""
    query = select(ItemAddOn.version_id, ItemAddOn.kind, ItemAddOn.name, ItemAddOn.amount, ItemAddOn.percent)
    rows = session.execute(query.where(among(ItemAddOn.version_id, version_ids)))
    return by_version([(row[0], AddOn(*row[1:])) for row in rows])


def exclusions(session: Session, version_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return the categories of consumables that versions exclude."""
    query = select(ItemExclusion.version_id, ItemExclusion.category_code)
    query = query.where(among(ItemExclusion.version_id, version_ids)).order_by(ItemExclusion.category_code)
    found = defaultdict[int, list[str]](list)
    for version_id, code in session.execute(query):
        found[version_id].append(code)
    return {version_id: tuple(codes) for version_id, codes in found.items()}


def contents(session: Session, found: Sequence[ItemVersion]) -> Iterator[tuple[ItemVersion, Content]]:
    """Yield versions with all they say, two queries for any number."""
    ids = [version.id for version in found]
    more, out = add_ons(session, ids), exclusions(session, ids)
    for version in found:
        values = [getattr(version, name) for name in PLAIN]
        yield version, _content(values, more.get(version.id, ()), out.get(version.id, ()))


def last_versions(session: Session, codes: Collection[str], region_code: str = "") -> dict[str, Last]:
    """Return the last version of each item of a catalogue among the codes, four queries for any number."""
    table = ItemVersion.__table__
    query = select(
        ServiceItem.code, ServiceItem.id, ServiceItem.standard, ItemVersion.id, ItemVersion.starts_on,
        *(table.c[name] for name in PLAIN),
    ).join(ItemVersion, and_(ItemVersion.item_id == ServiceItem.id, ItemVersion.ends_on.is_(None)))  # fmt: skip
    query = query.where(ServiceItem.region_code == region_code, among(ServiceItem.code, codes))
    rows = session.execute(query).all()
    version_ids = [row[3] for row in rows]
    more, out = add_ons(session, version_ids), exclusions(session, version_ids)
    return {
        row[0]: Last(row[1], row[3], row[4], row[2], _content(row[5:], more.get(row[3], ()), out.get(row[3], ())))
        for row in rows
    }


def _content(values: Sequence[Any], more: tuple[AddOn, ...], out: tuple[str, ...]) -> Content:
    return Content(**dict(zip(PLAIN, values, strict=True)), add_ons=more, exclusions=out)
