"""Which prices a hospital may set itself, from when on, and how much of its services they may be.

Source: rules/service_prices.md, "Items": new items in trial and special-need items are priced by the hospital and
filed; market-priced items ≤ 10 % of services; a trial price is published at least 10 working days before it is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from kernel.money import places, round_ratio
from kernel.workdays import add_workdays
from pricing.items.flow import Pricing
from pricing.items.rules.prices import MOST

OWN = frozenset({Pricing.TRIAL, Pricing.SPECIAL, Pricing.MARKET})
"""Ways of pricing in which the hospital sets the price."""
OF_MARKET = frozenset({Pricing.SPECIAL, Pricing.MARKET})
"""Those that count into the share of market-priced items."""


def earliest(pricing: Pricing, day: date, *, notice: int) -> date:
    """Return the first day on which a price that is published on `day` may hold.

    >>> earliest(Pricing.TRIAL, date(2026, 11, 20), notice=10), earliest(Pricing.SPECIAL, date(2026, 11, 20), notice=10)
    (datetime.date(2026, 12, 5), datetime.date(2026, 11, 21))
    """
    published = add_workdays(day, notice) if pricing is Pricing.TRIAL else day
    return published + timedelta(days=1)


def is_price(price: Decimal) -> bool:
    """Say whether a hospital may ask it: above 0, to the fen."""
    return price.is_finite() and 0 < price < MOST and places(price) <= 2


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a hospital's revenue of services in a year comes from items that it prices by the market, in yuan."""

    year: int
    market: Decimal
    total: Decimal
    cap: Decimal

    @property
    def value(self) -> Decimal | None:
        """Return the share; None where no revenue is known.

        >>> Share(2025, Decimal(1), Decimal(8), Decimal("0.1")).value
        Decimal('0.125000')
        """
        return round_ratio(self.market / self.total) if self.total else None

    @property
    def over(self) -> bool:
        """Say whether it is above the cap; exactly at it is within."""
        return bool(self.total) and self.market > self.cap * self.total
