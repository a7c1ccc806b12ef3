"""Which of two listings of the same thing is kept.

Source: issue of listings; catalogue.md "Listing": a product has one listing per region and kind. Duplicates are
listings of one maker's same specification in the same pack in one region. The keep rule is a region's parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing.listings.duplicates.flow import Keep


@dataclass(frozen=True, slots=True)
class Twin:
    """One of several listings of the same thing; the price is yuan per unit."""

    id: int
    won: bool
    price: Decimal
    starts: date


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


def _decided(best: Twin, other: Twin, order: Sequence[Keep]) -> Keep:
    return next((key for key in order if _KEYS[key](best) != _KEYS[key](other)), Keep.EARLIEST)
