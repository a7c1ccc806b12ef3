"""Changing and comparing rule sets."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.rounds.rules.freezing import frozen
from procurement.rounds.rules.ruleset import RULE_SETS, BadRuleSet, load_rule_set
from procurement.rounds.sets.flow import SET_FLOW, SetAction, SetState
from procurement.rounds.sets.rules import compared, gaps, read_draft, with_parameter, without_parameter


@pytest.mark.parametrize("name", RULE_SETS.ids())
def test_every_built_in_set_can_be_the_beginning_of_a_draft(name: str) -> None:
    rule_set = load_rule_set(name)
    assert read_draft(frozen(rule_set)) == rule_set and gaps(rule_set) == []
    assert all(row.same for row in compared(rule_set, rule_set))


def test_what_cannot_stand_beside_a_parameter_goes_with_it() -> None:
    made = with_parameter(load_rule_set("batch-11"), "shortlist.fixed", 4, source="文件", standing="F")
    assert "shortlist.table" not in made.parameters and gaps(made) == []


def test_what_is_missing_beside_a_parameter_is_said_before_it_is_submitted() -> None:
    made = without_parameter(load_rule_set("batch-11"), "anchor.type")
    assert {name for name, _problem in gaps(made)} == {"limit.multiplier", "statement.below_anchor"}
    assert [str(problem) for _name, problem in gaps(made)] == ["needs anchor.type"] * 2


@pytest.mark.parametrize(
    ("value", "source", "standing", "wrong"),
    [
        (Decimal("0.9"), "文件", "F", ["must be at least 1"]),
        (Decimal("1.9"), " ", "F", ["has no source"]),
        (Decimal("1.9"), "文件", "X", ["has no standing (F, H, M, L, ?)"]),
        ("?", "文件", "F", ["may be unset only with standing L or ?"]),
        (True, "", "", ["must be a number of at most 12 digits before and 12 behind the point",
                        "has no standing (F, H, M, L, ?)", "has no source"]),
    ],
)  # fmt: skip
def test_every_mistake_in_a_parameter_is_told_at_once(
    value: object, source: str, standing: str, wrong: list[str]
) -> None:
    with pytest.raises(BadRuleSet) as refused:
        with_parameter(load_rule_set("batch-11"), "limit.multiplier", value, source=source, standing=standing)
    assert [str(problem) for _name, problem in refused.value.problems] == wrong


def test_two_sets_are_compared_by_value_and_not_by_how_it_is_written() -> None:
    one = load_rule_set("batch-11")
    other = with_parameter(one, "limit.multiplier", Decimal("1.80"), source="另一文件", standing="F")
    assert all(row.same for row in compared(one, other))
    third = with_parameter(one, "limit.multiplier", Decimal("1.81"), source="另一文件", standing="F")
    assert [row.name for row in compared(one, third) if not row.same] == ["limit.multiplier"]


def test_the_flow_lets_only_these_steps_happen() -> None:
    allowed = {(state, action) for state in SetState for action in SetAction if SET_FLOW.allows(state, action)}
    assert allowed == {
        (SetState.DRAFT, SetAction.CHANGE), (SetState.DRAFT, SetAction.SUBMIT), (SetState.SUBMITTED, SetAction.RETURN),
        (SetState.SUBMITTED, SetAction.APPROVE), (SetState.APPROVED, SetAction.REOPEN),
        (SetState.APPROVED, SetAction.RETIRE),
    }  # fmt: skip
