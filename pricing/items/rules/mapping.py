"""What it brings to charge new items in the place of old ones.

Source: rules/service_prices.md, guideline items; a pair of old and new item carries how many of the new one are charged
where the old one was charged once. One old item may go into many, many into one. Amounts are yuan a year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kernel.policy import covers

Price = Callable[[int, str, str], Decimal | None]
"""The price of an item in a region for a grade, None where there is none."""
Into = tuple[int, Decimal | None, str]
"""A new item, how often it is charged for the old one (None: nobody knows), and the region that uses it ("": all)."""


@dataclass(frozen=True, slots=True)
class Used:
    """How often an old item was charged in a year in the hospitals of a region and grade."""

    item_id: int
    region: str
    grade: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Effect:
    """Revenue of an old item at today's prices, and of the items that follow it.

    Amounts are None where a share or a price that they need is missing.
    """

    item_id: int
    quantity: Decimal
    before: Decimal | None
    after: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """Return after less before."""
        return None if self.before is None or self.after is None else self.after - self.before


def effects(pairs: Mapping[int, Sequence[Into]], used: Iterable[Used], price: Price) -> list[Effect]:
    """Return the effect by old item; `pairs` maps it to the new items. What a region does not map is not counted there.

    >>> of = {(1, "98", "third"): Decimal(10), (2, "98", "third"): Decimal(6), (3, "98", "third"): Decimal(5)}
    >>> given = {1: [(2, Decimal(1), ""), (3, Decimal("0.5"), "98"), (4, None, "97")]}
    >>> effects(given, [Used(1, "98", "third", Decimal(100))], lambda *key: of.get(key))
    [Effect(item_id=1, quantity=Decimal('100'), before=Decimal('1000'), after=Decimal('850.0'))]
    """
    found: dict[int, Effect] = {item_id: Effect(item_id, Decimal(0), Decimal(0), Decimal(0)) for item_id in pairs}
    for one in used:
        into = [(new_id, share) for new_id, share, region in pairs[one.item_id] if covers(region, one.region)]
        if not into:
            continue
        new = [_after(new_id, share, one, price) for new_id, share in into]
        old, held = price(one.item_id, one.region, one.grade), found[one.item_id]
        found[one.item_id] = Effect(
            one.item_id, held.quantity + one.quantity, _plus(held.before, None if old is None else old * one.quantity),
            _plus(held.after, _total(new)),
        )  # fmt: skip
    return list(found.values())


def _after(new_id: int, share: Decimal | None, one: Used, price: Price) -> Decimal | None:
    each = price(new_id, one.region, one.grade)
    return None if share is None or each is None else one.quantity * share * each


def _total(parts: Iterable[Decimal | None]) -> Decimal | None:
    total: Decimal | None = Decimal(0)
    for part in parts:
        total = _plus(total, part)
    return total


def _plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other
