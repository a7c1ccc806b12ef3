"""What a plan may come to, the checks at their edges, parts that add up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.policy import Parameters, load
from pricing.adjustments import rules
from pricing.adjustments.flow import PLAN_FLOW, PlanAction, PlanState
from pricing.adjustments.rules import Line, Part
from pricing.adjustments.services.drafting import POLICY
from pricing.items.flow import PriceGrade

T, S, F = PriceGrade.THIRD, PriceGrade.SECOND, PriceGrade.FIRST
HELD = load(POLICY)


def line(
    item: int, new: str, *, old: str = "10", technical: bool = True, volume: int = 100, grade: PriceGrade = T
) -> Line:
    return Line(item, f"{item:09d}", grade, Decimal(old), Decimal(new), technical, Decimal(volume))


def outcome(
    lines: list[Line],
    limit: str | None = "1000",
    held: Parameters = HELD,
    standing: rules.Prices | None = None,
    **beside: str,
) -> dict[str, bool | None]:
    prices = {(int(name[1:]), T): Decimal(price) for name, price in beside.items()}
    found = rules.checks(lines, None if limit is None else Decimal(limit), held, prices, standing or {})
    return {step.code.removeprefix("plan-"): step.passed for step in found}


def test_what_is_added_may_reach_the_total_and_not_pass_it() -> None:
    assert outcome([line(1, "20")])["total"] is True
    assert outcome([line(1, "20.01")])["total"] is False
    assert outcome([line(1, "20.01"), line(2, "9.99")])["total"] is True  # cuts make room
    assert outcome([line(1, "20")], None)["total"] is None


@pytest.mark.parametrize(("technical", "passed"), [(5, False), (6, True), (7, True)])
def test_six_of_ten_items_are_technical_labour(technical: int, passed: bool) -> None:
    lines = [line(number, "11", technical=number < technical) for number in range(10)]
    found = outcome(lines)
    assert (found["technical-number"], found["technical-amount"]) == (passed, passed)


def test_the_share_by_amount_counts_raises_alone() -> None:
    lines = [line(1, "16"), line(2, "14", technical=False), line(3, "1", technical=False), line(4, "9")]
    assert outcome(lines)["technical-amount"] is True  # 600 of 1 000
    assert outcome([line(1, "15.99"), *lines[1:]])["technical-amount"] is False


def test_a_lower_grade_is_not_dearer_than_a_higher_one() -> None:
    assert outcome([line(1, "11"), line(1, "11", grade=S), line(1, "11", grade=F)])["grades"] is True
    assert outcome([line(1, "11"), line(1, "11.01", grade=S)])["grades"] is False


def test_grades_that_a_plan_leaves_alone_keep_their_prices() -> None:
    assert outcome([line(1, "11")], standing={(1, S): Decimal("11.01")})["grades"] is False
    assert outcome([line(1, "11")], standing={(1, S): Decimal(11), (1, T): Decimal(1)})["grades"] is True
    assert outcome([line(1, "12")], standing={(1, S): Decimal(9), (1, F): Decimal(10)})["grades"] is True  # as it was


def test_neighbours_are_a_ceiling_once_somebody_says_how_far() -> None:
    assert outcome([line(1, "12")], n1="11")["neighbours"] is None
    held = HELD.filled({"neighbours": "1.1"}, "文件")
    assert outcome([line(1, "12.1")], held=held, n1="11")["neighbours"] is True
    assert outcome([line(1, "12.11")], held=held, n1="11")["neighbours"] is False
    assert outcome([line(1, "9")], held=held, n1="5")["neighbours"] is True  # a cut is never above
    assert outcome([line(1, "99")], held=held)["neighbours"] is True  # no neighbour has a price


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(-(10**9), 10**9), st.integers(0, 10**6)), max_size=20))
def test_parts_add_up_to_the_whole_exactly(rows: list[tuple[int, int]]) -> None:
    amounts = [Decimal(amount).scaleb(-5) for amount, _share in rows]
    parts = [rules.part(amount, Decimal(row[1]).scaleb(-6)) for amount, row in zip(amounts, rows, strict=True)]
    found = rules.whole(parts)
    assert found.amount == sum(amounts, Decimal(0))
    assert found.fund is not None and found.patients is not None
    assert found.fund + found.patients == found.amount
    assert rules.whole([*parts, Part(Decimal(1), None, None)]).fund is None


def test_two_others_than_the_authors_decide() -> None:
    votes = ([], [2], [1, 2], [2, 2], [2, 4], [2, 3])
    assert [rules.decided(one, [1, 4]) for one in votes] == [False] * 5 + [True]


@pytest.mark.parametrize("state", list(PlanState))
def test_lines_change_in_the_draft_and_the_survey_alone(state: PlanState) -> None:
    assert PLAN_FLOW.allows(state, PlanAction.EDIT) == (state in (PlanState.DRAFT, PlanState.SURVEY))
    assert PLAN_FLOW.allows(state, PlanAction.FILE) == (state is PlanState.PUBLICITY)
