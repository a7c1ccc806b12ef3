"""Gap tables and groups as far as the reader may see them: a company the four-same groups of its own products."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from catalogue.drugs.models import Product
from kernel.auth.actor import Actor
from kernel.errors import NotFound
from kernel.parties.models import Region
from pricing.governance.comparison.flow import Same
from pricing.governance.comparison.models import OutsidePrice, OutsideProduct, PriceGap, SameGroup, SameMember
from pricing.governance.comparison.queries import outside
from pricing.governance.comparison.rules.gaps import National, Rise, national, rises
from pricing.listings.flow import ListingKind
from pricing.listings.models import Listing
from pricing.listings.queries import counts_on

SORTS = {
    "ratio": PriceGap.ratio, "price": PriceGap.price, "lowest": PriceGap.lowest, "median": PriceGap.median,
    "name": SameGroup.name, "region": PriceGap.region_code,
}  # fmt: skip


def _own(actor: Actor) -> list[Any]:
    """Say which groups the actor may see."""
    return [SameGroup.same == Same.FOUR, SameGroup.company_id == actor.organisation_id] if actor.supplies else []


def asked(parts: Mapping[str, str]) -> dict[str, Any]:
    """Return the filter of the gap table from the parts of its address."""
    kind, same, sort = parts.get("kind", ""), parts.get("same", ""), parts.get("sort", "")
    return {
        "text": parts.get("q", "").strip()[:80], "region_code": parts.get("region", "").strip()[:12],
        "kind": ListingKind(kind) if kind in set(ListingKind) else None, "outliers": bool(parts.get("outliers")),
        "same": Same(same) if same in set(Same) else Same.FOUR, "sort": sort if sort.lstrip("-") in SORTS else "-ratio",
    }  # fmt: skip


def gaps(
    actor: Actor, *, text: str = "", region_code: str = "", kind: ListingKind | None = None, outliers: bool = False,
    same: Same = Same.FOUR, sort: str = "-ratio",
) -> Select[PriceGap]:  # fmt: skip
    """Return the query of the gap table, the highest ratio first."""
    same = Same.FOUR if actor.supplies else same  # of other makers' prices a company sees nothing
    query = select(PriceGap).join(PriceGap.group).options(contains_eager(PriceGap.group), joinedload(PriceGap.region))
    query = query.where(PriceGap.same == same, *_own(actor))
    if text:
        like = (SameGroup.name.contains(text, autoescape=True), SameGroup.maker.contains(text, autoescape=True))
        query = query.where(or_(*like))
    if region_code:
        query = query.where(PriceGap.region_code == region_code)
    if kind is not None:
        query = query.where(PriceGap.kind == kind)
    if outliers:
        query = query.where(PriceGap.outlier.is_(True))
    column: Any = SORTS[sort.lstrip("-")]
    return query.order_by(column.desc() if sort.startswith("-") else column, PriceGap.group_id, PriceGap.region_code)


def outlier_count(session: Session, actor: Actor, same: Same) -> int:
    """Count the outliers that the actor sees."""
    ids = gaps(actor, outliers=True, same=same).order_by(None).with_only_columns(PriceGap.group_id).subquery()
    return session.scalar(select(func.count()).select_from(ids)) or 0


def regions(session: Session) -> list[tuple[str, str]]:
    """Return the regions that have gaps, as the filter's choices."""
    known = select(PriceGap.group_id).where(PriceGap.region_code == Region.code)
    query = select(Region.code, Region.name).where(known.exists()).order_by(Region.code)
    return [(row[0], row[1]) for row in session.execute(query)]


def region_names(session: Session) -> dict[str, str]:
    """Return the provinces' names by code."""
    query = select(Region.code, Region.name).where(Region.parent_code.is_(None))
    return {row[0]: row[1] for row in session.execute(query)}


def one(session: Session, same_id: int, actor: Actor) -> SameGroup:
    """Return a group, or NotFound."""
    found = session.scalars(select(SameGroup).where(SameGroup.id == same_id, *_own(actor))).one_or_none()
    if found is None:
        raise NotFound(group=same_id)
    return found


