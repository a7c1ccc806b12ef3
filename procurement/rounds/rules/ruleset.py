"""Rule sets: TOML files beside these rules, or a user's own, read with every mistake at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from kernel.errors import DomainError, Said
from kernel.policy import STANDINGS, UNSET, BadPolicy, Parameters, RuleSets, parameters, parse
from procurement.rounds.rules.schema import EXCLUSIVE, LAZY, SCHEMA, contradictions
from procurement.rounds.rules.values import FINE

RULE_SETS = RuleSets(Path(__file__).parent.parent / "rulesets")
TOP_LEVEL = ("id", "title", "extends", "parameter")
NO_PARAMETERS = Parameters({})


class BadRuleSet(DomainError):
    """A rule-set file can't be used; `problems` holds (parameter, reason) for each mistake."""

    code = "bad-rule-set"

    def __init__(self, where: str, problems: list[tuple[str, Said]]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            self.code, file=where, problems=[Said("%(name)s: %(problem)s", name=n, problem=p) for n, p in problems]
        )


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Parameters with their sources under an id."""

    id: str
    title: str
    parameters: Parameters

    def unset(self) -> tuple[str, ...]:
        """Name the parameters nobody has filled in."""
        return self.parameters.unset()

    def unset_always_needed(self) -> tuple[str, ...]:
        """Name the unset parameters that no evaluation can do without."""
        return tuple(name for name in self.unset() if name not in LAZY)

    def source(self, name: str) -> str:
        """Return where a parameter's value comes from, empty where the set does not have it."""
        return self.parameters[name].source if name in self.parameters else ""

    def filled(self, values: Mapping[str, Any], *, source: str = "filled in by the user") -> RuleSet:
        """Return a copy with `values` in place of those parameters; raises BadRuleSet."""
        problems = [(name, problem) for name, value in values.items() if (problem := problem_of(name, value))]
        filled = self.parameters.filled(values, source)
        problems = problems or contradictions(_values(filled))
        if problems:
            raise BadRuleSet(self.id, problems)
        return replace(self, parameters=filled)


def load_rule_set(id_or_path: str | Path, fill: Mapping[str, Any] | None = None) -> RuleSet:
    """Read a built-in rule set by its id, or a file; `fill` sets parameters by name.

    Raises NoSuchRuleSet, BadRuleSet with every mistake.
    """
    name = str(id_or_path)
    rule_set = _built_in(name) if name in RULE_SETS.ids() else _from_file(name)
    return rule_set.filled(fill) if fill else rule_set


@cache
def _built_in(name: str) -> RuleSet:
    return _from_file(name)


def _from_file(name: str) -> RuleSet:
    try:
        where, text = RULE_SETS.text(name)
    except BadPolicy as error:
        raise BadRuleSet(
            str(error.facts["file"]), [("file", Said("%(error)s", error=error.facts["reason"]))]
        ) from error
    return read_rule_set(text, where=where)


def read_rule_set(text: str, *, where: str) -> RuleSet:
    """Read a rule set from TOML; `extends` names a built-in one whose parameters it takes over and replaces."""
    try:
        table = parse(text, where=where)
    except BadPolicy as error:
        raise BadRuleSet(where, [("file", Said("%(error)s", error=error.facts["reason"]))]) from error
    problems = [(name, Said("is not known at the top of a rule set")) for name in table if name not in TOP_LEVEL]
    base = _base(table.get("extends", ""), problems)
    tables = table.get("parameter", {})
    found = _parameter_problems(tables) if isinstance(tables, dict) else [("parameter", Said("must be a table"))]
    problems += found
    own = NO_PARAMETERS if found else parameters(tables, where=where)
    merged = Parameters({**_without_rivals(base, own), **own})
    problems += [] if found else contradictions(_values(merged))
    rule_set_id = table.get("id", where.removesuffix(".toml"))
    if not isinstance(rule_set_id, str) or not rule_set_id:
        problems.append(("id", Said("must be a text")))
    if not merged and not problems:
        problems.append(("parameter", Said("is missing: the rule set has no parameters")))
    if problems:
        raise BadRuleSet(where, problems)
    return RuleSet(rule_set_id, str(table.get("title", "")), merged)


def _base(extends: Any, problems: list[tuple[str, Said]]) -> Parameters:
    if not extends:
        return NO_PARAMETERS
    if extends not in RULE_SETS.ids():
        known = ", ".join(RULE_SETS.ids())
        problems.append(("extends", Said("%(name)s is not a built-in rule set (%(known)s)", name=extends, known=known)))
        return NO_PARAMETERS
    return _built_in(extends).parameters


def _without_rivals(base: Parameters, own: Parameters) -> Parameters:
    """Leave out what the extending set replaces by another parameter, such as a table by a fixed number."""
    rivals = {name for group in EXCLUSIVE for name in group if any(other in own for other in group)}
    return Parameters({name: base[name] for name in base if name not in rivals})


def _parameter_problems(tables: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Said]]:
    """Collect what is wrong with the parameter tables, nested ones included."""
    found: list[tuple[str, Said]] = []
    for key, table in tables.items():
        name = f"{prefix}{key}"
        if not isinstance(table, dict):
            found.append((name, Said("must be a table with value, source and standing")))
        elif "value" in table or name in SCHEMA:
            found += _one_problem(name, table)
        else:
            found += _parameter_problems(table, f"{name}.")
    return found


def _one_problem(name: str, table: Mapping[str, Any]) -> list[tuple[str, Said]]:
    found = [
        (name, Said("has an unknown entry %(key)s", key=key))
        for key in table
        if key not in ("value", "source", "standing")
    ]
    if "value" not in table:
        return [*found, (name, Said("has no value"))]
    if not isinstance(table.get("source"), str) or not table["source"].strip():
        found.append((name, Said("has no source")))
    standing = table.get("standing")
    if standing not in STANDINGS:
        found.append((name, Said("has no standing (%(known)s)", known=", ".join(STANDINGS))))
    if table["value"] == UNSET and standing not in ("L", "?"):
        found.append((name, Said("may be unset only with standing L or ?")))
    problem = problem_of(name, table["value"])
    return [*found, (name, problem)] if problem else found


def problem_of(name: str, value: Any) -> Said:
    """Say what is wrong with a parameter's value, empty where nothing is."""
    if name not in SCHEMA:
        return Said("is not a parameter of rule sets")
    return FINE if isinstance(value, str) and value == UNSET else SCHEMA[name](value)


def _values(known: Parameters) -> dict[str, Any]:
    return {name: parameter.value for name, parameter in known.items()}
