"""Anchor, limit and the line below which a bid is an outlier (source: winning tests of the rounds).

Exact: fractions throughout, so that a bid at the limit passes even where the mean does not end.

>>> anchor_of([10000, 40000, 44000, 50000], 10000, Anchor("mean", Fraction(1, 2), False))
Fraction(18000, 1)
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import isqrt

from kernel.money import places, working
from procurement.rounds.rules.plan import Anchor

FOUR = Decimal("0.0001")


def deviation(prices: Sequence[int], *, sample: bool) -> Fraction:
    """Return the standard deviation, exact where the root is rational, else to 50 digits; 0 for a single price.

    >>> deviation([1, 3], sample=False)
    Fraction(1, 1)
    """
    n = len(prices)
    if n < 2:
        return Fraction(0)
    variance = Fraction(n * sum(p * p for p in prices) - sum(prices) ** 2, n * (n - 1 if sample else n))
    top, bottom = isqrt(variance.numerator), isqrt(variance.denominator)
    if top * top == variance.numerator and bottom * bottom == variance.denominator:
        return Fraction(top, bottom)
    with working():
        return Fraction((Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt())


def anchor_of(prices: Sequence[int], lowest: int, anchor: Anchor) -> Fraction:
    """Return the anchor of a shortlist's comparable prices, in steps of 0.0001 yuan."""
    if anchor.kind == "lowest" or not prices:
        return Fraction(lowest)
    mean = Fraction(sum(prices), len(prices))
    if anchor.kind == "mean":
        return max(Fraction(lowest), anchor.factor * mean)
    return max(Fraction(lowest), mean - anchor.factor * deviation(prices, sample=anchor.sample))


def limits_of(
    prices: Sequence[int], anchor: Anchor, multiplier: Fraction | None
) -> tuple[Fraction, Fraction | None, int]:
    """Return anchor, limit and the highest whole step within it (below 0 where the rule set has no multiple)."""
    found = anchor_of(prices, min(prices), anchor)
    limit = None if multiplier is None else multiplier * found
    return found, limit, -1 if limit is None else limit.numerator // limit.denominator


def outlier_line(prices: Sequence[int], deviations: Fraction, *, sample: bool) -> Fraction:
    """Return mean − k·SD of a shortlist: a bid strictly below it is an outlier."""
    mean = Fraction(sum(prices), len(prices))
    return mean - deviations * deviation(prices, sample=sample)


def as_price(value: Fraction) -> Decimal:
    """Return steps of 0.0001 yuan as yuan: exact where it ends within 10 decimals, else half-up to 10."""
    with working():
        return (Decimal(value.numerator) / Decimal(value.denominator)).scaleb(-4).quantize(Decimal("1e-10"))


def shown(value: Fraction) -> Decimal:
    """Return the value with at least 4 decimals and no idle zeros behind them.

    >>> shown(Fraction(18000)), shown(Fraction(13875, 2))
    (Decimal('1.8000'), Decimal('0.69375'))
    """
    return tidy(as_price(value))


def tidy(value: Decimal) -> Decimal:
    """Return a price with at least 4 decimals and no idle zeros behind them, however it was typed.

    >>> tidy(Decimal("1")), tidy(Decimal("1.000000")), tidy(Decimal("1.00001"))
    (Decimal('1.0000'), Decimal('1.0000'), Decimal('1.00001'))
    """
    decimals = places(value)
    with working():
        return value.quantize(FOUR) if decimals <= 4 else value.normalize() if decimals <= 25 else value
