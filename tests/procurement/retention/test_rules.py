"""Retained balances against a golden that officials can read, and what must hold for every line."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.errors import UnsetParameter
from kernel.policy import BadPolicy, NoSuchRuleSet, Parameters, parse
from procurement.retention.rules import RULE_SETS, Line, retained, rules, totals, weighted_price

GOLDEN = parse((Path(__file__).resolve().parents[2] / "golden" / "retention.toml").read_text("utf-8"))
FIGURES = ("budget", "spend", "base", "k", "retained", "earlier")


def line(**values: Any) -> Line:
    found: dict[str, Any] = {
        key: Decimal(value) if not isinstance(value, bool) else value for key, value in values.items()
    }
    return Line(hospital="甲", variety="品种", **found)


@pytest.mark.parametrize("case", GOLDEN["case"], ids=lambda case: str(case["name"]))
@pytest.mark.parametrize("name", ["national-sample", "sichuan-yibin"])
def test_a_line_is_retained_as_the_golden_says(name: str, case: dict[str, Any]) -> None:
    parameters = rules(name).filled(case.get("set", {}), "the case")
    found = retained(line(**GOLDEN["base"] | case.get("with", {})), parameters)
    for figure in FIGURES:
        if figure in case:
            assert getattr(found, figure) == case[figure], figure


def amounts(most: int = 1_000_000) -> st.SearchStrategy[Decimal]:
    return st.integers(0, most * 10**4).map(lambda number: Decimal(number).scaleb(-4))


SHARES = amounts(1)
LINES = st.builds(
    Line, hospital=st.sampled_from("甲乙丙"), variety=st.just("品种"), q0=amounts(), p0=amounts(1000), qc=amounts(),
    pw=amounts(1000), n=amounts(10**8), r=SHARES, s=SHARES,
    score=amounts(100), completed=st.booleans(), exempt=st.booleans(), won=st.none() | amounts(10**8), early=SHARES,
)  # fmt: skip


BUSY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""The first draw looks through every module that is loaded, however many these are."""


@BUSY
@given(LINES)
def test_between_nothing_and_half_of_the_base_is_retained(one: Line) -> None:
    found = retained(one, rules("national-sample"))
    assert 0 <= found.retained <= found.base / 2 + Decimal("0.01")


@BUSY
@given(LINES, amounts())
def test_less_is_retained_where_more_non_winning_was_used(one: Line, more: Decimal) -> None:
    parameters = rules("national-sample")
    assert retained(replace(one, n=one.n + more), parameters).retained <= retained(one, parameters).retained


SETS = [
    rules("national-sample").filled(values, "the case")
    for values in (
        {"gate.non_winning": Decimal("0.3")}, {"rounding": "1"}, {"fiscal_year": "split"},
        {"gate.completion": False, "gate.non_winning": Decimal(0), "fiscal_year": "split"},
    )
]  # fmt: skip


@BUSY
@given(LINES, amounts(), st.sampled_from(SETS))
def test_no_gate_lets_more_non_winning_use_pay(one: Line, more: Decimal, held: Parameters) -> None:
    assert retained(replace(one, n=one.n + more), held).retained <= retained(one, held).retained


@BUSY
@given(LINES, st.sampled_from(SETS))
def test_what_is_booked_earlier_is_a_part_of_what_is_retained(one: Line, held: Parameters) -> None:
    found = retained(one, held)
    assert 0 <= found.earlier <= found.retained


@BUSY
@given(st.lists(LINES, max_size=8))
def test_the_lines_add_up_to_the_total(lines: list[Line]) -> None:
    found = [retained(one, rules("national-sample")) for one in lines]
    sums = totals(found)
    assert sums["retained"] == sum((one.retained for one in found), Decimal(0)) == sum(sums["hospitals"].values())


def test_a_hospital_that_offsets_never_owes() -> None:
    parameters = rules("national-sample").filled({"negative": "offset"}, "the case")
    base = GOLDEN["base"]
    found = [retained(line(**base), parameters), retained(line(**base | {"n": 2_000_000}), parameters)]
    assert found[1].retained < 0
    assert totals(found)["retained"] == 0


def test_an_unset_parameter_stops_by_its_name() -> None:
    with pytest.raises(UnsetParameter) as refusal:
        retained(line(**GOLDEN["base"]), rules("national-sample").filled({"ladder": "?"}, "the case"))
    assert refusal.value.parameter == "ladder"


def test_unknown_sets_and_ladders_that_rise_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NoSuchRuleSet):
        rules("nowhere")
    own = tmp_path / "own.toml"
    text = (Path(__file__).resolve().parents[3] / "procurement/retention/rulesets/national-sample.toml").read_text(
        "utf-8"
    )
    own.write_text(text.replace("[80, 0.50], [60, 0.40]", "[60, 0.40], [80, 0.50]"), "utf-8")
    with pytest.raises(BadPolicy):
        rules(str(own))
    assert RULE_SETS.ids() == ("national-sample", "sichuan-yibin")


def test_the_price_before_the_round_is_weighted_by_volume() -> None:
    assert weighted_price([(Decimal(5), Decimal(0))]) is None
    assert (
        weighted_price([{"price": Decimal(4), "quantity": Decimal(1)}, {"price": Decimal(1), "quantity": Decimal(2)}])
        == 2
    )
