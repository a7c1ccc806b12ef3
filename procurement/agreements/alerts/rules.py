"""When agreed volumes give cause for a warning (trading.md, volume ledger); limits are parameters by region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from kernel.policy import Parameters, regional
from procurement.agreements.alerts.flow import AlertKind
from procurement.agreements.ledger.rules import elapsed, share

ZERO = Decimal(0)
_FILE = Path(__file__).with_name("policy.toml")


def policy(region_code: str) -> Parameters:
    """Return the limits in force in a region."""
    return regional(_FILE, region_code)


@dataclass(frozen=True, slots=True)
class Finding:
    """A warning with its figure and the limit it passed, both shares."""

    kind: AlertKind
    value: Decimal
    bound: Decimal


def behind(agreed: Decimal, bought: Decimal, days: tuple[date, date], day: date, margin: Decimal) -> Finding | None:
    """Warn where less was bought than the elapsed share of the year less the margin.

    >>> year = (date(2026, 1, 1), date(2027, 1, 1))
    >>> found = behind(Decimal(100), Decimal(20), year, date(2026, 4, 1), Decimal("0"))
    >>> str(found.value), str(found.bound), behind(Decimal(100), Decimal(25), year, date(2026, 4, 1), Decimal("0"))
    ('0.200000', '0.246575', None)
    """
    done = share(bought, agreed)
    bound = max(ZERO, elapsed(*days, day) - margin)
    return Finding(AlertKind.BEHIND, done, bound) if done is not None and done < bound else None


def no_winner(bought: Decimal, starts: date, day: date, months: int) -> Finding | None:
    """Warn where nothing at all was bought of a lot's winners when so many months are over.

    >>> no_winner(Decimal(0), date(2026, 1, 1), date(2026, 4, 1), 3) is not None
    True
    >>> no_winner(Decimal(0), date(2026, 1, 1), date(2026, 3, 31), 3), no_winner(Decimal(1), date(2026, 1, 1),
    ...           date(2026, 4, 1), 3)
    (None, None)
    """
    past = (day.year - starts.year) * 12 + day.month - starts.month - (day.day < starts.day)
    return Finding(AlertKind.NO_WINNER, ZERO, ZERO) if bought <= 0 and past >= months else None


def non_winning(other: Decimal, bought: Decimal, limit: Decimal) -> Finding | None:
    """Warn where products without an agreement are more of a variety's purchases than the limit.

    >>> found = non_winning(Decimal(40), Decimal(60), Decimal("0.3"))
    >>> str(found.value), non_winning(Decimal(30), Decimal(70), Decimal("0.3"))
    ('0.400000', None)
    """
    value = share(other, bought + other)
    return Finding(AlertKind.NON_WINNING, value, limit) if value is not None and value > limit else None
