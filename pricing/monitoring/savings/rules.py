"""Savings: what purchases would have cost at a comparison price, less what they cost.

Source: governance.md "Index and monitoring": a saving is always stated with formula, comparison price, period and
volume basis, and what it may not be added to. Purchases without a comparison price are left out, and how much of the
amount that is stands beside the figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kernel.money import round_amount, round_ratio, working
from pricing.monitoring.flow import SavingKind

ZERO = Decimal(0)
NOT_ADDITIVE = {kind: tuple(other for other in SavingKind if other is not kind) for kind in SavingKind}
"""The same purchases are measured against each: no two kinds may be added up."""


@dataclass(frozen=True, slots=True)
class Bought:
    """What was bought of an item, in units and yuan, and its comparison price, yuan per unit; None where unknown."""

    quantity: Decimal
    amount: Decimal
    baseline: Decimal | None


@dataclass(frozen=True, slots=True)
class Saving:
    """A saving in yuan, None where nothing bought has a comparison price.

    `compared` is what the compared purchases cost, `amount` what all of them did; items likewise.
    """

    kind: SavingKind
    value: Decimal | None
    compared: Decimal
    amount: Decimal
    compared_items: int
    items: int

    @property
    def coverage(self) -> Decimal | None:
        """Return which share of the amount was compared."""
        return round_ratio(self.compared / self.amount) if self.amount > 0 else None

    @property
    def not_additive(self) -> tuple[SavingKind, ...]:
        """Return what the saving may not be added to."""
        return NOT_ADDITIVE[self.kind]


def saving(kind: SavingKind, bought: Iterable[Bought]) -> Saving:
    """Return Σ (comparison price − price paid) × quantity over what has a comparison price.

    >>> some = Bought(Decimal(100), Decimal("40.00"), Decimal("1.5"))
    >>> found = saving(SavingKind.LISTED, [some, Bought(Decimal(10), Decimal("10.00"), None)])
    >>> found.value, found.coverage, found.compared_items, found.items
    (Decimal('110.00'), Decimal('0.800000'), 1, 2)
    >>> saving(SavingKind.LISTED, [Bought(Decimal(10), Decimal("10.00"), None)]).value is None
    True
    """
    rows = list(bought)
    known = [(one, one.baseline) for one in rows if one.baseline is not None]
    compared = sum((one.amount for one, _price in known), ZERO)
    with working():
        worth = sum((price * one.quantity for one, price in known), ZERO)
    value = round_amount(worth - compared) if known else None
    amount = sum((one.amount for one in rows), ZERO)
    return Saving(kind, value, compared, amount, len(known), len(rows))
