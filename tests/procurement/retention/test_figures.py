"""The figures of many lines are those of the pure rule, and keep within their bounds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.policy import Parameters
from procurement.retention.figuring.rules import figures
from procurement.retention.rules import Line, retained, rules

MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SAMPLE = rules("national-sample")
SETS = [
    SAMPLE,
    SAMPLE.filled({"negative": "offset", "factors.budget": "last-year"}, "test"),
    SAMPLE.filled({"n.without_passed": True, "n.without_drg": True, "gate.completion": False}, "test"),
]


def numbers(most: int, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(0, most, places=places, allow_nan=False, allow_infinity=False)


LINES = st.builds(
    Line, hospital=st.just("h"), variety=st.just("v"), q0=numbers(10**6, 3), p0=numbers(1000, 12),
    qc=numbers(10**6, 3), pw=numbers(1000, 12), n=numbers(10**8, 2), r=numbers(1, 6), s=numbers(1, 6),
    score=st.one_of(numbers(100, 2), st.sampled_from([Decimal(one) for one in ("59.99", "60", "79.99", "80")])),
    completed=st.booleans(), exempt=st.booleans(), n_passed=numbers(10**4, 2), n_drg=numbers(10**4, 2),
    r_last=st.none() | numbers(1, 6), s_last=st.none() | numbers(1, 6),
)  # fmt: skip


@MANY
@given(st.lists(LINES, max_size=6), st.sampled_from(SETS))
def test_the_figures_of_many_lines_are_those_of_the_rule(lines: list[Line], held: Parameters) -> None:
    for line, found in zip(lines, figures(lines, held), strict=True):
        one = retained(line, held)
        assert (found.budget, found.spend, found.base, found.k, found.retained) == (
            one.budget, one.spend, one.base, one.k, one.retained
        )  # fmt: skip


@MANY
@given(LINES)
def test_between_nothing_and_half_of_the_base_is_retained(line: Line) -> None:
    found = next(figures([line], SAMPLE))
    assert found.retained >= 0 and 2 * found.retained <= found.base + Decimal("0.01")


@MANY
@given(LINES, numbers(10**6, 2))
def test_what_is_retained_falls_as_non_winning_use_grows(line: Line, more: Decimal) -> None:
    less, grown = (one.retained for one in figures([line, replace(line, n=line.n + more)], SAMPLE))
    assert grown <= less
