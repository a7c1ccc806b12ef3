"""Arithmetic of the volume ledger: balances of stages from sums of moves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from kernel.money import round_ratio, working
from kernel.periods import Period
from procurement.agreements.ledger.flow import Book, Move, Stage, stages

ZERO = Decimal(0)


def balances(book: Book, sums: Mapping[Move, Decimal]) -> dict[Stage, Decimal]:
    """Return what stands at each stage, in units of the specification. They always add up to 0 with the outside.

    >>> found = balances(Book.AGREED, {Move.REPORT: Decimal(9), Move.AGREE: Decimal(8), Move.ALLOCATE: Decimal(8),
    ...                                Move.ORDER: Decimal(5), Move.SHIP: Decimal(2)})
    >>> [int(found[stage]) for stage in (Stage.ALLOCATED, Stage.ORDERED, Stage.SHIPPED, Stage.OUTSIDE)]
    [3, 3, 2, -9]
    """
    found = dict.fromkeys(Stage, ZERO)
    for move, quantity in sums.items():
        left, entered = stages(book, move)
        found[left] -= quantity
        found[entered] += quantity
    return found


def overdrawn(book: Book, sums: Mapping[Move, Decimal]) -> list[Stage]:
    """Name the stages that hold less than nothing; the outside may."""
    return [stage for stage, held in balances(book, sums).items() if held < 0 and stage is not Stage.OUTSIDE]


def used(sums: Mapping[Move, Decimal]) -> Decimal:
    """Return what an agreement's counter must say: ordered, less what was cancelled or returned."""
    return sums.get(Move.ORDER, ZERO) - sums.get(Move.CANCEL, ZERO) - sums.get(Move.RETURN, ZERO)


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """Return a part's share of the whole, as it is, beyond 1 too; None where there is nothing to share.

    >>> str(share(Decimal(150), Decimal(100))), share(Decimal(1), Decimal(0))
    ('1.500000', None)
    """
    if whole <= 0:
        return None
    with working():
        return round_ratio(part / whole)


def elapsed(starts: date, ends: date, day: date) -> Decimal:
    """Return which share of an agreement's year is over on the morning of a day.

    >>> str(elapsed(date(2026, 1, 1), date(2027, 1, 1), date(2026, 4, 1)))
    '0.246575'
    >>> [str(elapsed(date(2026, 1, 1), date(2027, 1, 1), date(year, 6, 1))) for year in (2025, 2028)]
    ['0.000000', '1.000000']
    """
    if ends <= starts:
        return Decimal("1.000000")
    period = Period(starts, ends)
    with working():
        return round_ratio(Decimal(period.elapsed(day)) / Decimal((ends - starts).days))
