"""Payment standards: the goldens, the edges, and what holds whatever the prices are."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.standards.rules import Case, Schedule, Underivable, schedule, standard, within_national

GOLDEN = tomllib.loads((Path(__file__).parents[2] / "golden" / "payment-standard.toml").read_text("utf-8"))


@pytest.mark.parametrize("row", GOLDEN["rows"], ids=lambda row: "-".join(map(str, row[:5])))
def test_the_golden_standards_come_out(row: list[Any]) -> None:
    winning, price, start, year, passed, expected, decides = row
    case = Case(Decimal(winning), Decimal(price), Decimal(start) if start else None, year or None, passed)
    found = standard(case)
    assert (str(found.value), found.steps[-2].code) == (expected, decides)


def test_what_is_missing_is_named_only_where_it_is_needed() -> None:
    two, ten = Decimal(2), Decimal(10)
    for case, missing in ((Case(two, ten), ["start", "year"]), (Case(two, ten, None, 1), ["start"]),
                          (Case(two, ten, ten), ["year"])):  # fmt: skip
        with pytest.raises(Underivable, match="standard-missing") as refusal:
            standard(case)
        assert refusal.value.facts["fields"] == missing


@pytest.mark.parametrize("year", [0, 4, -1])
def test_a_year_outside_the_schedule_is_refused(year: int) -> None:
    with pytest.raises(Underivable, match="standard-bad-year"):
        standard(Case(Decimal(2), Decimal(10), Decimal(10), year))


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity", "1000000000", "1.00001"])
def test_what_is_no_price_is_refused(price: str) -> None:
    for case in (Case(Decimal(price), Decimal(1)), Case(Decimal(1), Decimal(price)),
                 Case(Decimal(1), Decimal(9), Decimal(price), 1)):  # fmt: skip
        with pytest.raises(Underivable, match="standard-bad-price"):
            standard(case)


def test_another_schedule_is_taken_and_held_against_the_national_bounds() -> None:
    soft = Schedule((Decimal("0.6"), Decimal(0)), "某省")
    assert str(standard(Case(Decimal(2), Decimal(10), Decimal(10), 1), by=soft).value) == "6.00"
    assert [within_national(each) for each in (schedule(), soft)] == [True, True]
    assert not within_national(Schedule((Decimal("0.7"), Decimal("0.4")), "never the winning price"))
    assert not within_national(Schedule((Decimal("0.71"), Decimal(0)), "too small a cut"))
    with pytest.raises(Underivable, match="standard-no-schedule"):
        schedule("atlantis")


prices = st.decimals("0.01", "5000", places=2)


@settings(max_examples=500, deadline=None)
@given(prices, prices, prices, st.booleans())
def test_the_standard_lies_between_the_lower_and_the_products_price_and_never_rises(
    winning: Decimal, price: Decimal, start: Decimal, passed: bool
) -> None:
    found = [standard(Case(winning, price, start, year, passed)).value for year in (1, 2, 3)]
    assert found == sorted(found, reverse=True)
    assert all(min(winning, price) <= each <= price for each in found)
    assert found[-1] == min(winning, price)
