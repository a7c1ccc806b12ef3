"""Arithmetic of the volume ledger: balances of stages from sums of moves."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

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
