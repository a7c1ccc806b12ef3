"""Budget, spend, measurement base and retained amount per hospital, variety and agreement year.

Source: retention.md "Per hospital, variety and agreement year" and "Assessment → k" (医保发〔2020〕26号, 〔2021〕31号,
〔2024〕31号). Everything is computed with 50 digits; amounts are rounded half-up to the fen once a line, then summed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from kernel.money import round_amount, round_ratio, working
from kernel.policy import BadPolicy, Parameter, Parameters, RuleSets, parameters, parse
from kernel.working import Step

RULE_SETS = RuleSets(Path(__file__).with_name("rulesets"))
ZERO = Decimal(0)
HALF = Decimal("0.50")
GATES = ("retention-gate", "retention-gate-other")
CENT, NONE, END_YEAR = "0.01", "none", "end-year"


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of a hospital's variety in an agreement year.

    `q0` base volume, `qc` agreed volume of the winner (units); `p0` weighted average price before the round, `pw`
    winning price (yuan per unit); `n` non-winning use (yuan), `n_passed` and `n_drg` what of it the switches leave out;
    `r` and `s` shares from 0 to 1, `r_last` and `s_last` those of the year before; `score` from 0 to 100. `won` is what
    was received of the winner (yuan; None: what is agreed), `early` the share of it before the last New Year.
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
    won: Decimal | None = None
    early: Decimal = ZERO

    @property
    def winning(self) -> Decimal:
        """Return what the winner's products cost, in yuan."""
        return self.qc * self.pw if self.won is None else self.won


@dataclass(frozen=True, slots=True)
class Retained:
    """A line's figures in yuan, the share that is retained, and how each was reached.

    `earlier` is what of it is booked in the fiscal year before the one in which the agreement year ends.
    """

    line: Line
    budget: Decimal
    spend: Decimal
    base: Decimal
    k: Decimal
    retained: Decimal
    steps: tuple[Step, ...]
    earlier: Decimal = ZERO

    @property
    def closed(self) -> str:
        """Return the code of the first gate that is closed, '' where all are open."""
        return next((one.code for one in self.steps if one.code in GATES and not one.passed), "")


def rules(name: str) -> Parameters:
    """Return a built-in rule set by its id, or one from a .toml file; raises NoSuchRuleSet or BadPolicy."""
    file, text = RULE_SETS.text(name)
    found = parameters(parse(text, where=file).get("parameter", {}), where=file)
    missing = sorted(set(NEEDED) - set(found))
    if missing:
        raise BadPolicy(file=file, parameter=missing[0], reason="is missing")
    rungs(found)
    return whole(found)


NEEDED = (
    "k.most", "ladder", "gate.completion", "n.without_passed", "n.without_drg", "factors.budget", "negative",
)  # fmt: skip
"""What every rule set says."""
DEFAULTS = {
    name: Parameter(name, value, source, "L")
    for name, value, source in (
        ("gate.non_winning", NONE, "医保发〔2024〕31号 limits the non-winning share (retention.md); no number is "
         "published: the gate is off until a province fills it in"),
        ("rounding", CENT, "retention.md: R is rounded half-up to 0.01 once a variety, our default"),
        ("fiscal_year", END_YEAR, "retention.md: split by purchase amounts, or booked in the year in which the "
         "agreement year ends; our default"),
    )
}  # fmt: skip
"""What holds where a rule set says nothing."""


def whole(held: Parameters) -> Parameters:
    """Return parameters with what holds where they say nothing."""
    return Parameters({**{name: one for name, one in DEFAULTS.items() if name not in held}, **held})


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
        n = _charged(line, parameters, steps)
        spend = _spend(line, n, steps)
        base = budget - spend
        source = parameters["negative"].source
        offset = parameters.value("negative") == "offset"
        steps.append(Step("retention-base", base, passed=base > 0, source=source))
        k = _share(line, n, parameters, steps)
        kept = base if offset else max(ZERO, base)
        amount = (kept * k).quantize(Decimal(parameters.value("rounding", CENT)), ROUND_HALF_UP)
        steps.append(Step("retention-retained", amount, source="retention.md: R = M × k", facts=(("k", k),)))
        earlier = _earlier(line, amount, parameters, steps)
    budget, spend, kept = map(round_amount, (budget, spend, kept))
    return Retained(line, budget, spend, kept, k, amount, tuple(steps), earlier)


