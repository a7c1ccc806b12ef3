"""The level a matter of dishonesty is proposed for, with its measures and corrections, by either version in force.

Source: credit.md "Versions", "Thresholds", "Measures", "Correction". A benchmark is data (rulesets/*.toml): rules from
the highest level down, of which the first that holds decides. Where it has no number there is no level: the officer
chooses among the options with ground and document, the software never does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from kernel.errors import DomainError
from kernel.policy import UNSET, RuleSets, parse
from kernel.working import Step
from pricing.credit.flow import Matter

RULE_SETS = RuleSets(Path(__file__).with_name("rulesets"))


class NoSuchVersion(DomainError):
    """There is no benchmark of that version."""

    code = "no-such-benchmark"


class NotCovered(DomainError):
    """The version does not know the matter, or needs a fact that is missing; `field` names it."""

    code = "grade-not-covered"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in one case: the cumulative amount and the largest single one in yuan, and who or what it was."""

    matter: Matter
    amount: Decimal | None = None
    single: Decimal | None = None
    staff: bool = False
    national_round: bool = False


@dataclass(frozen=True, slots=True)
class Grade:
    """A proposed level (None: the benchmark has no number), what follows from it, and how it was reached.

    `corrections` are the numbers 1 to 6 of the measures of correction; None where none are known for the level.
    """

    version: str
    level: str | None
    options: tuple[str, ...]
    measures: tuple[str, ...] | None
    corrections: tuple[int, ...] | None
    steps: tuple[Step, ...]


@cache
def benchmark(version: str) -> dict[str, Any]:
    """Return a version's levels, rules, measures and corrections; raises NoSuchVersion."""
    if version not in RULE_SETS.ids():
        raise NoSuchVersion(version=version)
    file, text = RULE_SETS.text(version)
    return parse(text, where=file)


def grade(version: str, finding: Finding) -> Grade:
    """Propose a level for a finding. Raises NotCovered where a fact is missing or the version lacks the matter."""
    table = benchmark(version)
    steps: list[Step] = []
    own = [rule for rule in table["rule"] if rule["matter"] == finding.matter]
    if not own:
        raise NotCovered(field="matter", version=version)
    if finding.amount is None and not finding.staff and any("amount_from" in rule for rule in own):
        raise NotCovered(field="amount", version=version)
    for rule in own:
        if _holds(rule, finding, steps):
            return _grade(version, table, finding.matter, rule, steps)
    raise NotCovered(field="amount", version=version)


def _holds(rule: Mapping[str, Any], finding: Finding, steps: list[Step]) -> bool:
    """Say whether a rule holds for the finding, and note the test; facts that are not there fail silently."""
    source, facts = rule["source"], (("level", rule["level"]),)
    for flag in ("staff", "national_round"):
        if rule.get(flag):
            held = bool(getattr(finding, flag))
            steps.append(Step(f"grade-{flag.replace('_', '-')}", passed=held, source=source, facts=facts))
            return held
    for bound, value in (("amount_from", finding.amount), ("single_from", finding.single)):
        if bound in rule:
            if value is None:
                return False
            held = value >= Decimal(rule[bound])
            code = f"grade-{bound.removesuffix('_from')}"
            steps.append(Step(code, value, ">=", Decimal(rule[bound]), held, source, facts))
            return held
    return True


def _grade(version: str, table: Mapping[str, Any], matter: Matter, rule: Mapping[str, Any], steps: list[Step]) -> Grade:
    if rule["level"] == UNSET:
        options = tuple(rule["options"])
        steps.append(Step("grade-no-number", source=rule["source"], facts=(("options", options),)))
        return Grade(version, None, options, None, None, tuple(steps))
    level = str(rule["level"])
    steps.append(Step("grade-level", source=rule["source"], facts=(("level", level),)))
    measures = tuple(table["measures"][level])
    return Grade(version, level, (), measures, _corrections(table, matter, level, steps), tuple(steps))


def _corrections(table: Mapping[str, Any], matter: Matter, level: str, steps: list[Step]) -> tuple[int, ...] | None:
    if level == table["levels"][0]:
        return ()
    known = table.get("corrections")
    if known is None:
        steps.append(Step("grade-corrections-unknown", source="credit.md: corrections of this version are not known"))
        return None
    return tuple(known[matter][level])
