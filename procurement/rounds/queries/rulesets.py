"""The rules a round goes by: chosen while it is a draft, frozen once it is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from procurement.rounds.models.rounds import Round
from procurement.rounds.rules.freezing import typed_value, written
from procurement.rounds.rules.ruleset import RuleSet, load_rule_set, read_rule_set

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Shown:
    """A parameter as pages show it; `filled` holds value, source, reason, by and at where a person filled it in."""

    name: str
    value: str
    source: str
    standing: str
    is_set: bool
    filled: Mapping[str, Any] | None


def chosen(round_: Round) -> RuleSet:
    """Return the rule set as it was chosen, before anything was filled in."""
    if round_.rule_set_text:
        return _read(round_.rule_set_text, round_.rule_set_id)
    return load_rule_set(round_.rule_set_id)


@lru_cache(maxsize=64)
def _read(text: str, where: str) -> RuleSet:
    """Read a text once: a frozen one never changes, and every page of a round asks for it."""
    return read_rule_set(text, where=where)


def in_force(round_: Round) -> RuleSet:
    """Return the rule set that evaluates the round: the frozen text, or for a draft the chosen set as filled in."""
    rule_set = chosen(round_)
    if round_.rules_digest:
        return rule_set
    for name, filled in round_.rule_values.items():
        rule_set = rule_set.filled({name: typed_value(name, filled["value"])}, source=described(filled))
    return rule_set


def described(filled: Mapping[str, Any]) -> str:
    """Return the source of a filled-in value as the frozen text keeps it."""
    return f"{filled['source']}（{filled['reason']}）"


def shown(round_: Round) -> list[Shown]:
    """Return every parameter with its standing and who filled it in; unset ones first."""
    return of_parameters(in_force(round_), round_.rule_values)


def of_parameters(rule_set: RuleSet, values: Mapping[str, Any] = NOTHING) -> list[Shown]:
    """Return the parameters of a set as pages show them; unset ones first."""
    rows = [
        Shown(name, written(one.value) if one.is_set else "", one.source, one.standing, one.is_set, values.get(name))
        for name, one in rule_set.parameters.items()
    ]
    return sorted(rows, key=lambda row: (row.is_set, row.name))
