"""A rule set made ready for one evaluation: every parameter that is needed, or a refusal that names it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kernel.errors import UnsetParameter
from procurement.rounds.rules.model import Form
from procurement.rounds.rules.ruleset import RuleSet

ZERO = Decimal(0)
DRAW = "draw"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What the limit is a multiple of: lowest | max(lowest, factor·mean) | max(lowest, mean − factor·SD)."""

    kind: str
    factor: Fraction
    sample: bool


@dataclass(frozen=True, slots=True)
class Revivals:
    """Who may still win by accepting a price, and with which rights."""

    shortlisted: bool
    sole_multiplier: Fraction
    unlisted: bool
    demand_share: Decimal
    not_highest: bool
    unlisted_chooses: bool
    unlisted_volume: str
    reference: bool
    reference_volume: str


@dataclass(frozen=True, slots=True)
class Lines:
    """What every bid has to meet: a price, a price by class, prices in columns; `highest` limits other columns."""

    price: Decimal | None
    by_class: Mapping[str, Decimal]
    class_column: str
    price_columns: tuple[str, ...]
    highest: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Plan:
    """The parameters of a rule set as the evaluation reads them; None where the set does not have the rule.

    `has_tests`: whether a shortlisted bid has to pass a test at all.
    """

    rule_set: RuleSet
    by_product: bool
    company_maximum: int | None
    sums_components: bool
    counts_valid_only: bool
    table: tuple[int, ...]
    includes_ties: bool
    tie_keys: tuple[str, ...]
    anchor: Anchor | None
    multiplier: Fraction | None
    cut: Decimal | None
    cut_reaches_all: bool
    low_price_by_unit: bool
    below: Decimal | None
    line_column: str
    lines: Lines
    eliminates: int | None
    outlier: Fraction | None
    outlier_ratio: Decimal
    revivals: Revivals
    statement: bool
    counted: str
    draft: bool
    first_picks: int
    group_column: str
    weights: Mapping[str, Decimal]
    price_formula: str
    units_share: Decimal | None
    has_tests: bool = field(init=False)

    def __post_init__(self) -> None:
        tests = (self.multiplier, None if self.cut_reaches_all else self.cut, self.below)
        known = any(test is not None for test in tests) or bool(self.line_column) or self.has_low_price
        object.__setattr__(self, "has_tests", known)

    def places(self, n: int) -> int | None:
        """Return K for N bidders, None where every valid bid stands.

        The last entry of a table holds for every larger N.
        """
        if not self.table:
            return None
        return self.table[min(n, len(self.table)) - 1] if n else 0

    def low_price(self, form: Form) -> Decimal | None:
        """Return the low-price threshold of a form; raises UnsetParameter where nobody knows it."""
        known = self.rule_set.parameters
        name = f"low_price.{form.value}"
        value = known.value(name) if name in known else known.value("low_price.any")
        return None if value is None else Decimal(value)

    @property
    def statement_bars(self) -> bool:
        """Say whether a bid loses by a statement that is missing or refused."""
        return bool(self.rule_set.parameters.value("statement.missing", "note") == "bar")

    @property
    def has_low_price(self) -> bool:
        """Say whether some form has a low-price threshold."""
        return any(name in self.rule_set.parameters for name in ("low_price.any", *(f"low_price.{f}" for f in Form)))

    @property
    def price_weight(self) -> Decimal | None:
        """Return the weight of a price score that is computed from the bids, None where scores are facts alone."""
        return self.weights.get("price") if self.price_formula else None

    @property
    def simple(self) -> bool:
        """Say whether a bid's own price moves nobody else's place, beyond its own rank and the anchor."""
        return not (self.outlier or self.eliminates or self.company_maximum or self.weights)


