"""Listings: what counts on a day, what is current, the list page and a product's history."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, selectinload

from catalogue.drugs.models import Product, Specification
from catalogue.search.queries import matching_ids
from kernel.errors import NotFound
from kernel.identity import record_id
from kernel.paging import WINDOW, Page, turned
from kernel.parties.models import Region
from kernel.parties.regions import upward
from kernel.periods import read_day
from kernel.sets import among
from pricing.listings.flow import ListingKind, ListingState
from pricing.listings.models import Listing
from pricing.listings.rules import Current, Key, NewListing

FEW = 5_000
_WHOLE = (
    selectinload(Listing.product).joinedload(Product.specification).joinedload(Specification.variety),
    selectinload(Listing.region),
)
"""Read beside the rows: joined to them, SQLite puts every product together for a page of fifty."""


def standing(
    session: Session, *, product_ids: Collection[int], region_code: str, day: date
) -> dict[tuple[int, ListingKind], Listing]:
    """Return the prices that count on a day, by product and kind; thousands of products cost one query.

    A region follows those above it where it has no listing of its own; the nearest counts.
    """
    line = upward(session, region_code)
    near = {code: place for place, code in enumerate(line)}
    found: dict[tuple[int, ListingKind], Listing] = {}
    query = select(Listing).where(among(Listing.product_id, product_ids), Listing.region_code.in_(line), counts_on(day))
    rows = session.scalars(query).all()
    for row in sorted(rows, key=lambda row: (-near[row.region_code], row.starts, row.id)):
        found[row.product_id, row.kind] = row
    return found


def counts_on(day: date) -> Any:
    """Say in SQL what rules.counts says."""
    open_ = or_(Listing.ends.is_(None), Listing.ends > day)
    free = or_(Listing.suspended_on.is_(None), Listing.suspended_on > day)
    return and_(Listing.starts <= day, open_, free)


def current(session: Session, rows: Sequence[NewListing]) -> dict[Key, Current]:
    """Return the current listing of every key of the rows: by product where they are few, else by region and kind."""
    columns = (
        Listing.product_id, Listing.region_code, Listing.kind, Listing.id, Listing.price, Listing.starts, Listing.ends,
        Listing.state, Listing.suspended_on,
    )  # fmt: skip
    query = select(*columns).where(
        Listing.state != ListingState.ENDED, Listing.region_code.in_({row.region_code for row in rows}),
        Listing.kind.in_({row.kind for row in rows}),
    )  # fmt: skip
    products = {row.product_id for row in rows}
    if len(products) <= FEW:
        query = query.where(Listing.product_id.in_(products))
    return {(row[0], row[1], row[2]): Current(*row[3:]) for row in session.execute(query)}


def known_products(session: Session, ids: Collection[int]) -> set[int]:
    """Return which of the numbers are products."""
    query = select(Product.id)
    if len(ids) <= FEW:
        query = query.where(Product.id.in_(ids))
    return set(session.scalars(query)) & set(ids)


def known_regions(session: Session) -> set[str]:
    """Return every region's code."""
    return set(session.scalars(select(Region.code)))


def of_key(session: Session, key: Key) -> Listing:
    """Return the current listing of a product, region and kind."""
    product_id, region_code, kind = key
    query = select(Listing).where(
        Listing.product_id == product_id, Listing.region_code == region_code, Listing.kind == kind,
        Listing.state != ListingState.ENDED,
    )  # fmt: skip
    return session.scalars(query).one()


def of_keys(session: Session, keys: Collection[Key]) -> dict[Key, int]:
    """Return the numbers of current listings by key, in one query."""
    columns = (Listing.product_id, Listing.region_code, Listing.kind, Listing.id)
    query = select(*columns).where(among(Listing.product_id, {key[0] for key in keys}))
    found = {
        (row[0], row[1], row[2]): row[3] for row in session.execute(query.where(Listing.state != ListingState.ENDED))
    }
    return {key: found[key] for key in keys if key in found}


