"""Price indices: Laspeyres, Paasche and Fisher over a matched basket, from a fixed base or chained.

Source: governance.md "Index and monitoring". A basket is matched: it holds the items priced in both periods. Figures
are computed with 50 digits and rounded half-up to 5 decimals at the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from kernel.money import working
from kernel.working import Step

ONE, ZERO, STEP = Decimal(1), Decimal(0), Decimal("0.00001")


@dataclass(frozen=True, slots=True)
class Priced:
    """An item's price (yuan per unit) and quantity (units) in a period."""

    price: Decimal
    quantity: Decimal


Basket = Mapping[str, Priced]
"""Items by name in one period."""


@dataclass(frozen=True, slots=True)
class Index:
    """A period's indices against the base, 1 = unchanged; None where no item is priced in both.

    `coverage` is the share of the period's spending that the matched items make up; `base_coverage` that of the base's
    (of the period before, where chained); `matched` how many items are in both, of `items` priced in the period.
    """

    period: str
    laspeyres: Decimal | None
    paasche: Decimal | None
    fisher: Decimal | None
    coverage: Decimal | None
    base_coverage: Decimal | None
    matched: int
    steps: tuple[Step, ...]
    items: int = 0

    @property
    def items_coverage(self) -> Decimal | None:
        """Return the share of the items priced in the period that are matched."""
        return _five(Decimal(self.matched) / self.items) if self.items else None


def indices(baskets: Mapping[str, Basket], *, base: str = "", chained: bool = False) -> list[Index]:
    """Return an index for each period in order (periods sort as text); the base is the first unless named.

    Chained: each period is compared with the one before it and the links are multiplied, from the base on.
    """
    periods = sorted(baskets)
    base = base or periods[0]
    if chained:
        return _chained(baskets, periods, base)
    return [_rounded(_link(baskets[base], baskets[one], one)) for one in periods]


def _link(before: Basket, after: Basket, period: str) -> Index:
    """Compare two periods, unrounded."""
    matched = sorted(set(before) & set(after))
    with working():
        worth = {
            name: sum((prices[one].price * quantities[one].quantity for one in matched), ZERO)
            for name, prices, quantities in (
                ("p0q0", before, before), ("p1q0", after, before), ("p0q1", before, after), ("p1q1", after, after),
            )
        }  # fmt: skip
        laspeyres = worth["p1q0"] / worth["p0q0"] if worth["p0q0"] else None
        paasche = worth["p1q1"] / worth["p0q1"] if worth["p0q1"] else None
        fisher = None if laspeyres is None or paasche is None else (laspeyres * paasche).sqrt()
        covered, covered_before = _share(worth["p1q1"], after), _share(worth["p0q0"], before)
    source = "governance.md: Σp₁q₀/Σp₀q₀, Σp₁q₁/Σp₀q₁, √(L·P)"
    step = Step("index-sums", source=source, facts=(("matched", len(matched)), *worth.items()))
    return Index(period, laspeyres, paasche, fisher, covered, covered_before, len(matched), (step,), len(after))


def _share(matched: Decimal, basket: Basket) -> Decimal | None:
    whole = sum((one.price * one.quantity for one in basket.values()), ZERO)
    return matched / whole if whole else None


def _chained(baskets: Mapping[str, Basket], periods: Sequence[str], base: str) -> list[Index]:
    start = periods.index(base)
    found = {base: _link(baskets[base], baskets[base], base)}
    for before, after in zip(periods[start:], periods[start + 1 :], strict=False):
        found[after] = _times(found[before], _link(baskets[before], baskets[after], after))
    for after, before in zip(reversed(periods[: start + 1]), reversed(periods[:start]), strict=False):
        found[before] = _times(found[after], _link(baskets[after], baskets[before], before))
    return [_rounded(found[one]) for one in periods]


def _times(chain: Index, link: Index) -> Index:
    return replace(
        link, laspeyres=_product(chain.laspeyres, link.laspeyres), paasche=_product(chain.paasche, link.paasche),
        fisher=_product(chain.fisher, link.fisher), steps=chain.steps + link.steps,
    )  # fmt: skip


def _product(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    if one is None or other is None:
        return None
    with working():
        return one * other


def _rounded(one: Index) -> Index:
    return replace(
        one, laspeyres=_five(one.laspeyres), paasche=_five(one.paasche), fisher=_five(one.fisher),
        coverage=_five(one.coverage), base_coverage=_five(one.base_coverage),
    )  # fmt: skip


def _five(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(STEP, rounding=ROUND_HALF_UP)


def priced(quantity: Decimal, amount: Decimal) -> Priced | None:
    """Return the average price of purchases with their quantity; None where returns leave nothing to price.

    >>> priced(Decimal(400), Decimal("50.00"))
    Priced(price=Decimal('0.125'), quantity=Decimal('400'))
    >>> priced(Decimal(-4), Decimal("-0.50")) is None
    True
    """
    if quantity <= 0 or amount <= 0:
        return None
    with working():
        return Priced(amount / quantity, quantity)