@dataclass(frozen=True, slots=True)
class Priced:
    """A price of a group in a region, yuan per unit: a listing here, or what another region published."""

    region_code: str
    region: str
    kind: ListingKind
    price: Decimal
    starts: date
    ends: date | None
    maker: str
    pack: int
    document: str
    listing_id: int | None
    group_id: int
    """The four-same group."""
    series: tuple[str, int]
    """Whose price through time it is."""


def priced(session: Session, group: SameGroup, day: date | None = None) -> list[Priced]:
    """Return the prices of a group that count on a day, or all there ever were, by region, oldest first."""
    found = [*_listed(session, group, day), *_told(session, group, day)]
    return sorted(found, key=lambda one: (one.region_code, one.kind, one.series, one.starts))


def _among(column: Any, group: SameGroup) -> Any:
    """Say whether a four-same group is the group, or belongs to the three-same group."""
    if group.same is Same.FOUR:
        return column == group.id
    return column.in_(select(SameGroup.id).where(SameGroup.parent_id == group.id))


def _listed(session: Session, group: SameGroup, day: date | None) -> list[Priced]:
    query = (
        select(Listing, SameMember.group_id)
        .join(SameMember, SameMember.product_id == Listing.product_id)
        .where(_among(SameMember.group_id, group))
        .options(joinedload(Listing.product).joinedload(Product.company), joinedload(Listing.region))
    )
    query = (
        query.where(counts_on(day)) if day else query.where(or_(Listing.ends.is_(None), Listing.ends > Listing.starts))
    )
    return [
        Priced(
            one.region_code, one.region.name, one.kind, one.price, one.starts, one.ends, one.product.company.shown_name,
            one.product.pack, one.reason, one.id, four, ("here", one.product_id),
        )
        for one, four in session.execute(query)
    ]  # fmt: skip


def _told(session: Session, group: SameGroup, day: date | None) -> list[Priced]:
    query = (
        select(OutsidePrice).join(OutsidePrice.outside).where(_among(OutsideProduct.group_id, group))
        .options(contains_eager(OutsidePrice.outside), joinedload(OutsidePrice.region))
    )  # fmt: skip
    if day:
        query = query.where(outside.counts_on(day))
    return [
        Priced(
            one.region_code, one.region.name, one.kind, one.price, one.starts, one.ends, one.outside.maker,
            one.outside.pack, one.document, None, one.outside.group_id or 0, ("outside", one.outside_id),
        )
        for one in session.scalars(query)
    ]  # fmt: skip


def figures(prices: Sequence[Priced]) -> dict[ListingKind, National]:
    """Return the national prices of each kind, from the lowest of each region and four-same group."""
    lowest: dict[ListingKind, dict[tuple[str, int], Decimal]] = defaultdict(dict)
    for each in prices:
        key = (each.region_code, each.group_id)
        lowest[each.kind][key] = min(each.price, lowest[each.kind].get(key, each.price))
    found = {kind: national([(region, price) for (region, _group), price in held.items()])
             for kind, held in lowest.items()}  # fmt: skip
    return {kind: one_ for kind, one_ in found.items() if one_ is not None}


def standing_rises(history: Sequence[Priced]) -> list[Rise]:
    """Return the rises of a group's prices that still stand, the earliest first."""
    series: dict[tuple[str, object], list[tuple[date, Decimal]]] = defaultdict(list)
    for each in history:
        series[each.region, (each.kind, each.series)].append((each.starts, each.price))
    return rises(series)


def of_product(session: Session, product_id: int) -> tuple[int | None, Sequence[PriceGap]]:
    """Return the four-same group of a product, and the gaps of its own regions' listings."""
    group = session.scalar(select(SameMember.group_id).where(SameMember.product_id == product_id))
    here = select(Listing.id).where(
        Listing.product_id == product_id, Listing.region_code == PriceGap.region_code, Listing.kind == PriceGap.kind
    )
    query = select(PriceGap).where(PriceGap.group_id == group, PriceGap.same == Same.FOUR, here.exists())
    return group, session.scalars(query.options(joinedload(PriceGap.region)).order_by(PriceGap.ratio.desc())).all()
