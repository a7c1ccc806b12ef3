"""A company cuts the price of its own product, at once and without a review; its labels follow the next day."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.errors import Conflict, Invalid, Issue, NotFound
from kernel.money import NotANumber, parse_decimal
from pricing.governance.labelling.services.running import relabel
from pricing.governance.sets import queries as sets
from pricing.listings import queries
from pricing.listings.flow import ListingKind, ListingState
from pricing.listings.models import Listing
from pricing.listings.rules import NewListing, faults
from pricing.listings.services import list_products
from pricing.tags import Tag

ORIGIN = "cut"


def cut(session: Session, *, listing_id: int, written: str, actor: Actor, at: datetime) -> Listing:
    """Lower the price of one's own listing from today on, yuan per unit; a price set by an award is not cut here."""
    listing, day = _own(session, listing_id, actor), today(at)
    if listing.kind is ListingKind.AGREEMENT or listing.state_on(day) is not ListingState.ACTIVE:
        raise Conflict("cut-not-here")
    price = _read(written)
    if price >= listing.price:
        raise Invalid({"price": Issue("cut-not-lower", value=written, facts={"price": listing.price})})
    row = NewListing(
        listing.product_id, listing.region_code, listing.kind, price, max(day, listing.starts), listing.ends, ""
    )
    if wrong := faults(row, None):
        raise Invalid({"price": Issue(wrong[0].code, value=written, facts=wrong[0].facts)})
    variety, before = listing.product.specification.variety_id, listing.price
    list_products(session, rows=[row], actor=actor, at=at, origin=ORIGIN)
    made = _current(session, row)
    record(session, Tag.PRICE_CUT, made, actor, at, {"before": before, "after": price})
    relabel(session, varieties={variety}, by_region=sets.by_region(session, day), day=day, at=at)
    return made


def _own(session: Session, listing_id: int, actor: Actor) -> Listing:
    """Return a listing of the actor's own company with its row locked; another company's is none."""
    query = select(Listing).where(Listing.id == listing_id).with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None or actor.organisation_id is None or found.product.company_id != actor.organisation_id:
        raise NotFound(listing=listing_id)
    if found.state is ListingState.ENDED:
        raise Conflict("cut-not-here")
    return found


def _read(written: str) -> Decimal:
    try:
        return parse_decimal(written)
    except NotANumber:
        raise Invalid({"price": Issue("listing-bad-price", value=written, facts={"price": written})}) from None


def _current(session: Session, row: NewListing) -> Listing:
    session.expire_all()  # the bulk path went past the identity map
    return queries.of_key(session, row.key)
