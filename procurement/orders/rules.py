"""Periods of automatic steps, and how an order line takes what is left of an agreement.

Sources: trading.md "Order" (periods by region and unit) and "Volume ledger" (the rest becomes a line beyond it).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from kernel.errors import DomainError
from kernel.money import round_amount
from kernel.periods import BEIJING, midnight
from kernel.policy import Parameters, regional
from kernel.workdays import add_workdays

ZERO = Decimal(0)
_FILE = Path(__file__).with_name("policy.toml")


class BadPeriod(DomainError):
    """A period is not written as a number and a unit."""

    code = "bad-period"


def policy(region_code: str) -> Parameters:
    """Return the periods in force in a region."""
    return regional(_FILE, region_code)


def due(at: datetime, period: str) -> datetime:
    """Return when a period that begins at `at` is over: hours to the minute, days at the end of the last in Beijing.

    >>> start = datetime(2025, 9, 30, 15, 0, tzinfo=BEIJING)
    >>> [f"{due(start, each).astimezone(BEIJING):%m-%d %H:%M}" for each in ("48 hours", "15 days", "2 workdays")]
    ['10-02 15:00', '10-16 00:00', '10-11 00:00']
    """
    count, _space, unit = period.partition(" ")
    if not count.isdecimal() or unit not in ("hours", "days", "workdays"):
        raise BadPeriod(period=period)
    if unit == "hours":
        return at + timedelta(hours=int(count))
    day = at.astimezone(BEIJING).date()
    last = add_workdays(day, int(count)) if unit == "workdays" else day + timedelta(days=int(count))
    return midnight(last + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what was asked: within the agreement, or beyond it."""

    quantity: Decimal
    beyond: bool


def split(quantity: Decimal, left: Decimal) -> tuple[Part, ...]:
    """Take what is left of the agreed volume; the rest stands beyond the agreement.

    >>> [(int(part.quantity), part.beyond) for part in split(Decimal(5), Decimal(3))]
    [(3, False), (2, True)]
    >>> [(int(part.quantity), part.beyond) for part in split(Decimal(5), Decimal(0))]
    [(5, True)]
    """
    within = max(ZERO, min(quantity, left))
    parts = (Part(within, beyond=False), Part(quantity - within, beyond=True))
    return tuple(part for part in parts if part.quantity)


def worth(price: Decimal, quantity: Decimal) -> Decimal:
    """Return the amount of a quantity at a price per unit, in yuan to the fen."""
    return round_amount(price * quantity)
