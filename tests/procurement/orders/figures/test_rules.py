"""The figures: a month that officials can check by hand, and what holds whatever the orders are."""

from __future__ import annotations

import tomllib
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.periods import BEIJING, months
from procurement.orders.figures.flow import FigureCode, TargetCode
from procurement.orders.figures.rules import (
    Arrival,
    Facts,
    Line,
    Offline,
    UnknownPeriod,
    Waiting,
    figures,
    period,
    share,
    targets,
    terms,
)
from procurement.orders.flow import OrderState, Refusal
from procurement.orders.rules import ZERO, due

GOLDEN = tomllib.loads((Path(__file__).parents[3] / "golden" / "trade-figures.toml").read_text("utf-8"))
PRICE = Decimal(2)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def facts(order: dict[str, Any]) -> Facts:
    answered = moment(order["answered"]) if "answered" in order else None
    arrivals = [Arrival(moment(at), Decimal(count), PRICE) for at, count in order.get("received", ())]
    shipped = [(moment(at), Decimal(count)) for at, count in order.get("shipped", ())]
    by = due(answered, "2 workdays") if answered else None
    line = Line(
        1, Decimal(order["quantity"]), PRICE, sum((one.quantity for one in arrivals), ZERO),
        sum((count for at, count in shipped if by and at < by), ZERO),
    )  # fmt: skip
    state = OrderState(order.get("state", "shipped"))
    refusal = Refusal(order["refusal"]) if "refusal" in order else None
    return Facts(state, moment(order["placed"]), answered, refusal, (line,), tuple(arrivals))


def added(orders: list[dict[str, Any]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for order in orders:
        for name, value in share(facts(order)).get(period(GOLDEN["month"]).start, {}).items():
            found[name] = found.get(name, ZERO) + value
    return found


@pytest.mark.parametrize("code", list(FigureCode))
def test_the_golden_month_comes_out(code: FigureCode) -> None:
    sums = added(GOLDEN["order"]) | {"paid_in_time": Decimal(GOLDEN["paid"]["in_time"])}
    offline = Offline(*(Decimal(GOLDEN["offline"][name]) for name in ("drugs", "consumables")))
    found = {one.code: one for one in figures(sums, Waiting(**GOLDEN["waiting"]), offline, without_short=True)}[code]
    numerator, denominator, excluded, value = GOLDEN["figures"][code]
    assert (found.numerator, found.denominator, found.excluded) == tuple(
        map(Decimal, (numerator, denominator, excluded))
    )
    assert found.value == (Decimal(value) if value else None)


def test_without_the_rule_a_producers_shortage_counts_against_the_supplier() -> None:
    found = {one.code: one for one in figures(added(GOLDEN["order"]), Waiting(), Offline(), without_short=False)}
    assert found[FigureCode.COMPLETION].denominator == 7


@given(st.dictionaries(st.sampled_from(("withdrawn", "answered", "short")), st.integers(0, 50).map(Decimal)))
def test_a_figure_names_all_it_leaves_out(parts: dict[str, Decimal]) -> None:
    sums = parts | {"orders": Decimal(200)}
    found = {one.code: one for one in figures(sums, Waiting(answer=3), Offline(), without_short=True)}
    one = found[FigureCode.RESPONSE]
    assert one.denominator + one.excluded + one.waiting == 200
    done = found[FigureCode.COMPLETION]
    assert done.denominator + done.excluded == 200


@pytest.mark.parametrize("text", ["", "2026-13", "2026Q5", "26", "2026-1", "٢٠٢٦", "2026 Q1", "0001-01", "2026-03-01"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(UnknownPeriod):
        period(text)


def test_months_quarters_and_years_agree() -> None:
    year = [day for quarter in range(1, 5) for day in months(period(f"2026Q{quarter}"))]
    assert year == months(period("2026"))
    assert [months(period(f"{day:%Y-%m}")) for day in year] == [[day] for day in year]


def test_a_target_nobody_published_stays_open() -> None:
    found = {one.code: one for one in targets({TargetCode.PAYMENT: Decimal(1)}, terms("320100", 2026))}
    assert found[TargetCode.PAYMENT].met is None
    assert found[TargetCode.ONLINE_DRUGS].wanted.value == Decimal("0.90")
