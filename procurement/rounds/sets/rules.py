"""Change a rule set by one parameter, and compare two of them.

>>> from procurement.rounds.rules.ruleset import load_rule_set
>>> rows = compared(load_rule_set("batch-10"), load_rule_set("batch-11"))
>>> [(row.name, row.left, row.right) for row in rows if row.name == "anchor.type"]
[('anchor.type', '"lowest"', '"mean"')]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kernel.errors import Said
from kernel.policy import STANDINGS, UNSET, Parameter, Parameters, parameters, parse
from procurement.rounds.rules.freezing import written
from procurement.rounds.rules.ruleset import BadRuleSet, RuleSet, problem_of
from procurement.rounds.rules.schema import EXCLUSIVE, contradictions


@dataclass(frozen=True, slots=True)
class Row:
    """One parameter in two rule sets, values as TOML writes them; None where a set does not have it."""

    name: str
    left: str | None
    right: str | None
    left_source: str
    right_source: str

    @property
    def same(self) -> bool:
        """Say whether both have the same value, or neither has any."""
        return self.left == self.right


def compared(left: RuleSet, right: RuleSet) -> list[Row]:
    """Set two rule sets side by side, parameter by parameter; equal numbers are equal however they are written."""
    rows = []
    for name in sorted({*left.parameters, *right.parameters}):
        one, other = left.parameters.get(name), right.parameters.get(name)
        values = [None if each is None else written(each.value) for each in (one, other)]
        if one is not None and other is not None and one.value == other.value:
            values[1] = values[0]
        rows.append(Row(name, values[0], values[1], one.source if one else "", other.source if other else ""))
    return rows


def with_parameter(rule_set: RuleSet, name: str, value: Any, *, source: str, standing: str) -> RuleSet:
    """Return a rule set with one parameter set; what can't stand beside it goes. Raises BadRuleSet.

    What it needs and lacks is not refused yet: parameters come one by one. `gaps` says it before approval.
    """
    problems = [(name, problem)] if (problem := problem_of(name, value)) else []
    if standing not in STANDINGS:
        problems.append((name, Said("has no standing (%(known)s)", known=", ".join(STANDINGS))))
    if not source.strip():
        problems.append((name, Said("has no source")))
    if value == UNSET and standing not in ("L", "?"):
        problems.append((name, Said("may be unset only with standing L or ?")))
    if problems:
        raise BadRuleSet(rule_set.id, problems)
    rivals = {each for group in EXCLUSIVE if name in group for each in group} - {name}
    kept = {each: one for each, one in rule_set.parameters.items() if each not in rivals}
    return replace(rule_set, parameters=Parameters({**kept, name: Parameter(name, value, source.strip(), standing)}))


def without_parameter(rule_set: RuleSet, name: str) -> RuleSet:
    """Return a rule set that does not have a parameter."""
    kept = {each: one for each, one in rule_set.parameters.items() if each != name}
    return replace(rule_set, parameters=Parameters(kept))


def gaps(rule_set: RuleSet) -> list[tuple[str, Said]]:
    """Return what keeps a rule set from being used: parameters that contradict or miss one another, or none at all."""
    values: Mapping[str, Any] = {name: one.value for name, one in rule_set.parameters.items()}
    if not values:
        return [("parameter", Said("is missing: the rule set has no parameters"))]
    return contradictions(values)


def read_draft(text: str) -> RuleSet:
    """Read a set that is still being written: it may contradict itself, which `gaps` says."""
    table = parse(text)
    return RuleSet(str(table["id"]), str(table["title"]), parameters(table.get("parameter", {})))
