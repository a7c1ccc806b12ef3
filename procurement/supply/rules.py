"""Parameters of supply, and how near a variety is to running out.

Source: trading.md "Shortage": warning levels by share of hospitals and days of stock. Neither the thresholds nor how
the two go together is public: thresholds are parameters ("?" where unknown), and the worse of the two levels counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from kernel.money import round_ratio
from kernel.policy import Parameters, regional

_FILE = Path(__file__).with_name("policy.toml")


class WarningLevel(StrEnum):
    """How near a variety is to running out in a region."""

    NONE = "none"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


ORDERED = (WarningLevel.NONE, WarningLevel.YELLOW, WarningLevel.ORANGE, WarningLevel.RED)
RAISED = ORDERED[1:]


def policy(region_code: str) -> Parameters:
    """Return the parameters in force in a region."""
    return regional(_FILE, region_code)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Shares (0 to 1) from which, and days of stock below which, each level begins."""

    share: Mapping[WarningLevel, Decimal]
    days: Mapping[WarningLevel, Decimal]


def thresholds(parameters: Parameters) -> Thresholds:
    """Read a region's thresholds; UnsetParameter names the first that nobody has set."""
    share = {one: Decimal(parameters.value(f"warning.share.{one}")) for one in RAISED}
    days = {one: Decimal(parameters.value(f"warning.days.{one}")) for one in RAISED}
    return Thresholds(share, days)


def share_of(reporting: int, concerned: int) -> Decimal:
    """Return the share of hospitals that report a variety short, of those that buy it.

    >>> share_of(1, 3), share_of(2, 0)
    (Decimal('0.333333'), Decimal('1'))
    """
    return round_ratio(Decimal(reporting) / concerned) if concerned >= reporting > 0 else Decimal(bool(reporting))


def median(days: Sequence[Decimal]) -> Decimal:
    """Return the middle of days of stock, the lower of two, so that one hospital alone does not decide.

    >>> median([Decimal(9), Decimal(0), Decimal(4)])
    Decimal('4')
    """
    return sorted(days)[(len(days) - 1) // 2]


def level(share: Decimal, days: Decimal, at: Thresholds) -> WarningLevel:
    """Return the worse of the levels by share and by days of stock.

    >>> shares = {one: Decimal(text) for one, text in zip(RAISED, ("0.05", "0.15", "0.30"))}
    >>> limits = Thresholds(shares, {one: Decimal(text) for one, text in zip(RAISED, (30, 14, 3))})
    >>> level(Decimal("0.05"), Decimal(40), limits), level(Decimal("0.01"), Decimal(2), limits)
    (<WarningLevel.YELLOW: 'yellow'>, <WarningLevel.RED: 'red'>)
    """
    by_share = max((ORDERED.index(one) for one in RAISED if share >= at.share[one]), default=0)
    by_days = max((ORDERED.index(one) for one in RAISED if days < at.days[one]), default=0)
    return ORDERED[max(by_share, by_days)]
