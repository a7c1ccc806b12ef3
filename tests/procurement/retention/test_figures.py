"""The figures of many lines are those of the pure rule, and keep within their bounds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.money import to_whole
from kernel.policy import Parameters
from procurement.retention.figuring.rules import figures, k_of, kept, whole
from procurement.retention.rules import Line, retained, rules

MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SAMPLE = rules("national-sample")
SETS = [
    SAMPLE,
    SAMPLE.filled({"negative": "offset", "factors.budget": "last-year"}, "test"),
    SAMPLE.filled({"n.without_passed": True, "n.without_drg": True, "gate.completion": False}, "test"),
    SAMPLE.filled({"gate.non_winning": Decimal("0.3"), "fiscal_year": "split", "n.without_drg": True}, "test"),
    SAMPLE.filled({"rounding": "1", "fiscal_year": "split", "negative": "offset", "gate.non_winning": "0"}, "test"),
]


def numbers(most: int, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(0, most, places=places, allow_nan=False, allow_infinity=False)


LINES = st.builds(
    Line, hospital=st.just("h"), variety=st.just("v"), q0=numbers(10**6, 3), p0=numbers(1000, 12),
    qc=numbers(10**6, 3), pw=numbers(1000, 12), n=numbers(10**8, 2), r=numbers(1, 6), s=numbers(1, 6),
    score=st.one_of(numbers(100, 2), st.sampled_from([Decimal(one) for one in ("59.99", "60", "79.99", "80")])),
    completed=st.booleans(), exempt=st.booleans(), n_passed=numbers(10**4, 2), n_drg=numbers(10**4, 2),
    r_last=st.none() | numbers(1, 6), s_last=st.none() | numbers(1, 6),
    won=st.none() | numbers(10**8, 2), early=numbers(1, 6),
)  # fmt: skip


@MANY
@given(st.lists(LINES, max_size=6), st.sampled_from(SETS))
def test_the_figures_of_many_lines_are_those_of_the_rule(lines: list[Line], held: Parameters) -> None:
    for line in lines:
        one = retained(line, held)
        (found,) = figures([whole(line)], k_of(line.score, held), held)
        assert found.k == to_whole(one.k, 6)
        for name in ("budget", "spend", "base", "retained", "earlier"):
            assert getattr(found, name) == to_whole(getattr(one, name), 2), name
    assert list(kept(lines, held)) == [retained(line, held).retained for line in lines]


@MANY
@given(LINES)
def test_between_nothing_and_half_of_the_base_is_retained(line: Line) -> None:
    found = retained(line, SAMPLE)
    assert found.retained >= 0 and 2 * found.retained <= found.base + Decimal("0.01")


@MANY
@given(LINES, numbers(10**6, 2))
def test_what_is_retained_falls_as_non_winning_use_grows(line: Line, more: Decimal) -> None:
    less, grown = kept([line, replace(line, n=line.n + more)], SAMPLE)
    assert grown <= less
