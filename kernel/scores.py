"""Scores that people give: numbers from 0 to 100 with at most 2 decimals, and their mean (award.md §8; ADR 0021).

>>> mean([Decimal(80), Decimal(90), Decimal(100)])
Decimal('90.000000')
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from kernel.errors import DomainError
from kernel.money import places, working

LOWEST, HIGHEST, DECIMALS = Decimal(0), Decimal(100), 2
MEAN_DECIMALS = 6


class TooFewScores(DomainError):
    """Leaving the highest and the lowest out leaves no score."""

    code = "too-few-scores"


def is_score(value: Decimal) -> bool:
    """Say whether a number can be a score.

    >>> is_score(Decimal("100.00")), is_score(Decimal("100.01")), is_score(Decimal("99.999")), is_score(Decimal(-1))
    (True, False, False, False)
    """
    return LOWEST <= value <= HIGHEST and places(value) <= DECIMALS


def counted(scores: Sequence[Decimal], trim: str = "none") -> list[Decimal]:
    """Return the scores that a mean counts: all, or without one highest and one lowest. Raises TooFewScores.

    >>> counted([Decimal(1), Decimal(5), Decimal(5)], "high-low")
    [Decimal('5')]
    """
    if trim != "high-low":
        return list(scores)
    if len(scores) < 3:
        raise TooFewScores(count=len(scores))
    return sorted(scores)[1:-1]


def mean(scores: Sequence[Decimal], trim: str = "none", decimals: int = MEAN_DECIMALS) -> Decimal:
    """Return the mean of the scores that count, half-up to `decimals`. Raises TooFewScores.

    >>> mean([Decimal(80), Decimal(80), Decimal(81)], decimals=2)
    Decimal('80.33')
    """
    found = counted(scores, trim)
    if not found:
        raise TooFewScores(count=0)
    with working():
        return (sum(found, Decimal(0)) / len(found)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
