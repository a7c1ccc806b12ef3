"""Nouns of an evaluation: a bid as it was declared, and what was decided about it.

Prices are yuan per unit (tablet, vial, piece) of the bid's own specification; comparable prices are brought to the
variety's reference specification and have 4 decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from kernel.working import Step

Extra = Decimal | str | bool | date | None


class Form(StrEnum):
    """Groups of dosage forms that low-price thresholds distinguish."""

    ORAL_SOLID = "oral-solid"
    INJECTION = "injection"
    OTHER = "other"


class Status(StrEnum):
    """What became of a bid. OPEN: it stands in a tie across the last place until a draw is recorded."""

    WON = "won"
    LOST = "lost"
    OPEN = "open"


class Reason(StrEnum):
    """Why a bid lost."""

    NO_PRICE = "no-price"
    NOT_POSITIVE = "not-positive"
    TOO_PRECISE = "too-precise"
    OVER_CAP = "over-cap"
    RELATED_BIDDER = "related-bidder"
    COMPANY_MAXIMUM = "per-company-maximum"
    NOT_SHORTLISTED = "not-shortlisted"
    ABOVE_LIMIT = "above-limit"
    ABOVE_LINE = "above-line"
    CONDITION = "condition-not-met"
    STATEMENT = "statement-missing"
    ELIMINATED = "eliminated"


class By(StrEnum):
    """The test or revival that decided an award; a tie key stands by its column name, a draw as "draw"."""

    RANK = "rank"
    MULTIPLIER = "multiplier"
    CUT = "cut"
    LOW_PRICE = "low-price"
    PRICE_LINE = "price-line"
    LINE = "line"
    REVIVAL_SHORTLISTED = "revival-shortlisted"
    REVIVAL_UNLISTED = "revival-unlisted"
    REFERENCE = "reference-preparation"
    OUTLIER = "outlier"


@dataclass(frozen=True, slots=True)
class BidRow:
    """One line of the bid table. `extra` holds the columns that only some rule sets read, by name.

    `revival_offer`: the bidder takes a revival; with `accepted_as` and `accepted_price` (comparable) it takes that one
    only, and nothing where the rules come to another price.
    """

    variety: str
    company: str
    unit_price: Decimal | None
    cap: Decimal
    spec: str = ""
    group: str = ""
    price_factor: Decimal = Decimal(1)
    form: Form = Form.OTHER
    declared: bool = True
    is_reference: bool = False
    brand_demand: Decimal | None = None
    revival_offer: bool = False
    accepted_as: str = ""
    accepted_price: Decimal | None = None
    extra: Mapping[str, Extra] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """The nearest own unit price that would have altered the outcome, everybody else's price unchanged."""

    unit_price: Decimal
    difference: Decimal
    becomes: Status


@dataclass(frozen=True, slots=True)
class OtherSpec:
    """A further specification of a bidder, `unit_price` as bid, `follows_at` the price that follows the winning one."""

    spec: str
    unit_price: Decimal | None
    follows_at: Decimal | None


@dataclass(frozen=True, slots=True)
class Revival:
    """What a bid that did not win by itself may still win by: which revival, at which price, under which conditions.

    `comparable_price` is None where nobody won or a tie decides it; `prices` hold each specification of the bidder, the
    one it stands with first, `follows_at` being what it would be awarded. `volume`: shared | own-brand | none.
    """

    kind: By
    comparable_price: Decimal | None
    prices: tuple[OtherSpec, ...]
    conditions: tuple[Step, ...]
    chooses_regions: bool
    volume: str

    @property
    def allowed(self) -> bool:
        """Say whether nothing but the bidder's consent is missing."""
        return all(step.passed for step in self.conditions)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one company of a variety (one product where products compete), and why.

    `comparable_price` is that of the award: a revived winner's is the price it accepted. `regions` counts main
    regions; `ratio` is the agreed share of the base; None where the rule set has none or a tie leaves it open.
    """

    company: str
    spec: str
    group: str
    status: Status
    rank: int | None
    bid_price: Decimal | None
    bid_comparable: Decimal | None
    comparable_price: Decimal | None
    unit_price: Decimal | None
    reason: Reason | None
    decided_by: str | None
    steps: tuple[Step, ...]
    margin: Decimal | None
    change: Change | None
    carries_volume: bool = False
    chooses_regions: bool = False
    statement_due: bool = False
    regions: int | None = None
    ratio: Decimal | None = None
    share: Decimal | None = None
    other_specs: tuple[OtherSpec, ...] = ()
    revival: Revival | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """Bids at one comparable price around the last place, `places` of which are left for them."""

    companies: tuple[str, ...]
    specs: tuple[str, ...]
    comparable_price: Decimal
    rank: int
    places: int


@dataclass(frozen=True, slots=True)
class VarietyResult:
    """One variety (one unit of it, where bids are grouped). `period` is years, or the last day."""

    variety: str
    unit: str
    n: int
    k: int | None
    anchor: Decimal | None
    limit: Decimal | None
    decisions: tuple[Decision, ...]
    unresolved_ties: tuple[Tie, ...]
    winners_counted: int | None
    ratio: Decimal | None
    period: int | date | None

    def of(self, status: Status) -> tuple[Decision, ...]:
        """Return the decisions with that status, by rank."""
        return tuple(decision for decision in self.decisions if decision.status is status)


@dataclass(frozen=True, slots=True)
class Result:
    """A round evaluated under one rule set."""

    rule_set: str
    varieties: tuple[VarietyResult, ...]
