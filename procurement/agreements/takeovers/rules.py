"""What moves in a take-over (award.md §6: the next in line takes the remaining agreed volume at its own price)."""

from __future__ import annotations

from decimal import Decimal

from kernel.money import working
from procurement.rounds.rules.supply import whole_units


def moved(rest: Decimal, factor: Decimal, other: Decimal) -> Decimal:
    """Bring what is left to whole units of the other's specification, by linear content.

    >>> str(moved(Decimal(101), Decimal("0.5"), Decimal(1))), str(moved(Decimal(7), Decimal(1), Decimal(1)))
    ('51', '7')
    """
    if factor == other:
        return rest
    with working():
        return whole_units(rest * factor / other)
