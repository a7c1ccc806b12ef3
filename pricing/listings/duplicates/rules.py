"""Which of two listings of the same thing is kept.

Source: issue of listings; catalogue.md "Listing": a product has one listing per region and kind. Duplicates are
listings of different products that are one maker's same specification in the same pack, in one region and of one kind;
a winner's stands beside every kind. Listings of one product in several kinds are none. The keep rule is a region's
parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing.listings.duplicates.flow import Keep


@dataclass(frozen=True, slots=True)
class Twin:
    """One of several listings of the same thing; the price is yuan per unit. What `won` was set by an award."""

    id: int
    won: bool
    price: Decimal
    starts: date
    product: int = 0
    kind: str = ""


_KEYS: Mapping[Keep, Callable[[Twin], object]] = {
    Keep.WINNER: lambda twin: not twin.won,
    Keep.LOWEST_PRICE: lambda twin: twin.price,
    Keep.EARLIEST: lambda twin: twin.starts,
}


def kept(twins: Sequence[Twin], order: Sequence[Keep]) -> tuple[Twin, Mapping[int, Keep]]:
    """Return the listing that stays, and for every other one the key that decided; at last the older number stays.

    >>> one, two = (Twin(1, False, Decimal(2), date(2026, 1, 1)), Twin(2, False, Decimal(1), date(2026, 5, 1)))
    >>> stays, why = kept([one, two], [Keep.WINNER, Keep.LOWEST_PRICE])
    >>> stays.id, why[1].value
    (2, 'lowest-price')
    """
    best = min(twins, key=lambda twin: (*(_KEYS[key](twin) for key in order), twin.id))
    others = (twin for twin in twins if twin is not best)
    return best, {twin.id: _decided(best, twin, order) for twin in others}


def duplicates(twins: Sequence[Twin], order: Sequence[Keep]) -> list[tuple[Twin, int, Keep]]:
    """Return (the listing that stays, the one that ends, the key that decided); an award's listing never ends.

    >>> day, price = date(2026, 1, 1), Decimal(1)
    >>> rows = [Twin(1, False, price, day, 1, "listed"), Twin(2, False, price, day, 1, "shortage")]
    >>> duplicates(rows, [Keep.LOWEST_PRICE])
    []
    >>> [end for _keep, end, _key in duplicates([*rows, Twin(3, False, price * 2, day, 2, "listed")], [])]
    [3]
    """
    found = []
    for kind in sorted({twin.kind for twin in twins if not twin.won}):
        same = [twin for twin in twins if twin.won or twin.kind == kind]
        best, why = kept(same, order)
        found += [(best, one.id, why[one.id]) for one in same if one.product != best.product and not one.won]
    return found


def _decided(best: Twin, other: Twin, order: Sequence[Keep]) -> Keep:
    return next((key for key in order if _KEYS[key](best) != _KEYS[key](other)), Keep.EARLIEST)
