"""Whether a region adjusts its medical-service prices this year: indicators, triggers, constraints, decision.

Source: service_prices.md "Yearly trigger evaluation". A rule set is data (rulesets/*.toml): indicators with a formula
over named inputs, an operator and a threshold. A missing trigger is not met; a missing constraint leaves the decision
open. Special (reform-linked) adjustments follow the procedure and skip the triggers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from kernel.errors import UnsetParameter
from kernel.money import round_ratio, working
from kernel.policy import STANDINGS, UNSET, BadPolicy, Parameters, RuleSets, parameters, parse
from kernel.working import Step, plain
from pricing.triggers.flow import Decision, Outcome, Role, Verdict

RULE_SETS = RuleSets(Path(__file__).with_name("rulesets"))
FORMULAS: dict[str, tuple[int, Callable[..., Decimal]]] = {
    "value": (1, lambda one: one),
    "share": (2, lambda part, whole: part / whole),
    "growth": (2, lambda now, before: now / before - 1),
    "difference": (2, lambda one, other: one - other),
    "growth-gap": (4, lambda now, before, other, other_before: now / before - other / other_before),
    "falls": (3, lambda first, second, third: max(second / first, third / second) - 1),
}
"""By name: how many inputs a formula takes, and what it does with them."""
RELATIONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">": lambda value, limit: value > limit,
    ">=": lambda value, limit: value >= limit,
    "<": lambda value, limit: value < limit,
    "<=": lambda value, limit: value <= limit,
}
REMIND_DAYS = (30, 7, 1)
"""Days before something is due on which people are reminded; our choice."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator; `threshold` None: nobody has filled it in yet."""

    code: str
    title: str
    role: Role
    formula: str
    inputs: tuple[str, ...]
    relation: str
    threshold: Decimal | None
    source: str
    standing: str


@dataclass(frozen=True, slots=True)
class TriggerRules:
    """A region's indicators, how many triggers it takes, and its yearly calendar."""

    id: str
    title: str
    indicators: tuple[Indicator, ...]
    needed: int
    source: str
    calendar: Parameters = field(default_factory=lambda: Parameters({}))

    def unset(self) -> tuple[str, ...]:
        """Name the indicators whose threshold nobody has filled in."""
        return tuple(one.code for one in self.indicators if one.threshold is None)

    def inputs(self) -> tuple[str, ...]:
        """Name every input, in the order the indicators ask for them."""
        return tuple(dict.fromkeys(name for one in self.indicators for name in one.inputs))

    def filled(self, thresholds: Mapping[str, Decimal]) -> TriggerRules:
        """Return a copy with these thresholds in place."""
        own = tuple(
            replace(one, threshold=thresholds[one.code], source="filled in by the user", standing="F")
            if one.code in thresholds
            else one
            for one in self.indicators
        )
        return replace(self, indicators=own)


