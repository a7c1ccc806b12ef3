"""Budget, spend, measurement base and retained amount per hospital, variety and agreement year.

Source: retention.md "Per hospital, variety and agreement year" and "Assessment → k" (医保发〔2020〕26号, 〔2021〕31号,
〔2024〕31号). Everything is computed with 50 digits; amounts are rounded half-up to the fen once a line, then summed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from kernel.money import round_amount, working
from kernel.policy import BadPolicy, Parameters, RuleSets, parameters, parse
from kernel.working import Step

RULE_SETS = RuleSets(Path(__file__).with_name("rulesets"))
ZERO = Decimal(0)
HALF = Decimal("0.50")


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of a hospital's variety in an agreement year.

    `q0` base volume, `qc` agreed volume of the winner (units); `p0` weighted average price before the round, `pw`
    winning price (yuan per unit); `n` non-winning use (yuan), `n_passed` and `n_drg` what of it the switches leave out;
    `r` and `s` shares from 0 to 1, `r_last` and `s_last` those of the year before; `score` from 0 to 100.
    """

    hospital: str
    variety: str
    q0: Decimal
    p0: Decimal
    qc: Decimal
    pw: Decimal
    n: Decimal
    r: Decimal
    s: Decimal
    score: Decimal
    completed: bool
    exempt: bool = False
    n_passed: Decimal = ZERO
    n_drg: Decimal = ZERO
    r_last: Decimal | None = None
    s_last: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Retained:
    """A line's figures in yuan, the share that is retained, and how each was reached."""

    line: Line
    budget: Decimal
    spend: Decimal
    base: Decimal
    k: Decimal
    retained: Decimal
    steps: tuple[Step, ...]


def rules(name: str) -> Parameters:
    """Return a built-in rule set by its id, or one from a .toml file; raises NoSuchRuleSet or BadPolicy."""
    file, text = RULE_SETS.text(name)
    found = parameters(parse(text, where=file).get("parameter", {}), where=file)
    missing = sorted(set(NEEDED) - set(found))
    if missing:
        raise BadPolicy(file=file, parameter=missing[0], reason="is missing")
    rungs(found)
    return found


NEEDED = (
    "k.most", "ladder", "gate.completion", "n.without_passed", "n.without_drg", "factors.budget", "negative",
)  # fmt: skip
"""What every rule set says."""


@cache
def _rungs(name: str, ladder: tuple[tuple[Decimal, Decimal], ...]) -> tuple[tuple[Decimal, Decimal], ...]:
    scores = [score for score, _k in ladder]
    if scores != sorted(scores, reverse=True) or not ladder or scores[-1] != 0:
        raise BadPolicy(file=name, parameter="ladder", reason="must fall to 0")
    if any(not 0 <= k <= 1 for _score, k in ladder):
        raise BadPolicy(file=name, parameter="ladder", reason="shares lie between 0 and 1")
    return ladder


def rungs(parameters: Parameters) -> tuple[tuple[Decimal, Decimal], ...]:
    """Return the ladder's rungs (from score, share) from the highest to the lowest; raises UnsetParameter."""
    value: Sequence[Sequence[Any]] = parameters.value("ladder")
    return _rungs("ladder", tuple((Decimal(score), Decimal(k)) for score, k in value))


def retained(line: Line, parameters: Parameters) -> Retained:
    """Compute what a hospital keeps of a variety, with every step.

    Raises UnsetParameter with the name of a parameter that nobody has filled in.
    """
    with working():
        steps: list[Step] = []
        budget = _budget(line, parameters, steps)
        spend = _spend(line, parameters, steps)
        base = budget - spend
        source = parameters["negative"].source
        offset = parameters.value("negative") == "offset"
        steps.append(Step("retention-base", base, passed=base > 0, source=source))
        k = _share(line, parameters, steps)
        kept = base if offset else max(ZERO, base)
        amount = round_amount(kept * k)
    steps.append(Step("retention-retained", amount, source="retention.md: R = M × k", facts=(("k", k),)))
    shown = base if offset else max(ZERO, base)
    return Retained(line, round_amount(budget), round_amount(spend), round_amount(shown), k, amount, tuple(steps))


def _budget(line: Line, parameters: Parameters, steps: list[Step]) -> Decimal:
    """B = Q0 × P0 × r × s."""
    last = parameters.value("factors.budget") == "last-year"
    r = line.r if not last or line.r_last is None else line.r_last
    s = line.s if not last or line.s_last is None else line.s_last
    budget = line.q0 * line.p0 * r * s
    facts = (("q0", line.q0), ("p0", line.p0), ("r", r), ("s", s))
    steps.append(Step("retention-budget", budget, source=parameters["factors.budget"].source, facts=facts))
    return budget


def _spend(line: Line, parameters: Parameters, steps: list[Step]) -> Decimal:
    """E = (Qc × Pw + N) × r × s; the switches leave parts of N out."""
    n = line.n
    for switch, part in (("n.without_passed", line.n_passed), ("n.without_drg", line.n_drg)):
        if part and parameters.value(switch):
            n -= part
            facts = (("left_out", part), ("n", n))
            steps.append(Step(f"retention-{switch.replace('.', '-').replace('_', '-')}", n,
                              source=parameters[switch].source, facts=facts))  # fmt: skip
    spend = (line.qc * line.pw + max(ZERO, n)) * line.r * line.s
    found = (("qc", line.qc), ("pw", line.pw), ("n", max(ZERO, n)), ("r", line.r), ("s", line.s))
    steps.append(Step("retention-spend", spend, source="retention.md: E = (Qc × Pw + N) × r × s", facts=found))
    return spend


def _share(line: Line, parameters: Parameters, steps: list[Step]) -> Decimal:
    """Return k: 0 behind a closed gate, else the ladder's rung of the score, at most the highest share."""
    if parameters.value("gate.completion"):
        source = parameters["gate.completion"].source
        steps.append(Step("retention-gate", passed=line.completed or line.exempt, source=source,
                          facts=(("completed", line.completed), ("exempt", line.exempt))))  # fmt: skip
        if not line.completed and not line.exempt:
            return ZERO
    score, k = next((score, k) for score, k in rungs(parameters) if line.score >= score)
    most = Decimal(parameters.value("k.most"))
    source = parameters["ladder"].source
    steps.append(Step("retention-ladder", line.score, ">=", score, passed=k > 0, source=source, facts=(("k", k),)))
    return min(k, most)


def totals(lines: Iterable[Retained]) -> dict[str, Any]:
    """Add lines up, all together and by hospital; a hospital's total is never below 0."""
    found = dict.fromkeys(("budget", "spend", "base"), ZERO)
    by_hospital: dict[str, Decimal] = {}
    for one in lines:
        for name in found:
            found[name] += getattr(one, name)
        by_hospital[one.line.hospital] = by_hospital.get(one.line.hospital, ZERO) + one.retained
    kept = {name: max(ZERO, amount) for name, amount in by_hospital.items()}
    return {**found, "retained": sum(kept.values(), ZERO), "hospitals": kept}


def weighted_price(purchases: Iterable[Mapping[str, Decimal] | tuple[Decimal, Decimal]]) -> Decimal | None:
    """Return P0 from (price, quantity) of every product of the generic name before the round; None without volume.

    >>> weighted_price([(Decimal("6"), Decimal(10)), (Decimal("3"), Decimal(5))])
    Decimal('5')
    """
    worth = quantity = ZERO
    for one in purchases:
        price, count = one if isinstance(one, tuple) else (one["price"], one["quantity"])
        worth += price * count
        quantity += count
    return worth / quantity if quantity else None
