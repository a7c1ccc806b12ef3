"""Where a contest stands at given prices: who is shortlisted, who won by what, what revivals have to accept."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from procurement.rounds.rules.model import By, Status
from procurement.rounds.rules.ranking import Order, Shortlist

REVIVALS = frozenset({By.REVIVAL_SHORTLISTED, By.REVIVAL_UNLISTED, By.REFERENCE})


@dataclass(slots=True)
class Revived:
    """Prices to accept, in steps of 0.0001 yuan: None where there is none, or where an open tie decides it."""

    shortlisted: Fraction | None = None
    unlisted: Fraction | None = None
    open: bool = False


@dataclass(slots=True)
class Standing:
    """The state of a contest at given prices. `won` says by what, `accepted` at which price a revived bid won."""

    prices: list[int | None]
    bids: list[int | None]
    order: Order
    shortlist: Shortlist
    k: int | None
    anchor: Fraction | None = None
    limit: Fraction | None = None
    ceiling: int = -1
    outlier_line: Fraction | None = None
    outliers: list[int] = field(default_factory=list)
    won: dict[int, By] = field(default_factory=dict)
    eliminated: list[int] = field(default_factory=list)
    revived: Revived = field(default_factory=Revived)

    def status(self, i: int) -> Status:
        """Say what became of a bid."""
        if i in self.won:
            return Status.WON
        return Status.OPEN if i in self.shortlist.open else Status.LOST
