"""Prices of other regions and the products they are of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from kernel.errors import NotFound
from kernel.parties.models import Region
from kernel.sets import among
from pricing.governance.comparison.flow import Match
from pricing.governance.comparison.models import OutsidePrice, OutsideProduct
from pricing.governance.comparison.rules.prices import Held
from pricing.listings.flow import ListingKind, ListingState
from pricing.listings.models import Listing

Key = tuple[int, str, ListingKind]
"""Written product, region and kind."""


def counts_on(day: date) -> Any:
    """Say in SQL whether an outside price counts on a day."""
    return and_(OutsidePrice.starts <= day, or_(OutsidePrice.ends.is_(None), OutsidePrice.ends > day))


def stands(session: Session, keys: Collection[Key]) -> dict[Key, dict[date, tuple[int, Held]]]:
    """Return every price of some products in their regions, with its id, by first day."""
    one = OutsidePrice
    columns = (
        one.outside_id,
        one.region_code,
        one.kind,
        one.starts,
        one.id,
        one.price,
        one.pack_price,
        one.ends,
        one.document,
    )
    query = select(*columns).where(
        among(one.outside_id, sorted({key[0] for key in keys})), one.region_code.in_({key[1] for key in keys})
    )
    found: dict[Key, dict[date, tuple[int, Held]]] = defaultdict(dict)
    for row in session.execute(query):
        held = Held(row.price, row.pack_price, row.ends, row.document)
        found[row.outside_id, row.region_code, row.kind][row.starts] = (row.id, held)
    return found


def ids_of(session: Session, digests: Collection[str]) -> dict[str, int]:
    """Return the written products that are known, by digest."""
    query = select(OutsideProduct.digest, OutsideProduct.id).where(among(OutsideProduct.digest, sorted(digests)))
    return {row[0]: row[1] for row in session.execute(query)}


def listed_here(session: Session, regions: Collection[str]) -> set[str]:
    """Return which of some regions keep their own listings on the platform."""
    held = select(Listing.id).where(Listing.region_code == Region.code, Listing.state != ListingState.ENDED)
    return set(session.scalars(select(Region.code).where(among(Region.code, sorted(regions)), held.exists())))


def products(*, text: str = "", match: Match | None = None) -> Select[OutsideProduct]:
    """Return the query of the list of written products, those that wait for a person first."""
    query = select(OutsideProduct).options(joinedload(OutsideProduct.group))
    if text:
        like = [column.contains(text, autoescape=True) for column in
                (OutsideProduct.name, OutsideProduct.maker, OutsideProduct.code)]  # fmt: skip
        query = query.where(or_(*like))
    if match is not None:
        query = query.where(OutsideProduct.match == match)
    return query.order_by(OutsideProduct.match != Match.UNSURE, OutsideProduct.id)


def asked(parts: Mapping[str, str]) -> dict[str, Any]:
    """Return the filter of the list of written products from the parts of its address."""
    match = parts.get("match", "")
    return {"text": parts.get("q", "").strip()[:80], "match": Match(match) if match in set(Match) else None}


def tally(session: Session) -> dict[Match, int]:
    """Count written products by how they were matched."""
    query = select(OutsideProduct.match, func.count()).group_by(OutsideProduct.match)
    return {row[0]: row[1] for row in session.execute(query)}


def one(session: Session, outside_id: int, *, lock: bool = False) -> OutsideProduct:
    """Return a written product, or NotFound; locked and read anew to be changed."""
    query = select(OutsideProduct).where(OutsideProduct.id == outside_id).options(joinedload(OutsideProduct.group))
    if lock:
        query = query.with_for_update(of=OutsideProduct).execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(outside=outside_id)
    return found


def prices_of(session: Session, outside_id: int) -> Sequence[OutsidePrice]:
    """Return every price of a written product, by region, oldest first."""
    query = select(OutsidePrice).where(OutsidePrice.outside_id == outside_id).options(joinedload(OutsidePrice.region))
    order = (OutsidePrice.region_code, OutsidePrice.kind, OutsidePrice.starts)
    return session.scalars(query.order_by(*order).limit(1_000)).all()


def prices(*, text: str = "", region_code: str = "", day: date | None = None) -> Select[OutsidePrice]:
    """Return the query of the list of prices, by region and product; of a day those that count on it."""
    query = (
        select(OutsidePrice)
        .join(OutsidePrice.outside)
        .options(joinedload(OutsidePrice.outside), joinedload(OutsidePrice.region))
    )
    if text:
        columns = (OutsideProduct.name, OutsideProduct.maker, OutsideProduct.code)
        query = query.where(or_(*(column.contains(text, autoescape=True) for column in columns)))
    if region_code:
        query = query.where(OutsidePrice.region_code == region_code)
    if day is not None:
        query = query.where(counts_on(day))
    return query.order_by(OutsidePrice.region_code, OutsidePrice.outside_id, OutsidePrice.kind, OutsidePrice.starts)


def regions(session: Session) -> list[tuple[str, str]]:
    """Return the regions that have outside prices, as the filter's choices."""
    known = select(OutsidePrice.id).where(OutsidePrice.region_code == Region.code)
    query = select(Region.code, Region.name).where(known.exists()).order_by(Region.code)
    return [(row[0], row[1]) for row in session.execute(query)]