def _budget(line: Line, parameters: Parameters, steps: list[Step]) -> Decimal:
    """B = Q0 × P0 × r × s."""
    last = parameters.value("factors.budget") == "last-year"
    r = line.r if not last or line.r_last is None else line.r_last
    s = line.s if not last or line.s_last is None else line.s_last
    budget = line.q0 * line.p0 * r * s
    facts = (("q0", line.q0), ("p0", line.p0), ("r", r), ("s", s))
    steps.append(Step("retention-budget", budget, source=parameters["factors.budget"].source, facts=facts))
    return budget


LEFT_OUT = (("n.without_passed", "n_passed"), ("n.without_drg", "n_drg"))
"""The switches that leave parts of N out."""


def _charged(line: Line, parameters: Parameters, steps: list[Step]) -> Decimal:
    """Return what of the non-winning use is charged, in yuan: the switches leave parts of N out."""
    n = line.n
    for switch, name in LEFT_OUT:
        part: Decimal = getattr(line, name)
        if part and parameters.value(switch):
            n -= part
            facts = (("left_out", part), ("n", n))
            steps.append(Step(f"retention-{switch.replace('.', '-').replace('_', '-')}", n,
                              source=parameters[switch].source, facts=facts))  # fmt: skip
    return max(ZERO, n)


def _spend(line: Line, n: Decimal, steps: list[Step]) -> Decimal:
    """E = (Qc × Pw + N) × r × s."""
    spend = (line.qc * line.pw + n) * line.r * line.s
    found = (("qc", line.qc), ("pw", line.pw), ("n", n), ("r", line.r), ("s", line.s))
    steps.append(Step("retention-spend", spend, source="retention.md: E = (Qc × Pw + N) × r × s", facts=found))
    return spend


def most_other(parameters: Parameters) -> Decimal | None:
    """Return the largest share that non-winning products may have of a variety, None where there is no such gate."""
    value = parameters.value("gate.non_winning", NONE)
    return None if value == NONE else Decimal(value)


def too_much(line: Line, n: Decimal, most: Decimal) -> bool:
    """Say whether non-winning products, `n` yuan, have a larger share of a variety's amount than they may have."""
    return n > most * (line.winning + n)


def _gates(line: Line, n: Decimal, parameters: Parameters, steps: list[Step]) -> bool:
    """Say whether every gate is open; an exemption opens them all (医保发〔2024〕31号)."""
    passed = True
    if parameters.value("gate.completion"):
        passed = line.completed or line.exempt
        facts: tuple[tuple[str, Any], ...] = (("completed", line.completed), ("exempt", line.exempt))
        steps.append(Step("retention-gate", passed=passed, source=parameters["gate.completion"].source, facts=facts))
    most = most_other(parameters)
    if most is not None:
        below = line.exempt or not too_much(line, n, most)
        together = line.winning + n
        share = round_ratio(n / together) if together else ZERO
        facts = (("n", n), ("won", line.winning), ("exempt", line.exempt))
        source = parameters["gate.non_winning"].source
        steps.append(Step("retention-gate-other", share, "<=", most, below, source, facts))
        passed = passed and below
    return passed


def _share(line: Line, n: Decimal, parameters: Parameters, steps: list[Step]) -> Decimal:
    """Return k: 0 behind a closed gate, else the ladder's rung of the score, at most the highest share."""
    if not _gates(line, n, parameters, steps):
        return ZERO
    score, k = next((score, k) for score, k in rungs(parameters) if line.score >= score)
    most = Decimal(parameters.value("k.most"))
    source = parameters["ladder"].source
    steps.append(Step("retention-ladder", line.score, ">=", score, passed=k > 0, source=source, facts=(("k", k),)))
    return min(k, most)


def booked(amount: Decimal, early: Decimal, parameters: Parameters) -> Decimal:
    """Return what of an amount is booked in the fiscal year before the one in which the agreement year ends."""
    if parameters.value("fiscal_year", END_YEAR) == END_YEAR:
        return ZERO
    return round_amount(amount * early)


def _earlier(line: Line, amount: Decimal, parameters: Parameters, steps: list[Step]) -> Decimal:
    found = booked(amount, line.early, parameters)
    if parameters.value("fiscal_year", END_YEAR) != END_YEAR:
        facts = (("early", line.early), ("rest", amount - found))
        steps.append(Step("retention-fiscal", found, source=parameters["fiscal_year"].source, facts=facts))
    return found


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
