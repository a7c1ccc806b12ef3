"""Add progress up: what is agreed, what the elapsed year asks for, what was bought (trading.md, volume ledger)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from kernel.money import round_amount, working
from procurement.agreements.ledger.rules import elapsed, share

ZERO = Decimal(0)
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one hospital, company and variety come to under agreements of the same days; yuan."""

    hospital_id: int
    region_code: str
    company_id: int
    variety_id: int
    year: int
    days: tuple[date, date] | None
    agreements: int
    agreed: Decimal
    within: Decimal
    beyond: Decimal
    other: Decimal
    received: Decimal
    paid: Decimal


@dataclass(slots=True)
class Sums:
    """What a row of the board comes to; yuan."""

    agreements: int = 0
    agreed: Decimal = ZERO
    expected: Decimal = ZERO
    within: Decimal = ZERO
    beyond: Decimal = ZERO
    other: Decimal = ZERO
    received: Decimal = ZERO
    paid: Decimal = ZERO

    @property
    def bought(self) -> Decimal:
        """Return what was bought of winners under agreements."""
        return self.within + self.beyond

    @property
    def done(self) -> Decimal | None:
        """Return the share of the agreed volume that was bought; more than 1 is normal."""
        return share(self.bought, self.agreed)

    @property
    def gone(self) -> Decimal | None:
        """Return the share of the agreed volume that the elapsed year asks for."""
        return share(self.expected, self.agreed)

    @property
    def behind(self) -> bool:
        """Say whether less was bought than the elapsed year asks for."""
        return self.bought < self.expected

    @property
    def non_winning(self) -> Decimal | None:
        """Return the share of purchases made without an agreement."""
        return share(self.other, self.bought + self.other)


def rolled(cells: Iterable[Cell], key: Callable[[Cell], K], day: date) -> dict[K, Sums]:
    """Add cells up by a key; what the year asks for is the agreed volume times its elapsed share.

    >>> half = (date(2026, 1, 1), date(2027, 1, 1))
    >>> cell = Cell(1, "320100", 2, 3, 2026, half, 1, Decimal(730), Decimal(365), Decimal(0), *[Decimal(0)] * 3)
    >>> found = rolled([cell], lambda one: one.company_id, date(2026, 1, 11))[2]
    >>> str(found.expected), str(found.done), found.behind
    ('20.00', '0.500000', False)
    """
    found: dict[K, Sums] = {}
    with working():
        for cell in cells:
            one = found.setdefault(key(cell), Sums())
            one.agreements += cell.agreements
            one.agreed += cell.agreed
            if cell.days is not None:
                one.expected += round_amount(cell.agreed * elapsed(*cell.days, day))
            one.within, one.beyond, one.other = (
                one.within + cell.within,
                one.beyond + cell.beyond,
                one.other + cell.other,
            )
            one.received, one.paid = one.received + cell.received, one.paid + cell.paid
    return found
