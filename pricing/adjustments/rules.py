"""What a plan may come to, whether it passes, and whom it costs what.

Source: service_prices.md "Adjustment plan". The total amount is the base service revenue of public hospitals × the
growth coefficient. A plan passes when Σ(Δprice × volume) ≤ total, cuts adding room, and technical-labour items are at
least 60 % of it by number and by amount; of the amount we count the raises, because cuts make room and take none (M).
Amounts are exact: nothing is rounded before a page shows it, so that parts add up to the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from statistics import median

from kernel.errors import DomainError
from kernel.money import places, round_amount, working
from kernel.policy import Parameters
from kernel.working import Step, Working
from pricing.adjustments.flow import Check
from pricing.items.flow import PriceGrade

ZERO = Decimal(0)
MOST_PRICE, PRICE_DECIMALS = Decimal(10) ** 6, 2
ORDER = (PriceGrade.FIRST, PriceGrade.SECOND, PriceGrade.THIRD)
"""Grades from the lowest ceiling to the highest."""
ROUNDS = (1, 2)
"""Rounds in which hospitals propose prices of complex items."""
APPROVALS = 2
"""Persons who have to approve a plan."""
SOURCE = "手册 service_prices.md 调价方案"

Prices = Mapping[tuple[int, PriceGrade], Decimal]


@dataclass(frozen=True, slots=True)
class Line:
    """A price before and after, yuan, and the volume of the base year in hospitals of that grade."""

    item_id: int
    code: str
    grade: PriceGrade
    old: Decimal
    new: Decimal
    technical: bool
    volume: Decimal = ZERO

    @property
    def amount(self) -> Decimal:
        """Return what the line adds a year, exactly; a cut is negative."""
        with working():
            return (self.new - self.old) * self.volume


@dataclass(frozen=True, slots=True)
class Part:
    """What a plan adds a year somewhere: in all, what of it the fund pays, and patients; None where nobody knows."""

    amount: Decimal
    fund: Decimal | None
    patients: Decimal | None


def price_fault(new: Decimal) -> str:
    """Return why a price can't be one: a code, or nothing.

    >>> price_fault(Decimal("18.5")), price_fault(Decimal("18.555"))
    ('', 'plan-price')
    """
    return "" if 0 < new < MOST_PRICE and places(new) <= PRICE_DECIMALS else "plan-price"


def total(base: Decimal, growth: Decimal) -> Working[Decimal]:
    """Return the amount that a plan may add a year, yuan.

    >>> total(Decimal("1000000"), Decimal("0.025")).value
    Decimal('25000.00')
    """
    with working():
        value = round_amount(base * growth)
    return Working(
        value, (Step("plan-total-amount", value, source=SOURCE, facts=(("base", base), ("growth", growth))),)
    )


def share(part: Decimal, whole: Decimal) -> Decimal:
    """Return a share; of nothing it is the whole.

    >>> share(Decimal(3), Decimal(4)), share(Decimal(0), Decimal(0))
    (Decimal('0.75'), Decimal('1'))
    """
    with working():
        return part / whole if whole else Decimal(1)


def checks(
    lines: Sequence[Line], limit: Decimal | None, held: Parameters, neighbours: Prices, standing: Prices
) -> tuple[Step, ...]:
    """Hold a plan against everything it has to keep; a check of which a number is unknown has not passed or failed.

    By item and grade, yuan: `neighbours` is the highest price of the regions beside it, `standing` the region's own
    before the plan.
    """
    raised = [one for one in lines if one.new > one.old]
    spent = sum((one.amount for one in lines), ZERO)
    items, technical = {one.item_id for one in lines}, {one.item_id for one in lines if one.technical}
    by_number = share(Decimal(len(technical)), Decimal(len(items)))
    by_amount = share(
        sum((one.amount for one in raised if one.technical), ZERO), sum((one.amount for one in raised), ZERO)
    )
    return (
        _check(Check.TOTAL, spent, "<=", limit, SOURCE),
        _share(Check.TECHNICAL_NUMBER, by_number, held, "technical.number"),
        _share(Check.TECHNICAL_AMOUNT, by_amount, held, "technical.amount"),
        _none(Check.GRADES, out_of_order(lines, standing), SOURCE),
        _neighbours(lines, held, neighbours),
    )  # fmt: skip


def _check(code: str, value: Decimal, relation: str, limit: Decimal | None, source: str) -> Step:
    passed = None if limit is None else value <= limit if relation == "<=" else value >= limit
    return Step(code, value, relation, limit, passed, source)


def _share(code: str, value: Decimal, held: Parameters, name: str) -> Step:
    one = held[name]
    return _check(code, value, ">=", Decimal(one.value) if one.is_set else None, one.source)


def _none(code: str, found: Sequence[str], source: str) -> Step:
    return Step(code, Decimal(len(found)), "<=", ZERO, not found, source, (("items", tuple(found)),))


def out_of_order(lines: Iterable[Line], standing: Prices) -> list[str]:
    """Return the codes of items that a plan makes dearer in a lower grade than in a higher one.

    Grades that it leaves alone keep the price that stands; what was out of order between two such is not its doing.
    """
    prices: dict[int, dict[PriceGrade, Decimal]] = defaultdict(dict)
    codes = dict[int, str]()
    for one in lines:
        prices[one.item_id][one.grade], codes[one.item_id] = one.new, one.code
    found = set[str]()
    for item_id, own in prices.items():
        rest = {grade: price for grade in ORDER if (price := standing.get((item_id, grade))) is not None}
        row = [(grade in own, price) for grade in ORDER if (price := own.get(grade, rest.get(grade))) is not None]
        if any((mine or its) and low > high for (mine, low), (its, high) in combinations(row, 2)):
            found.add(codes[item_id])
    return sorted(found)


def _neighbours(lines: Iterable[Line], held: Parameters, neighbours: Prices) -> Step:
    factor = held["neighbours"]
    if not factor.is_set:
        return Step(Check.NEIGHBOURS, None, "<=", None, None, factor.source)
    most = Decimal(factor.value)
    with working():
        above = sorted(
            {one.code for one in lines
             if one.new > one.old and one.new > neighbours.get((one.item_id, one.grade), one.new) * most}
        )  # fmt: skip
    return _none(Check.NEIGHBOURS, above, factor.source)


def failed(found: Iterable[Step]) -> tuple[Check, ...]:
    """Name the checks that a plan does not pass. Numbers it can't do without are asked for before."""
    return tuple(Check(step.code) for step in found if step.passed is False)


