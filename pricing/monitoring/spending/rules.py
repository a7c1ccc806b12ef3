"""Spending on drugs and consumables, and how much of it is covered: stands in a class.

Source: governance.md "Index and monitoring": coverage is shown beside every figure. The denominator is what was bought
in the period of items of which returns left something (as in price indices): their amount, and how many they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalogue.drugs.rules.codes import VarietyKind
from kernel.money import round_ratio
from pricing.monitoring.flow import Ground

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Covered:
    """What was bought, in yuan and items, and what of it stands in a class of the drug list or of the consumables."""

    amount: Decimal = ZERO
    classed: Decimal = ZERO
    items: int = 0
    classed_items: int = 0

    @property
    def share(self) -> Decimal | None:
        """Return which share of the amount stands in a class."""
        return round_ratio(self.classed / self.amount) if self.amount else None

    @property
    def items_share(self) -> Decimal | None:
        """Return which share of the items stands in a class."""
        return round_ratio(Decimal(self.classed_items) / self.items) if self.items else None

    def __add__(self, other: Covered) -> Covered:
        return Covered(
            self.amount + other.amount, self.classed + other.classed, self.items + other.items,
            self.classed_items + other.classed_items,
        )  # fmt: skip


def covered(items: Iterable[tuple[Decimal, bool]]) -> Covered:
    """Return the coverage of items, each with what it cost in the period and whether it stands in a class.

    >>> found = covered([(Decimal(90), True), (Decimal(10), False), (Decimal(-5), False)])
    >>> found.share, found.items_share
    (Decimal('0.900000'), Decimal('0.500000'))
    """
    left = [(amount, classed) for amount, classed in items if amount > 0]
    return sum((Covered(one, one if classed else ZERO, 1, int(classed)) for one, classed in left), Covered())


@dataclass(frozen=True, slots=True)
class Spending:
    """What was spent in a period, in yuan, on what and on what ground; and how much of each is covered."""

    period: str
    amounts: Mapping[tuple[VarietyKind, Ground], Decimal]
    covered: Mapping[VarietyKind, Covered]

    @property
    def amount(self) -> Decimal:
        """Return all that was spent."""
        return sum(self.amounts.values(), ZERO)

    @property
    def by_goods(self) -> dict[VarietyKind, Decimal]:
        """Return what was spent on drugs and on consumables."""
        return {
            kind: sum((yuan for (one, _), yuan in self.amounts.items() if one is kind), ZERO) for kind in VarietyKind
        }

    @property
    def by_ground(self) -> dict[Ground, Decimal]:
        """Return what was spent on each ground."""
        found: dict[Ground, Decimal] = {}
        for (_, ground), yuan in self.amounts.items():
            found[ground] = found.get(ground, ZERO) + yuan
        return found

    def of(self, goods: VarietyKind) -> Covered:
        """Return how much of what was spent on drugs or on consumables is covered."""
        return self.covered.get(goods, Covered())


def grounds(rows: Sequence[Spending]) -> list[Ground]:
    """Return the grounds on which anything was bought, in their order."""
    return [ground for ground in Ground if any(ground is one for row in rows for _, one in row.amounts)]