def plan_of(rule_set: RuleSet) -> Plan:
    """Collect a rule set's parameters; raises UnsetParameter for the first unset one, `unset` naming them all."""
    get = _complete(rule_set)
    return Plan(
        rule_set=rule_set,
        by_product=get("bidder.unit") == "product",
        company_maximum=get("bidder.per_company_maximum"),
        sums_components=get("bidder.sum_components", False),
        counts_valid_only=get("count.basis") == "valid",
        table=_table(get),
        includes_ties=get("shortlist.ties") == "include_all",
        tie_keys=tuple(get("ties.keys", (DRAW,))),
        anchor=_anchor(get),
        multiplier=_fraction(get("limit.multiplier")),
        cut=_decimal(get("cut.minimum")),
        cut_reaches_all=get("cut.reach") == "all",
        low_price_by_unit=get("low_price.basis") == "unit",
        below=_decimal(get("price_line.below")),
        line_column=get("price_line.column", ""),
        lines=_lines(get),
        eliminates=get("elimination.largest") if get("elimination.enabled") else None,
        outlier=_fraction(get("outlier.deviations")),
        outlier_ratio=Decimal(get("outlier.ratio", ZERO)),
        revivals=_revivals(get),
        statement=get("statement.below_anchor", False),
        counted=get("volume.counted", "carrying"),
        units_share=_decimal(get("units.share")),
        **_order(get),
    )


def _order(get: Any) -> dict[str, Any]:
    """Return what the rule set says about groups, scores and the draft."""
    return {
        "draft": get("draft.enabled", False),
        "first_picks": get("draft.first_picks", 1),
        "group_column": get("group.column", ""),
        "weights": _decimals(get("score.weights", {})),
        "price_formula": get("score.price_formula", ""),
    }


def _complete(rule_set: RuleSet) -> Any:
    """Return how to look up a value of a rule set in which nothing that is always needed is unset."""
    unset = rule_set.unset_always_needed()
    if unset:
        raise UnsetParameter(unset[0], rule_set=rule_set.id, unset=list(unset))
    return rule_set.parameters.value


def _table(get: Any) -> tuple[int, ...]:
    fixed = get("shortlist.fixed")
    return (fixed,) if fixed else tuple(get("shortlist.table", ()))


def _anchor(get: Any) -> Anchor | None:
    kind = get("anchor.type")
    if kind is None:
        return None
    return Anchor(kind, _fraction(get("anchor.factor")) or Fraction(1), get("anchor.deviation") == "sample")


def _lines(get: Any) -> Lines:
    return Lines(
        price=_decimal(get("line.price")),
        by_class=_decimals(get("line.by_class", {})),
        class_column=get("line.class_column", ""),
        price_columns=tuple(get("line.price_columns", ())),
        highest=_decimals(get("line.highest", {})),
    )


def _revivals(get: Any) -> Revivals:
    return Revivals(
        shortlisted=get("revival.shortlisted", False),
        sole_multiplier=_fraction(get("revival.shortlisted_sole_multiplier", get("limit.multiplier", 1)))
        or Fraction(1),
        unlisted=get("revival.unlisted", False),
        demand_share=Decimal(get("revival.unlisted_demand_share", 1)),
        not_highest=get("revival.unlisted_not_highest", False),
        unlisted_chooses=get("revival.unlisted_chooses_regions", False),
        unlisted_volume=get("revival.unlisted_volume", "shared"),
        reference=get("revival.reference", False),
        reference_volume=get("revival.reference_volume", "none"),
    )


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _fraction(value: Any) -> Fraction | None:
    return None if value is None else Fraction(value)


def _decimals(values: Mapping[str, Any]) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in values.items()}


def period_of(rule_set: RuleSet, winners: int | None) -> int | date | None:
    """Return the agreement period: years by the number of winners, fixed years, or the last day."""
    get = rule_set.parameters.value
    by_winners = get("period.by_winners")
    if by_winners is not None:
        return by_winners[min(winners, len(by_winners)) - 1] if winners else None
    period: int | date | None = get("period.until") or get("period.years")
    return period