def made_of(session: Session, pairs: Collection[tuple[int, int]]) -> Mapping[tuple[int, int], list[int]]:
    """Return the active products by company and specification."""
    found: dict[tuple[int, int], list[int]] = {pair: [] for pair in pairs}
    query = select(Product.company_id, Product.specification_id, Product.id).where(
        Product.specification_id.in_({pair[1] for pair in pairs}), Product.active
    )
    for company, specification, product in session.execute(query.order_by(Product.id)):
        if (company, specification) in found:
            found[company, specification].append(product)
    return found


def one(session: Session, listing_id: int) -> Listing:
    """Return a listing, or NotFound."""
    found = session.scalars(select(Listing).where(Listing.id == listing_id).options(*_WHOLE)).one_or_none()
    if found is None:
        raise NotFound(listing=listing_id)
    return found


def asked(parts: Mapping[str, str], today: date) -> dict[str, Any]:
    """Return the filter of the list page from the parts of its address; a day that is none is left out."""
    kind, state, product = parts.get("kind", ""), parts.get("state", ""), parts.get("product", "")
    return {
        "text": parts.get("q", "").strip()[:80], "region_code": parts.get("region", "").strip()[:12],
        "kind": ListingKind(kind) if kind in set(ListingKind) else None, "today": today,
        "state": ListingState(state) if state in set(ListingState) else None, "day": read_day(parts.get("day", "")),
        "product_id": record_id(product) if product else None,
    }  # fmt: skip


def listing(
    *, today: date, text: str = "", region_code: str = "", kind: ListingKind | None = None,
    state: ListingState | None = None, day: date | None = None, product_id: int | None = None,
) -> Select[Listing]:  # fmt: skip
    """Return the query of the list page, newest first: what is current, or what counts on a day, or is in a state."""
    query = select(Listing).options(*_WHOLE).order_by(Listing.id.desc())
    if text:
        ids = matching_ids(text, kind="product")
        query = query.where(false() if ids is None else Listing.product_id.in_(ids))
    if region_code:
        query = query.where(Listing.region_code == region_code)
    if kind is not None:
        query = query.where(Listing.kind == kind)
    if product_id is not None:
        query = query.where(Listing.product_id == product_id)
    if day is not None:
        query = query.where(counts_on(day))
    over = and_(Listing.ends.is_not(None), Listing.ends <= today)
    if state is ListingState.ENDED:
        return query.where(or_(over, Listing.state == state))
    if state is not None:
        return query.where(Listing.state == state, ~over)
    return query if day is not None else query.where(Listing.state != ListingState.ENDED, ~over)


def page(session: Session, query: Select[Listing], *, number: int, size: int = 50) -> Page:
    """Return a page of the list page's query; rows are counted as far as anybody turns over."""
    few = query.with_only_columns(Listing.id).order_by(None).limit(WINDOW + 1).subquery()
    total = session.scalar(select(func.count()).select_from(few)) or 0
    found = turned(session, query, number=number, size=size, total=total, window=WINDOW)
    return Page(found.rows, total, found.number, size, exact=total <= WINDOW, window=WINDOW)


def regions(session: Session) -> list[tuple[str, str]]:
    """Return the regions that have listings, as the filter's choices."""
    known = select(Listing.region_code).distinct()
    query = select(Region.code, Region.name).where(Region.code.in_(known)).order_by(Region.code)
    return [(code, name) for code, name in session.execute(query)]


def history(session: Session, product_id: int) -> Sequence[Listing]:
    """Return every price a product ever had, by region and kind, oldest first."""
    query = select(Listing).where(Listing.product_id == product_id).options(*_WHOLE)
    order = (Listing.region_code, Listing.kind, Listing.starts, Listing.id)
    return session.scalars(query.order_by(*order).limit(WINDOW)).all()
