"""The list of items as the page and its export ask for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import Session, contains_eager

from catalogue.search.queries import matching_ids
from kernel.parties.models import Region
from kernel.periods import read_day
from pricing.items.flow import ItemStandard, PriceGrade, Pricing
from pricing.items.models import ItemPrice, ItemVersion, ServiceItem
from pricing.items.queries.items import valid_on

E = TypeVar("E", bound=StrEnum)
Choices = Sequence[tuple[str, str]]
MOST = 80


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to; prices are those of a region on a day."""

    day: date
    region: str
    text: str = ""
    category: str = ""
    standard: ItemStandard | None = None
    pricing: Pricing | None = None
    grade: PriceGrade | None = None


def asked(parts: Mapping[str, str], *, today: date, region: str) -> Asked:
    """Read the address of the list; what is none of the choices is left out. `region` stands in where none is named."""
    return Asked(
        read_day(parts.get("day", "")) or today, parts.get("region", "").strip()[:12] or region,
        parts.get("q", "").strip()[:MOST], parts.get("category", "").strip()[:12],
        _code(ItemStandard, parts.get("standard")), _code(Pricing, parts.get("pricing")),
        _code(PriceGrade, parts.get("grade")),
    )  # fmt: skip


def _code(codes: type[E], written: str | None) -> E | None:
    return codes(written) if written in set(codes) else None


def versions(wanted: Asked) -> Select[ItemVersion]:
    """Return the query of the versions that are in force on the day: the nation's items and the region's own."""
    query = select(ItemVersion).join(ItemVersion.item).options(contains_eager(ItemVersion.item))
    query = query.where(valid_on(wanted.day), ServiceItem.region_code.in_(("", wanted.region)))
    if wanted.text:
        ids = matching_ids(wanted.text, kind="service_item")
        query = query.where(false() if ids is None else ItemVersion.item_id.in_(ids))
    if wanted.category:
        query = query.where(ItemVersion.category_code.startswith(wanted.category, autoescape=True))
    if wanted.standard is not None:
        query = query.where(ServiceItem.standard == wanted.standard)
    if wanted.pricing is not None:
        query = query.where(ItemVersion.pricing == wanted.pricing)
    return query.order_by(ServiceItem.code, ServiceItem.region_code)


def regions(session: Session) -> Choices:
    """Return the pricing regions, as the choices of a filter."""
    priced = select(ItemPrice.region_code).distinct()
    query = select(Region.code, Region.name).where(Region.code.in_(priced)).order_by(Region.code)
    return [(code, name) for code, name in session.execute(query)]


def categories(session: Session, day: date) -> Choices:
    """Return the categories that items in force name, as the choices of a filter."""
    columns = (ItemVersion.category_code, ItemVersion.category_name)
    query = select(*columns).where(valid_on(day), ItemVersion.category_code != "").distinct().order_by(*columns)
    return [(code, f"{code} {name}") for code, name in session.execute(query)]


def places(session: Session) -> Choices:
    """Return provinces and cities, where prices may be set."""
    query = select(Region.code, Region.name).where(func.substr(Region.code, 5, 2).in_(("00", ""))).order_by(Region.code)
    return [(code, name) for code, name in session.execute(query)]
