"""The level a matter of dishonesty is proposed for, with its measures and corrections, by either version in force.

Source: credit.md "Versions", "Thresholds", "Measures", "Procedure", "Correction". A benchmark is data
(rulesets/*.toml): rules from the highest level down, of which the first that holds decides. Where it has no number
there is no level: the officer chooses among the options with ground and document, the software never does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from kernel.errors import DomainError
from kernel.periods import BEIJING, last_second, years
from kernel.policy import UNSET, Parameters, RuleSets, parse, regional
from kernel.working import Step, plain
from pricing.credit.flow import Matter, Source
from pricing.credit.ratings.flow import Level, MeasureKind, RatingState, Route, Stage
from pricing.credit.rules import CaseSum

RULE_SETS = RuleSets(Path(__file__).with_name("rulesets"))
POLICY = Path(__file__).with_name("policy.toml")
NUMBERS = "①②③④⑤⑥"
"""What the measures of correction are called."""
PRICE_REMOVED = 5
"""⑤, which counts as done for winners and negotiated drugs from the day their price applies."""


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
    shortage: bool = False


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
    whatever = finding.staff and any(rule.get("staff") for rule in own)  # decides at any amount
    if finding.amount is None and not whatever and any("amount_from" in rule for rule in own):
        raise NotCovered(field="amount", version=version)
    for rule in own:
        if _holds(rule, finding, steps):
            return _grade(version, table, finding.matter, rule, steps)
    raise NotCovered(field="amount", version=version)


def _holds(rule: Mapping[str, Any], finding: Finding, steps: list[Step]) -> bool:
    """Say whether a rule holds for the finding, and note the test; facts that are not there fail silently."""
    source, facts = rule["source"], (("level", rule["level"]),)
    for flag in ("staff", "national_round", "shortage"):
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
        steps.append(Step("grade-corrections-unknown", source="2020 版基准的修复措施未公布"))
        return None
    return tuple(known[matter][level])


PRODUCTS = (MeasureKind.PRODUCTS_HERE, MeasureKind.PRODUCTS_EVERYWHERE)


def names_products(version: str, level: Level) -> bool:
    """Say whether a level's measures name the products involved.

    >>> names_products("2025", Level.DISHONEST), names_products("2025", Level.EXTREMELY_DISHONEST)
    (False, True)
    """
    return any(one in PRODUCTS for one in measures_of(version, level))


def policy(region_code: str) -> Parameters:
    """Return the days of notice and defence and the years of counting in a region."""
    return regional(POLICY, region_code)


def benchmark_on(day: date) -> str:
    """Return the version in force on a day, by which new findings are graded.

    >>> benchmark_on(date(2025, 6, 30)), benchmark_on(date(2025, 7, 1))
    ('2020', '2025')
    """
    return max((one for one in RULE_SETS.ids() if benchmark(one)["from"] <= day), default=RULE_SETS.ids()[0])


def version_for(effective_on: date, sources: Collection[Source], now: date) -> str:
    """Return the version by which a case is graded: its day's, or today's where that one takes none of its evidence.

    >>> [version_for(date(2025, 3, 1), [one], date(2026, 11, 1)) for one in (Source.JUDGMENT, Source.AUDIT)]
    ['2020', '2025']
    """
    own = benchmark_on(effective_on)
    return own if any(evidence_counts(own, one) for one in sources) else benchmark_on(now)


def evidence_counts(version: str, source: Source) -> bool:
    """Say whether a version takes a source: audit findings count since 2025 (credit.md, Thresholds)."""
    return source is not Source.AUDIT or version >= "2025"


def lapse(effective_on: date, region_code: str) -> date:
    """Return the first day on which conduct no longer counts.

    >>> lapse(date(2024, 2, 29), "980000")
    datetime.date(2027, 3, 1)
    """
    end = years(effective_on, int(policy(region_code).value("counts.years"))).end
    assert end is not None
    return end


def defence_due(served: date, days: int) -> datetime:
    """Return the last instant of a defence: the end, in Beijing, of the last day after the notice was served."""
    return last_second(served + timedelta(days=days))


def levels_for(version: str, matter: Matter) -> frozenset[Level]:
    """Return the levels that a version's rules name for a matter; none where it does not know the matter."""
    own = [rule for rule in benchmark(version)["rule"] if rule["matter"] == matter]
    named = {rule["level"] for rule in own} | {one for rule in own for one in rule.get("options", ())}
    return frozenset(Level(one) for one in named - {UNSET})


