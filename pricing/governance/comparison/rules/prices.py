"""Prices as other regions publish them, per minimum unit, and the days on which they count.

Source: governance.md "Labels" (four-same, listed price). A price is one of a region, product and day; the next one of
the same product ends it. Packs are compared by the minimum unit, never by the pack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from kernel.money import round_amount, round_price, working


@dataclass(frozen=True, slots=True)
class Held:
    """A price from its day on, yuan per unit; `ends` is the first day it counts no longer."""

    price: Decimal
    pack_price: Decimal | None = None
    ends: date | None = None
    document: str = ""


def unit_price(price: Decimal | None, pack_price: Decimal | None, pack: int) -> Decimal | None:
    """Return yuan per unit from either price; None where there is none, or where the two say different things.

    >>> str(unit_price(None, Decimal("10.00"), 24)), unit_price(Decimal("0.5"), Decimal("10.00"), 24)
    ('0.4167', None)
    """
    if pack_price is None:
        return price
    with working():
        per_unit = round_price(pack_price / pack)
    if price is None or price == per_unit:
        return per_unit
    return price if round_amount(price * pack) == round_amount(pack_price) else None


def timeline(stands: Mapping[date, Held], said: Mapping[date, Held]) -> dict[date, Held]:
    """Return all prices of a product in a region, by first day; what is said anew of a day replaces what stood.

    >>> old, new = date(2026, 1, 1), date(2026, 3, 1)
    >>> timeline({old: Held(Decimal(1))}, {new: Held(Decimal(2))})[old].ends
    datetime.date(2026, 3, 1)
    """
    whole: dict[date, Held] = {**stands}
    for day, one in said.items():
        known = stands.get(day)
        ends = one.ends if one.ends is not None or known is None else known.ends
        whole[day] = Held(one.price, one.pack_price, ends, one.document)
    for day, following in pairwise(sorted(whole)):
        one = whole[day]
        if one.ends is None or one.ends > following:
            whole[day] = Held(one.price, one.pack_price, following, one.document)
    return whole
