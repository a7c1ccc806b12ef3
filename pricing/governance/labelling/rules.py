"""From which price on a product is labelled, for many products at once.

Source: governance.md "Labels". W and H are the highest winning and the highest listed price of a generic name; prices
of its specifications are brought to one another by their price factors (award.md §2). A label is a step function of
the price, so that a quarter of a million prices are compared with three numbers each, and never rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from kernel.money import round_price, working
from pricing.governance.rules import Label, LabelRule, MissingPrice, ProductKind, Threshold, anchor_of, rule_for

STEP = Decimal("0.0001")
COLOURS = (Label.YELLOW, Label.RED, Label.SUSPEND)
_UNCERTAIN = (ProductKind.PASSED, ProductKind.NOT_PASSED)


@dataclass(frozen=True, slots=True)
class Spread:
    """Prices of one specification in the country, yuan per unit; None where there is none."""

    winning: Decimal | None
    listed: Decimal | None
    percentile_75: Decimal | None


@dataclass(frozen=True, slots=True)
class Band:
    """From which price on each colour begins; `outside_only`: not where the product is supplied by its award."""

    kind: ProductKind
    rule: LabelRule
    anchor: Decimal
    begins: tuple[tuple[Label, Decimal], ...]
    given: Mapping[str, Decimal]

    @property
    def first(self) -> Decimal:
        """Return the lowest price that is labelled."""
        return min(price for _label, price in self.begins)

    def label(self, price: Decimal) -> Label:
        """Return what a price is labelled with."""
        reached = [colour for colour, begins in self.begins if price >= begins]
        return max(reached, key=COLOURS.index, default=Label.NONE)


def percentile(counts: Sequence[tuple[Decimal, int]], share: Decimal) -> Decimal:
    """Return the smallest price that at least the share of the prices does not exceed (nearest rank); ascending.

    >>> str(percentile([(Decimal(1), 2), (Decimal(2), 1), (Decimal(9), 1)], Decimal("0.75")))
    '2'
    """
    wanted, so_far = sum(count for _price, count in counts) * share, 0
    for price, count in counts:
        so_far += count
        if so_far >= wanted:
            return price
    raise ValueError("no prices")


def in_units(prices: Iterable[tuple[Decimal | None, Decimal]], factor: Decimal) -> Decimal | None:
    """Return the highest of (price, price factor) as the price of a specification with another factor, 4 decimals.

    >>> str(in_units([(Decimal("1.0000"), Decimal(1)), (None, Decimal(2))], Decimal("1.7")))
    '1.7000'
    """
    with working():
        held = [price / own * factor for price, own in prices if price is not None]
    return round_price(max(held)) if held else None


def kind_of(*, won: bool, reference: bool, passed: bool | None) -> ProductKind | None:
    """Say what a product is among those of its generic name; None where nobody said whether it passed."""
    if won:
        return ProductKind.WINNER
    if reference:
        return ProductKind.REFERENCE
    return None if passed is None else ProductKind.PASSED if passed else ProductKind.NOT_PASSED


def band(rules: Sequence[LabelRule], kind: ProductKind | None, prices: Mapping[str, Decimal | None]) -> Band | None:
    """Return from which prices on a product is labelled; None where no rule applies or there is no anchor.

    Where nobody said whether a product passed, only a rule for both cases applies.
    """
    if kind is None:
        either = {id(rule_for(rules, one)): rule_for(rules, one) for one in _UNCERTAIN}
        rule, kind = (next(iter(either.values())) if len(either) == 1 else None), ProductKind.NOT_PASSED
    else:
        rule = rule_for(rules, kind)
    if rule is None:
        return None
    try:
        anchor = anchor_of(rule, prices, kind)
    except MissingPrice:
        return None
    begins = tuple((one.label, _begins(one, anchor)) for one in reversed(rule.thresholds))
    given = {column: price for column, _factor in rule.anchor if (price := prices.get(column)) is not None}
    return Band(kind, rule, anchor, begins, given) if begins else None


def _begins(threshold: Threshold, anchor: Decimal) -> Decimal:
    """Return the smallest price of four decimals that reaches a threshold."""
    with working():
        limit = anchor * threshold.numerator / threshold.denominator
        if threshold.inclusive:
            return limit.quantize(STEP, rounding=ROUND_CEILING)
        return limit.quantize(STEP, rounding=ROUND_FLOOR) + STEP


def effective(*, today: date, starts: date, was: Decimal | None, price: Decimal | None) -> date:
    """Return from when a label changes: the day after another price began, today where the price stayed.

    >>> effective(today=date(2026, 11, 23), starts=date(2026, 11, 23), was=Decimal(2), price=Decimal(1)).isoformat()
    '2026-11-24'
    """
    return max(today, starts + timedelta(days=1)) if was is not None and was != price else today
