"""Which bids are valid, who counts in N, and what a bid is worth in comparison (source: rules of the rounds, 申报价).

>>> comparable(Decimal("0.0530"), Decimal("0.5882352941"))
Decimal('0.0901')
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kernel.money import places, round_price, working
from procurement.rounds.rules.columns import Item
from procurement.rounds.rules.limits import tidy
from procurement.rounds.rules.model import BidRow, Reason
from procurement.rounds.rules.plan import Plan

STEP = Decimal("0.0001")
PER_YUAN = 10_000
UNLIMITED = 10**15


def comparable(unit_price: Decimal, factor: Decimal) -> Decimal:
    """Return the unit comparable price: unit bid ÷ price factor, half-up to 4 decimals."""
    with working():
        return round_price(unit_price / factor)


def fault(unit_price: Decimal | None, cap: Decimal) -> Reason | None:
    """Say what makes a bid invalid, None where it is valid; a bid equal to the cap is.

    >>> fault(Decimal("1.2000"), Decimal("1.2")) is None, fault(Decimal("1.2001"), Decimal("1.2")).value
    (True, 'over-cap')
    """
    if unit_price is None:
        return Reason.NO_PRICE
    if unit_price <= 0:
        return Reason.NOT_POSITIVE
    if places(unit_price) > 4:
        return Reason.TOO_PRECISE
    return Reason.OVER_CAP if unit_price > cap else None


def ticks(value: Decimal) -> int:
    """Return a price in steps of 0.0001 yuan, rounded down: nothing above it meets `≤ value`."""
    with working():
        return int((value * PER_YUAN).to_integral_value("ROUND_FLOOR"))


def yuan(tick: int) -> Decimal:
    """Return steps of 0.0001 yuan as a price with 4 decimals."""
    return Decimal(tick).scaleb(-4)


def bidder_of(row: BidRow) -> str:
    """Return who counts as one bidder: the related-company group, else the company."""
    return f"group {row.group}" if row.group else f"company {row.company}"


def with_groups(rows: Sequence[BidRow]) -> list[BidRow]:
    """Give a company the group that any of its lines names, so that it stays one bidder."""
    groups = {row.company: row.group for row in rows if row.group}
    if not groups:
        return list(rows)
    return [row if row.group else replace(row, group=groups.get(row.company, "")) for row in rows]


def bidders(rows: Iterable[BidRow], plan: Plan) -> int:
    """Count N: the bidders that declared for the variety, bids over the cap included; related companies are one."""
    counted = (r for r in rows if r.declared and not (plan.counts_valid_only and fault(r.unit_price, r.cap)))
    return len({bidder_of(row) for row in counted})


def with_systems(rows: Sequence[BidRow]) -> list[BidRow]:
    """Add the components of each company's system up to one bid; a system with an invalid component has no price.

    The cap of the system is the sum of its components' caps.
    """
    systems: dict[tuple[str, str, str], list[BidRow]] = defaultdict(list)
    for row in rows:
        systems[(row.variety, row.company, row.spec)].append(row)
    return [_system(parts) for parts in systems.values()]


def _system(parts: list[BidRow]) -> BidRow:
    prices = [part.unit_price for part in parts]
    total = None if any(p is None or p <= 0 for p in prices) else sum((p for p in prices if p is not None), Decimal(0))
    return replace(
        parts[0],
        unit_price=total,
        cap=sum((part.cap for part in parts), Decimal(0)),
        declared=any(part.declared for part in parts),
        group=next((part.group for part in parts if part.group), ""),
        extra={**parts[0].extra, "component": ""},
    )


@dataclass(slots=True)
class Entry:
    """A declared bid in whole steps of 0.0001 yuan, so that comparing is exact and fast.

    `highest` is the highest own price that is valid; `lines` the highest that meets the absolute lines;
    `free_bid` and `free_price` (comparable) stand by their own right; `free_anyway` needs no shortlist place.
    `barred` names what keeps it from winning at any price.
    """

    row: BidRow
    bidder: str
    numerator: int
    denominator: int
    tick: int | None
    highest: int
    lines: int
    free_bid: int
    free_price: int
    free_anyway: int
    barred: str
    score: Decimal

    def price(self, tick: int | None) -> int | None:
        """Return the comparable price of an own price, None where that price is not valid."""
        if tick is None or not 0 < tick <= self.highest:
            return None
        if self.numerator == self.denominator:
            return tick
        return (2 * tick * self.denominator + self.numerator) // (2 * self.numerator)

    def lowest_tick(self, price: int) -> int:
        """Return the lowest own price whose comparable price is at least `price`."""
        if self.numerator == self.denominator:
            return price
        return -((-(2 * price - 1) * self.numerator) // (2 * self.denominator))


def entry_of(row: BidRow, plan: Plan) -> Entry:
    """Read one declared bid under a plan; raises UnsetParameter for a form whose threshold nobody knows."""
    row = replace(row, unit_price=None if row.unit_price is None else tidy(row.unit_price), cap=tidy(row.cap))
    numerator, denominator = row.price_factor.as_integer_ratio()
    precise = row.unit_price is not None and places(row.unit_price) <= 4
    low = plan.low_price(row.form)
    cut = UNLIMITED if plan.cut is None else ticks(row.cap * (1 - plan.cut))
    return Entry(
        row=row,
        bidder=bidder_of(row),
        numerator=numerator,
        denominator=denominator,
        tick=ticks(row.unit_price) if precise and row.unit_price is not None else None,
        highest=ticks(row.cap),
        lines=min((ticks(line) for _, line in price_lines(row, plan)), default=UNLIMITED),
        free_bid=max(
            0 if plan.cut is None or plan.cut_reaches_all else cut,
            ticks(low) if low is not None and plan.low_price_by_unit else 0,
        ),
        free_price=_free_price(row, plan, None if plan.low_price_by_unit else low),
        free_anyway=cut if plan.cut is not None and plan.cut_reaches_all else 0,
        barred=_barred(row, plan),
        score=score(row, plan),
    )


def price_lines(row: BidRow, plan: Plan) -> list[tuple[str, Decimal]]:
    """Return the absolute lines that hold for a bid, with the parameter or column each comes from."""
    lines = [] if plan.lines.price is None else [("line.price", plan.lines.price)]
    named = plan.lines.by_class.get(str(row.extra.get(plan.lines.class_column) or ""))
    if named is not None:
        lines.append(("line.by_class", named))
    for column in plan.lines.price_columns:
        value = row.extra.get(column)
        if isinstance(value, Decimal):
            lines.append((column, value))
    return lines


def typed_weights(plan: Plan) -> dict[str, Decimal]:
    """Return the weights of the scores that stand in columns: all but a price score that is computed."""
    return {name: weight for name, weight in plan.weights.items() if name != "price" or plan.price_weight is None}


def score(row: BidRow, plan: Plan) -> Decimal:
    """Return Σ weight × score over the columns, 0 where the rule set has none; a score that is missing counts 0."""
    total = Decimal(0)
    with working():
        for name, weight in typed_weights(plan).items():
            value = row.extra.get(f"score_{name}")
            total += weight * (value if isinstance(value, Decimal) else 0)
    return total


def _free_price(row: BidRow, plan: Plan, low: Decimal | None) -> int:
    """The highest comparable price that needs no comparison: low price, a strict line, the line in a column."""
    free = 0 if low is None else ticks(low)
    if plan.below is not None:
        free = max(free, -ticks(-plan.below) - 1)
    own = row.extra.get(plan.line_column) if plan.line_column else None
    return max(free, ticks(own)) if isinstance(own, Decimal) else free


def without_statement(row: BidRow, plan: Plan) -> str:
    """Say that a statement of reasons is missing or was refused, where the rule set lets the bid lose by that."""
    return str(row.extra.get(Item.STATEMENT) or "") if plan.statement_bars else ""


def _barred(row: BidRow, plan: Plan) -> str:
    if without_statement(row, plan):
        return Item.STATEMENT
    return next((name for name, limit in plan.lines.highest.items() if not _meets(row, name, limit)), "")


def _meets(row: BidRow, name: str, limit: Decimal) -> bool:
    value = row.extra.get(name)
    return isinstance(value, Decimal) and value <= limit
