"""Labels of listed prices (价格标识): yellow, red, suspended, each with its anchor and ratio.

Source: governance.md "Labels". A rule set is data: for each kind of product what its price is measured against and
from which multiple on it is labelled. Thresholds are fractions and compared by multiplying, never by rounding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from kernel.errors import DomainError
from kernel.money import round_ratio, working
from kernel.policy import STANDINGS, BadPolicy, RuleSets, parse
from kernel.working import Step

RULE_SETS = RuleSets(Path(__file__).with_name("rulesets"))


class Label(StrEnum):
    """What a listed price is marked with."""

    NONE = "none"
    YELLOW = "yellow"
    RED = "red"
    SUSPEND = "suspend"


class ProductKind(StrEnum):
    """What a product is among those of its generic name."""

    WINNER = "winner"
    PASSED = "passed"
    REFERENCE = "reference"
    NOT_PASSED = "not-passed"


PRICES = ("own_winning_price", "highest_winning_price", "highest_listed_price", "percentile_75")
"""What a price can be measured against."""
_COLOURS = (Label.SUSPEND, Label.RED, Label.YELLOW)


class MissingPrice(DomainError):
    """A rule needs a price, or whether the region is supplied, that the row does not have; `column` names it."""

    code = "label-price-missing"


@dataclass(frozen=True, slots=True)
class Threshold:
    """From numerator ÷ denominator times the anchor on; `inclusive`: at it, too."""

    label: Label
    numerator: Decimal
    denominator: Decimal
    inclusive: bool

    def reached(self, price: Decimal, anchor: Decimal) -> bool:
        """Say whether a price is labelled by it."""
        left, right = price * self.denominator, anchor * self.numerator
        return left >= right if self.inclusive else left > right


@dataclass(frozen=True, slots=True)
class LabelRule:
    """For some kinds of products: the anchor is the smallest of the prices times their factors."""

    name: str
    kinds: frozenset[ProductKind]
    outside_only: bool
    anchor: tuple[tuple[str, Decimal], ...]
    thresholds: tuple[Threshold, ...]
    source: str
    standing: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A product's label with its anchor (yuan) and the price's ratio to it; none of them where no rule applies."""

    label: Label
    anchor: Decimal | None
    ratio: Decimal | None
    steps: tuple[Step, ...]


@cache
def rules(name: str) -> tuple[LabelRule, ...]:
    """Return a built-in rule set by its id, or one from a .toml file; raises NoSuchRuleSet or BadPolicy."""
    file, text = RULE_SETS.text(name)
    return read(parse(text, where=file).get("rule", []), where=file)


def read(tables: Any, *, where: str) -> tuple[LabelRule, ...]:
    """Return the rules that stand in tables, numbers exact or as text; raises BadPolicy."""
    if not isinstance(tables, list) or not tables:
        raise BadPolicy(file=where, parameter="rule", reason="no rules")
    return tuple(_rule(table, where) for table in tables)


def _rule(table: Mapping[str, Any], where: str) -> LabelRule:
    name = str(table.get("name", ""))
    try:
        kinds = frozenset(ProductKind(one) for one in table["kinds"])
        anchor = tuple((str(column), Decimal(factor)) for column, factor in table["anchor"])
        inclusive = bool(table.get("inclusive", False))
        thresholds = tuple(
            Threshold(colour, Decimal(table[colour][0]), Decimal(table[colour][1]), inclusive)
            for colour in _COLOURS
            if colour in table
        )
        source, standing = str(table["source"]), str(table["standing"])
    except (KeyError, TypeError, ValueError, ArithmeticError, IndexError) as error:
        raise BadPolicy(file=where, parameter=name or "rule", reason=f"not well formed ({error})") from error
    if standing not in STANDINGS or not source or {column for column, _factor in anchor} - set(PRICES):
        raise BadPolicy(file=where, parameter=name, reason="no source, no standing, or an unknown price")
    return LabelRule(name, kinds, bool(table.get("outside_only", False)), anchor, thresholds, source, standing)


def label(
    among: Sequence[LabelRule],
    *,
    kind: ProductKind,
    price: Decimal,
    prices: Mapping[str, Decimal | None],
    in_supply_region: bool | None = None,
) -> Labelled:
    """Label a listed price (yuan per unit) by a rule set; `prices` holds what it may be measured against.

    Raises MissingPrice where the rule needs what is not there.
    """
    rule = rule_for(among, kind)
    if rule is not None and rule.outside_only and in_supply_region is None:
        raise MissingPrice(column="in_supply_region", kind=kind)
    if rule is None or (rule.outside_only and in_supply_region):
        why = "" if rule is None else rule.source
        return Labelled(Label.NONE, None, None, (Step("label-no-rule", source=why, facts=(("kind", kind),)),))
    with working():
        anchor = anchor_of(rule, prices, kind)
        steps = [Step("label-anchor", anchor, source=rule.source, facts=_facts(rule, prices))]
        found = Label.NONE
        for one in rule.thresholds:
            limit = anchor * one.numerator / one.denominator
            reached = one.reached(price, anchor)
            steps.append(Step("label-threshold", price, ">=" if one.inclusive else ">", limit, reached,
                              rule.source, (("label", one.label),)))  # fmt: skip
            if reached:
                found = one.label
                break
        ratio = round_ratio(price / anchor)
    return Labelled(found, anchor, ratio, tuple(steps))


def rule_for(among: Sequence[LabelRule], kind: ProductKind) -> LabelRule | None:
    """Return the rule of a kind of product; None where the set has none for it."""
    return next((one for one in among if kind in one.kinds), None)


def anchor_of(rule: LabelRule, prices: Mapping[str, Decimal | None], kind: ProductKind) -> Decimal:
    """Return what a rule measures against, yuan per unit; raises MissingPrice."""
    with working():
        return min(_price(prices, column, kind) * factor for column, factor in rule.anchor)


def _price(prices: Mapping[str, Decimal | None], column: str, kind: ProductKind) -> Decimal:
    found = prices.get(column)
    if found is None:
        raise MissingPrice(column=column, kind=kind)
    return found


def _facts(rule: LabelRule, prices: Mapping[str, Decimal | None]) -> tuple[tuple[str, Any], ...]:
    return tuple((column, prices[column]) for column, _factor in rule.anchor) + tuple(
        (f"{column}_factor", factor) for column, factor in rule.anchor
    )
