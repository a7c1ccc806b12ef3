"""How shares of hospitals spread, and which lie far from the others.

Source: retention.md asks for distribution and outliers and names no measure. Our readings: what is retained of a
hospital's budget in steps of 5 %, and Tukey's fences, one and a half times the distance of the quartiles beyond them.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kernel.money import round_ratio, working

STEP, FAR = Decimal("0.05"), Decimal("1.5")
FEWEST = 8
"""Of fewer hospitals quartiles say nothing."""


def spread(shares: Sequence[Decimal]) -> list[tuple[Decimal, int]]:
    """Count shares by steps, each from its bound up to the next one; the largest share closes the list.

    >>> [(str(bound), count) for bound, count in spread([Decimal("0.01"), Decimal("0.05"), Decimal("0.09")])]
    [('0.00', 1), ('0.05', 2)]
    """
    places = [int(one // STEP) for one in shares]
    return [(STEP * place, places.count(place)) for place in range(max(places) + 1)] if places else []


def quartile(ordered: Sequence[Decimal], quarter: int) -> Decimal:
    """Return a quartile of ordered values; between two of them it is proportional.

    >>> [str(quartile([Decimal(one) for one in (1, 2, 3, 4)], quarter)) for quarter in (1, 2, 3)]
    ['1.75', '2.5', '3.25']
    """
    whole, rest = divmod((len(ordered) - 1) * quarter, 4)
    upper = ordered[min(whole + 1, len(ordered) - 1)]
    return ordered[whole] + (upper - ordered[whole]) * rest / 4


def fences(values: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
    """Return between which values most lie, to 6 decimals; None of too few.

    >>> found = fences([Decimal(one) for one in range(9)])
    >>> [str(one) for one in found or ()], fences([Decimal(1)] * 7)
    (['-4.000000', '12.000000'], None)
    """
    if len(values) < FEWEST:
        return None
    ordered = sorted(values)
    with working():
        low, high = quartile(ordered, 1), quartile(ordered, 3)
        return round_ratio(low - FAR * (high - low)), round_ratio(high + FAR * (high - low))


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """Return what a part is of a whole to 6 decimals, None of nothing.

    >>> str(share(Decimal(1), Decimal(3))), share(Decimal(1), Decimal(0))
    ('0.333333', None)
    """
    with working():
        return round_ratio(part / whole) if whole > 0 else None