def options(grade_level: str | None, chosen: Sequence[str], version: str) -> tuple[Level, ...]:
    """Return the levels an officer may hold: those the benchmark leaves open, or all of the version's."""
    return tuple(Level(one) for one in (benchmark(version)["levels"] if grade_level is not None else chosen))


def measures_of(version: str, level: Level) -> tuple[MeasureKind, ...]:
    """Return what a level does."""
    return tuple(MeasureKind(one) for one in benchmark(version)["measures"][level])


def corrections_of(version: str, matter: Matter, level: Level) -> tuple[int, ...] | None:
    """Return the measures of correction that a level asks for; None where the version names none."""
    known = benchmark(version).get("corrections")
    if level is Level.NONE:
        return ()
    return tuple(known[matter][level]) if known is not None and level in known[matter] else None


def takes(version: str, number: int, route: Route) -> bool:
    """Say whether a measure of correction can be carried out that way.

    >>> takes("2025", 6, Route.DONATION), takes("2025", 5, Route.PRICE), takes("2025", 6, Route.PRICE)
    (False, True, False)
    """
    if route is Route.DONATION:
        return bool(benchmark(version).get("donation", True))
    return route is not Route.PRICE or number == PRICE_REMOVED


def stage(state: RatingState, at: datetime, *, collected: bool, due_at: datetime | None, starts_on: date | None,
          lapses_on: date | None) -> Stage:  # fmt: skip
    """Return what a rating is at an instant: its state, and what the clock adds to it."""
    day = at.astimezone(BEIJING).date()
    if state is RatingState.NOTICED:
        if due_at is not None and due_at < at:
            return Stage.DEFENCE_OVER
        return Stage.DEFENCE_OPEN if collected else Stage.NOTICE_OPEN
    if state in (RatingState.PUBLISHED, RatingState.CORRECTED):
        if lapses_on is not None and lapses_on <= day:
            return Stage.LAPSED
        if state is RatingState.PUBLISHED:
            return Stage.DUE_TO_START if starts_on is not None and day < starts_on else Stage.IN_FORCE
    return Stage(state.value)


def finding_of(matter: Matter, found: CaseSum) -> Finding:
    """Return a case as the benchmark reads it."""
    return Finding(matter, found.amount, found.single, found.staff, found.national_round, found.shortage)


def as_plain(proposed: Grade, found: CaseSum) -> dict[str, Any]:
    """Return a proposal with its inputs as it is kept."""
    return {
        "version": proposed.version, "level": proposed.level, "options": list(proposed.options),
        "steps": [step.as_dict() for step in proposed.steps], "effective_on": found.effective_on.isoformat(),
        "inputs": {
            "amount": plain(found.amount), "single": plain(found.single), "staff": found.staff,
            "national_round": found.national_round, "shortage": found.shortage, "disputed": found.disputed,
            "origins": [[origin, plain(amount)] for origin, amount in found.origins],
        },
    }  # fmt: skip


def held_level(grade_level: str | None, chosen: Sequence[str], version: str, asked: Level | None) -> Level | None:
    """Return the level that officers hold: the benchmark's where they name none; None where they have to choose."""
    level = asked if asked is not None else Level(grade_level) if grade_level is not None else None
    return level if level in options(grade_level, chosen, version) else None
