"""The standard up to which insurance pays for a product of a drug that was procured by volume.

Source: 医保发〔2019〕18号 and 国办发〔2019〕2号 (national bounds), the schedule of Hainan as default:
w winning price, p product price, p0 price when the agreement starts, yuan in one and the same unit.
Passed consistency evaluation, or reference: p ≤ w → p; w < p, and p ≤ 2w or p0 ≤ 2w → w; else
min(p, max(w, share of the year × p0)). Not passed → min(p, w). The patient pays what is above.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from kernel.errors import DomainError
from kernel.money import places, round_amount, round_price, working
from kernel.policy import load
from kernel.working import Step, Working

POLICY = load(Path(__file__).resolve().parent / "policy.toml")
SINCE = date(2019, 3, 1)
DEFAULT = "hainan"
NATIONAL = "医保发〔2019〕18号"
PRICES = ("winning", "price", "start")


class Underivable(DomainError):
    """The standard can't be derived from what was stated; `facts` name the field."""

    code = "standard-missing"


@dataclass(frozen=True, slots=True)
class Schedule:
    """The shares of the start price, a year each, and where they come from."""

    shares: tuple[Decimal, ...]
    source: str

    @property
    def years(self) -> int:
        """Return how many years the schedule has."""
        return len(self.shares)


def schedule(name: str = DEFAULT) -> Schedule:
    """Return a region's schedule by its name.

    >>> schedule().shares
    (Decimal('0.7'), Decimal('0.4'), Decimal('0'))
    """
    shares = POLICY.value(f"schedule.{name}")
    if shares is None:
        raise Underivable("standard-no-schedule", schedule=name)
    return Schedule(tuple(map(Decimal, shares)), POLICY[f"schedule.{name}"].source)


def within_national(found: Schedule) -> bool:
    """Say whether a schedule keeps the national bounds: the cut of year 1, and the winning price in time.

    >>> within_national(schedule()), within_national(Schedule((Decimal("0.8"), Decimal(0)), "?"))
    (True, False)
    """
    whole = found.shares.index(Decimal(0)) + 1 if Decimal(0) in found.shares else None
    first, last = POLICY.value("national.earliest_year"), POLICY.value("national.latest_year")
    return 1 - found.shares[0] >= POLICY.value("national.first_cut") and whole is not None and first <= whole <= last


@dataclass(frozen=True, slots=True)
class Case:
    """A product to derive the standard of. `start` and `year` count only where the price is above twice the winning."""

    winning: Decimal
    price: Decimal
    start: Decimal | None = None
    year: int | None = None
    passed: bool = True


def standard(case: Case, *, by: Schedule | None = None) -> Working[Decimal]:
    """Return the payment standard with every test, to the fen, or to 4 decimals where a price states more than 2.

    Raises Underivable for a price that is none, and for a start price or year that is needed and missing.

    >>> ten = [Case(Decimal(2), Decimal(10), Decimal(10), year) for year in (1, 2, 3)]
    >>> [str(standard(each).value) for each in ten]
    ['7.00', '4.00', '2.00']
    >>> str(standard(Case(Decimal(2), Decimal("3.5"))).value), str(standard(Case(Decimal(2), Decimal("1.5"))).value)
    ('2.00', '1.50')
    """
    _check_prices(case)
    steps, value = _derived(case, by or schedule())
    found = _rounded(value, case)
    return Working(found, (*steps, Step("standard.rounded", value=found, facts=(("before", value),))))


def _check_prices(case: Case) -> None:
    for name in PRICES:
        price: Decimal | None = getattr(case, name)
        if price is not None and (not price.is_finite() or not 0 < price < 10**9 or places(price) > 4):
            raise Underivable("standard-bad-price", field=name, price=price)


def _derived(case: Case, by: Schedule) -> tuple[list[Step], Decimal]:
    """Walk through the tests in the order of the rule."""
    w, p, double = case.winning, case.price, case.winning * POLICY.value("multiple")
    steps = [Step("standard.passed", passed=case.passed, source=NATIONAL)]
    if not case.passed:
        facts = (("price", p), ("winning", w))
        return [*steps, Step("standard.lower", value=min(p, w), facts=facts, source=NATIONAL)], min(p, w)
    steps.append(_test("standard.price-to-winning", p, w))
    if p <= w:
        return [*steps, Step("standard.price", value=p, source=NATIONAL)], p
    steps.append(_test("standard.price-to-double", p, double))
    if p > double:
        start = _needed(case, "start", case.start)
        steps.append(_test("standard.start-to-double", start, double))
        if start > double:
            return _scheduled(case, by, start, steps)
    return [*steps, Step("standard.winning", value=w, source=NATIONAL)], w


def _test(code: str, value: Decimal, limit: Decimal) -> Step:
    return Step(code, value, "<=", limit, passed=value <= limit, source=NATIONAL)


def _needed(case: Case, field: str, value: Decimal | int | None) -> Decimal:
    """Return what the rule can't do without, or name everything that is missing."""
    if value is None:
        missing = ["start", "year"] if field == "start" and case.year is None else [field]
        raise Underivable(fields=missing, price=case.price, limit=case.winning * POLICY.value("multiple"))
    return Decimal(value)


def _scheduled(case: Case, by: Schedule, start: Decimal, steps: list[Step]) -> tuple[list[Step], Decimal]:
    """Apply the year's share: never below the winning price, never above the product's own."""
    year = int(_needed(case, "year", case.year))
    if not 1 <= year <= by.years:
        raise Underivable("standard-bad-year", year=year, years=by.years)
    share = by.shares[year - 1]
    with working():
        step = start * share
    floor = max(case.winning, step)
    value = min(case.price, floor)
    told = (("year", year), ("share", share), ("start", start))
    return [
        *steps,
        Step("standard.share", value=step, facts=told, source=by.source),
        Step("standard.floor", value=floor, facts=(("step", step), ("winning", case.winning)), source=NATIONAL),
        Step("standard.lower-of-both", value=value, facts=(("price", case.price), ("floor", floor)), source=NATIONAL),
    ], value


def decimals(case: Case) -> int:
    """Return to how many decimals a standard is rounded: as packs are priced, or as units where a price states more.

    >>> decimals(Case(Decimal("2.00"), Decimal("10"))), decimals(Case(Decimal("0.0651"), Decimal("1")))
    (2, 4)
    """
    stated = [price for price in (case.winning, case.price, case.start) if price is not None]
    return 4 if any(places(price) > 2 for price in stated) else 2


def _rounded(value: Decimal, case: Case) -> Decimal:
    return round_price(value) if decimals(case) == 4 else round_amount(value)