@dataclass(frozen=True, slots=True)
class Judged:
    """An indicator's value (6 decimals) and what it says; None where an input is missing or divides by nothing."""

    indicator: Indicator
    value: Decimal | None
    outcome: Outcome
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The decision with every indicator and step."""

    decision: Decision
    judged: tuple[Judged, ...]
    steps: tuple[Step, ...]


@cache
def rules(name: str) -> TriggerRules:
    """Return a built-in rule set by its id, or one from a .toml file; raises NoSuchRuleSet or BadPolicy."""
    file, text = RULE_SETS.text(name)
    table = parse(text, where=file)
    found = table.get("rule", [])
    decision = table.get("decision", {})
    if not found or not isinstance(decision.get("triggers"), int) or decision["triggers"] < 1:
        raise BadPolicy(file=file, parameter="decision.triggers", reason="no rules, or no number of triggers")
    own = tuple(_indicator(one, file) for one in found)
    return TriggerRules(
        file.removesuffix(".toml"), str(table.get("title", "")), own, decision["triggers"], str(decision["source"]),
        parameters(table.get("parameter", {}), where=file),
    )  # fmt: skip


def _indicator(table: Mapping[str, Any], where: str) -> Indicator:
    code = str(table.get("code", "rule"))
    try:
        threshold = None if table["threshold"] == UNSET else Decimal(table["threshold"])
        made = Indicator(
            code, str(table["title"]), Role(table["role"]), str(table["formula"]), tuple(table["inputs"]),
            str(table["relation"]), threshold, str(table["source"]), str(table["standing"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise BadPolicy(file=where, parameter=code, reason=f"not well formed ({error})") from error
    known = made.formula in FORMULAS and made.relation in RELATIONS and made.standing in STANDINGS
    if not known or len(made.inputs) != FORMULAS[made.formula][0]:
        raise BadPolicy(file=where, parameter=code, reason="unknown formula, relation or standing, or too few inputs")
    return made


def evaluate(own: TriggerRules, values: Mapping[str, Decimal | None], *, special: bool = False) -> Evaluation:
    """Evaluate a year's inputs (shares and growth as fractions, amounts in yuan).

    Raises UnsetParameter where an indicator has its inputs and nobody has filled its threshold in.
    """
    if special:
        source = "手册 service_prices.md 触发评估，专项和单项调价不经触发评估"
        return Evaluation(Decision.SKIPPED, (), (Step("triggers-skipped", source=source),))
    judged = tuple(_judge(one, values) for one in own.indicators)
    steps = [_step(one) for one in judged]
    met = sum(one.outcome is Outcome.MET for one in judged if one.indicator.role is Role.TRIGGER)
    enough = met >= own.needed
    steps.append(Step("triggers-counted", Decimal(met), ">=", Decimal(own.needed), enough, own.source))
    bars = [one for one in judged if one.indicator.role is Role.CONSTRAINT]
    barred = [one.indicator.code for one in bars if one.outcome is Outcome.MET]
    open_ = [one.indicator.code for one in bars if one.outcome is Outcome.MISSING]
    facts = (("barred_by", barred), ("missing", open_))
    steps.append(Step("triggers-constraints", passed=not barred and not open_, source=own.source, facts=facts))
    if barred or not enough:
        decision = Decision.NO_START
    else:
        decision = Decision.UNDETERMINED if open_ else Decision.START
    return Evaluation(decision, judged, tuple(steps))


def _judge(one: Indicator, values: Mapping[str, Decimal | None]) -> Judged:
    missing = tuple(name for name in one.inputs if values.get(name) is None)
    if missing:
        return Judged(one, None, Outcome.MISSING, missing)
    if one.threshold is None:
        raise UnsetParameter(one.code)
    given = [value for name in one.inputs if (value := values[name]) is not None]
    with working():
        try:
            value = FORMULAS[one.formula][1](*given)
        except (ZeroDivisionError, ArithmeticError):  # a base of nothing says nothing
            return Judged(one, None, Outcome.MISSING, ())
        met = RELATIONS[one.relation](value, one.threshold)
    return Judged(one, round_ratio(value), Outcome.MET if met else Outcome.NOT_MET)


def _step(judged: Judged) -> Step:
    one = judged.indicator
    passed = None if judged.outcome is Outcome.MISSING else judged.outcome is Outcome.MET
    facts = (("indicator", one.code), ("role", one.role), ("formula", one.formula), ("inputs", one.inputs))
    return Step("triggers-indicator", judged.value, one.relation, one.threshold, passed, one.source, facts)


def may_decide(found: Decision, verdict: Verdict) -> bool:
    """Say whether a region may decide so: to start takes an evaluation that says so, not to start is always open.

    >>> may_decide(Decision.UNDETERMINED, Verdict.START), may_decide(Decision.START, Verdict.NO_START)
    (False, True)
    """
    return verdict is Verdict.NO_START or found is Decision.START


def reminder(due: datetime, last: int | None, at: datetime) -> int | None:
    """Return which reminder is due (days before), or None; one that was missed is not made up for.

    >>> from datetime import UTC
    >>> end = datetime(2026, 9, 30, tzinfo=UTC)
    >>> reminder(end, None, end - timedelta(days=5)), reminder(end, 7, end - timedelta(days=5))
    (7, None)
    """
    near = [days for days in REMIND_DAYS if at >= due - timedelta(days=days)]
    if at >= due or not near or (last is not None and last <= min(near)):
        return None
    return min(near)


def evaluation_as_plain(own: TriggerRules, found: Evaluation, sources: Mapping[str, str]) -> dict[str, Any]:
    """Return a decision with its indicators and steps as plain data."""
    return {
        "rules": own.id, "decision": found.decision.value,
        "indicators": [_judged_as_plain(one, sources) for one in found.judged],
        "steps": [step.as_dict() for step in found.steps],
    }  # fmt: skip


def _judged_as_plain(judged: Judged, sources: Mapping[str, str]) -> dict[str, Any]:
    one = judged.indicator
    return {
        "code": one.code, "title": one.title, "role": one.role.value, "formula": one.formula,
        "inputs": list(one.inputs), "sources": {name: sources[name] for name in one.inputs if name in sources},
        "value": plain(judged.value), "relation": one.relation, "threshold": plain(one.threshold),
        "outcome": judged.outcome.value, "missing": list(judged.missing), "source": one.source,
    }  # fmt: skip