def part(amount: Decimal, fund_share: Decimal | None) -> Part:
    """Divide an amount between the fund and patients, exactly.

    >>> part(Decimal("100.00"), Decimal("0.7"))
    Part(amount=Decimal('100.00'), fund=Decimal('70.000'), patients=Decimal('30.000'))
    """
    if fund_share is None:
        return Part(amount, None, None)
    with working():
        fund = amount * fund_share
        return Part(amount, fund, amount - fund)


def whole(parts: Iterable[Part]) -> Part:
    """Add parts up; where one of them is not divided the whole is not."""
    found = list(parts)
    funds = [one.fund for one in found if one.fund is not None]
    patients = [one.patients for one in found if one.patients is not None]
    known = len(funds) == len(found)
    with working():
        return Part(
            sum((one.amount for one in found), ZERO), sum(funds, ZERO) if known else None,
            sum(patients, ZERO) if known else None,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """What hospitals proposed for an item: how many, the lowest, the middle and the highest, yuan."""

    count: int
    low: Decimal
    middle: Decimal
    high: Decimal


def compare(prices: Sequence[Decimal]) -> Comparison:
    """Put proposals beside each other; the middle of two is their mean, rounded to the fen.

    >>> compare([Decimal(10), Decimal(13), Decimal(11), Decimal(12)]).middle
    Decimal('11.50')
    """
    if not prices:
        raise DomainError("plan-no-proposals")
    with working():
        return Comparison(len(prices), min(prices), round_amount(median(prices)), max(prices))


def decided(approvals: Iterable[int], authors: Iterable[int]) -> bool:
    """Say whether enough persons have approved, whoever wrote the plan not counted.

    >>> decided([1, 2], [1, 4]), decided([2, 3], [1, 4])
    (False, True)
    """
    return len(set(approvals) - set(authors)) >= APPROVALS


def changed(price: Decimal, percent: Decimal, step: Decimal) -> Decimal:
    """Return a price changed by a percentage, half-up to whole steps, yuan.

    >>> changed(Decimal("12.50"), Decimal(10), Decimal("0.5"))
    Decimal('14.00')
    """
    with working():
        return round_amount((price * (100 + percent) / 100 / step).quantize(Decimal(1)) * step)
