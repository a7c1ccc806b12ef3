"""Points of a hospital's indicators.

Source: retention.md "Assessment → k". The weights are the rule set's; that a share earns its part of the weight, and
that growth within the limit earns all of it, is our sample reading, marked as such where it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from kernel.money import round_ratio, working
from kernel.policy import Parameters
from procurement.retention.flow import Indicator

ZERO, ONE = Decimal(0), Decimal(1)
HUNDREDTH = Decimal("0.01")


def weights(parameters: Parameters) -> dict[Indicator, Decimal]:
    """Return what each indicator counts; those the rule set does not name count nothing."""
    held: Mapping[str, Any] = parameters.value("score.weights", {})
    return {one: Decimal(held[one.value]) for one in Indicator if one.value in held}


def points(indicator: Indicator, value: Decimal | None, parameters: Parameters) -> Decimal | None:
    """Return the points of a figure, None where it is unknown or only people can tell.

    >>> from procurement.retention.rules import rules
    >>> sample = rules("national-sample")
    >>> str(points(Indicator.COMPLETION, Decimal("0.9"), sample)), str(points(Indicator.ONLINE, Decimal("1.2"), sample))
    ('27.00', '15.00')
    >>> [str(points(Indicator.GROWTH, Decimal(one), sample)) for one in ("0.05", "0.11")]
    ['10.00', '0.00']
    """
    weight = weights(parameters).get(indicator)
    if value is None or weight is None or indicator is Indicator.PRICE_POLICY:
        return None
    if indicator is Indicator.GROWTH:
        limit = parameters.value("score.growth_limit")
        share = None if limit is None else ONE if value <= Decimal(limit) else ZERO
    else:
        share = max(ZERO, min(ONE, value))
    return None if share is None else (weight * share).quantize(HUNDREDTH, ROUND_HALF_UP)


def total(given: Iterable[Decimal | None]) -> tuple[Decimal, bool]:
    """Add points up, and say whether none is missing.

    >>> total([Decimal(30), None, Decimal("15.5")])
    (Decimal('45.5'), False)
    """
    held = list(given)
    return sum((one for one in held if one is not None), ZERO), None not in held


def share(part: Decimal, rest: Decimal) -> Decimal | None:
    """Return what a part is of itself and the rest, None where there is nothing.

    >>> str(share(Decimal(3), Decimal(1))), share(ZERO, ZERO)
    ('0.750000', None)
    """
    with working():
        return round_ratio(part / (part + rest)) if part + rest > 0 else None


def growth(now: Decimal, before: Decimal) -> Decimal | None:
    """Return by which share a cost grew, None without a year before.

    >>> str(growth(Decimal(11), Decimal(10)))
    '0.100000'
    """
    with working():
        return round_ratio(now / before - 1) if before > 0 else None
