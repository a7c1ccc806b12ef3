"""What a new price does to the one that stands.

Source: rules/trading.md, "Order": every kind of order passes the check of its own listing. One listing a product,
region and kind is current; a new price ends the old row on the day it starts itself, so that every past day keeps
its price.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from kernel.money import places, round_amount
from pricing.listings.flow import ListingKind, ListingState

MOST = Decimal(10) ** 8
"""Yuan a unit; what is dearer is a slip of the pen."""
KIND_WORDS = {
    ListingKind.AGREEMENT: "中选",
    ListingKind.NEGOTIATED: "谈判",
    ListingKind.LISTED: "挂网",
    ListingKind.SHORTAGE: "短缺药",
    ListingKind.FILED: "备案",
}
"""Kinds as workbooks name them."""
Key = tuple[int, str, ListingKind]
"""Product, region and kind."""


@dataclass(frozen=True, slots=True)
class NewListing:
    """A price to list, in yuan per unit of the product's specification. `ends` is the first day it no longer counts."""

    product_id: int
    region_code: str
    kind: ListingKind
    price: Decimal
    starts: date
    ends: date | None = None
    reason: str = ""

    @property
    def key(self) -> Key:
        """Return what only one current listing may have."""
        return self.product_id, self.region_code, self.kind


@dataclass(frozen=True, slots=True)
class Current:
    """The current listing of a key."""

    id: int
    price: Decimal
    starts: date
    ends: date | None
    state: ListingState = ListingState.ACTIVE
    suspended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a price can't be listed: the field it is about, a code and its facts."""

    field: str
    code: str
    facts: dict[str, object]


class Change(Enum):
    """What a new price does."""

    KEEP = "keep"
    CREATE = "create"
    PROLONG = "prolong"
    REPLACE = "replace"


def faults(new: NewListing, current: Current | None) -> list[Fault]:
    """Return all that is wrong with a price.

    >>> [each.code for each in faults(NewListing(1, "98", ListingKind.LISTED, Decimal(0), date(2026, 1, 1)), None)]
    ['listing-bad-price']
    """
    found = []
    if not new.price.is_finite() or not 0 < new.price < MOST or places(new.price) > 4:
        found.append(Fault("price", "listing-bad-price", {"price": new.price}))
    if new.ends is not None and new.ends <= new.starts:
        found.append(Fault("ends", "listing-ends-first", {"starts": new.starts, "ends": new.ends}))
    if current is not None and new.starts < current.starts:
        found.append(Fault("starts", "listing-starts-early", {"starts": current.starts, "price": current.price}))
    return found


def change(new: NewListing, current: Current | None) -> Change:
    """Say what a price without faults does to the current listing: the same price goes on, another replaces it.

    >>> old = Current(7, Decimal("1.20"), date(2026, 1, 1), date(2027, 1, 1))
    >>> renewed = NewListing(1, "98", ListingKind.AGREEMENT, Decimal("1.2"), date(2027, 1, 1), date(2028, 1, 1))
    >>> change(renewed, old)
    <Change.PROLONG: 'prolong'>
    """
    if current is None:
        return Change.CREATE
    if current.price != new.price or (current.ends is not None and current.ends < new.starts):
        return Change.REPLACE
    return Change.KEEP if current.ends == new.ends else Change.PROLONG


def cut(current: Current, starts: date) -> date:
    """Return the end of a listing that another follows from `starts` on."""
    return starts if current.ends is None else min(current.ends, starts)


def counts(day: date, *, starts: date, ends: date | None, suspended_on: date | None) -> bool:
    """Say whether a listing's price counts on a day."""
    return starts <= day and (ends is None or day < ends) and (suspended_on is None or day < suspended_on)


def pack_price(price: Decimal, pack: int) -> Decimal:
    """Return yuan per pack, half-up to the fen.

    >>> pack_price(Decimal("0.0651"), 24)
    Decimal('1.56')
    """
    return round_amount(price * pack)
