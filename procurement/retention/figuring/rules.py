"""The figures of many lines at once, without their steps: whole numbers of the finest step, exact to the last digit.

Source: retention.md "Per hospital, variety and agreement year". `rules.retained` is the rule; this is the same
arithmetic for a province's lines, and tests hold the two together on every row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, Protocol

from kernel.money import from_whole, round_whole, to_whole
from kernel.policy import Parameters
from procurement.retention.rules import CENT as HUNDREDTH
from procurement.retention.rules import END_YEAR, LEFT_OUT, Line, most_other, rungs

Q, P, F, N, K = 3, 12, 6, 2, 6
"""Decimals of quantities, prices, shares, amounts and k; points have those of shares."""
PLACES = {"q0": Q, "p0": P, "qc": Q, "pw": P, "n": N, "n_passed": N, "n_drg": N, "r": F, "s": F, "r_last": F,
          "s_last": F, "won": N, "early": F}  # fmt: skip
FINE = 2 * F + Q + P
CENT = 10 ** (FINE - N)
UNIT: int = 10**P
STEP_N: int = 10 ** (Q + P - N)
CENT_K, WHOLE = 10 ** (FINE + K - N), 10**F


class Terms(Protocol):
    """What is known of a line, in whole numbers of the last of PLACES; `rules.Line` says what each is."""

    q0: int
    p0: int
    qc: int
    pw: int
    n: int
    n_passed: int
    n_drg: int
    r: int
    s: int
    r_last: int | None
    s_last: int | None
    early: int
    completed: bool
    exempt: bool

    @property
    def won(self) -> int | None:
        """What was received of the winner."""


class Figures(NamedTuple):
    """What a line comes to, in whole fen; `k` is the share that is retained, in millionths. Retained says the rest."""

    budget: int
    spend: int
    base: int
    k: int
    retained: int
    earlier: int


@dataclass(slots=True)
class _Whole:
    """A line in whole numbers."""

    q0: int
    p0: int
    qc: int
    pw: int
    n: int
    n_passed: int
    n_drg: int
    r: int
    s: int
    r_last: int | None
    s_last: int | None
    won: int | None
    early: int
    completed: bool
    exempt: bool


def k_of(score: Decimal, parameters: Parameters) -> int:
    """Return k of a score, in millionths: the ladder's rung, at most the highest share."""
    k = next(k for rung, k in rungs(parameters) if score >= rung)
    return to_whole(min(Decimal(parameters.value("k.most")), k), K)


def figures(lines: Iterable[Terms], k: int, parameters: Parameters) -> Iterator[Figures]:
    """Return the figures of lines that share a score, and so k; raises UnsetParameter with the name of what is missing.

    >>> from procurement.retention.rules import rules
    >>> line = Line("h", "v", *map(Decimal, ("100000", "5", "70000", "0.8", "105000", "0.6", "0.9", "85")), True)
    >>> held = rules("national-sample")
    >>> [one.retained for one in figures([whole(line)], k_of(line.score, held), held)]
    [9153000]
    """
    last = parameters.value("factors.budget") == "last-year"
    offset = parameters.value("negative") == "offset"
    open_, split = _gates(parameters), parameters.value("fiscal_year", END_YEAR) != END_YEAR
    step = to_whole(Decimal(parameters.value("rounding", HUNDREDTH)), N)
    for line in lines:
        r = line.r_last if last and line.r_last is not None else line.r
        s = line.s_last if last and line.s_last is not None else line.s
        n = _charged(line, parameters)
        budget, spend = line.q0 * line.p0 * r * s, (line.qc * line.pw + n * STEP_N) * line.r * line.s
        base = budget - spend
        kept = base if offset or base > 0 else 0
        own = k if open_(line, n) else 0
        retained = round_whole(kept * own, CENT_K * step) * step
        earlier = round_whole(retained * line.early, WHOLE) if split else 0
        yield Figures(
            round_whole(budget, CENT), round_whole(spend, CENT), round_whole(kept, CENT), own, retained, earlier
        )


def _gates(parameters: Parameters) -> Callable[[Terms, int], bool]:
    """Return what says whether a line's gates are open, the rule set read once."""
    gate, other = bool(parameters.value("gate.completion")), most_other(parameters)
    most = None if other is None else to_whole(other, P)

    def open_(line: Terms, n: int) -> bool:
        if line.exempt:
            return True
        if gate and not line.completed:
            return False
        if most is None:
            return True
        winning = line.qc * line.pw if line.won is None else line.won * STEP_N
        return n * STEP_N * UNIT <= most * (winning + n * STEP_N)

    return open_


def _charged(line: Terms, parameters: Parameters) -> int:
    """Return what of the non-winning use is charged."""
    n = line.n
    if not (line.n_passed or line.n_drg):  # as nearly everywhere
        return max(0, n)
    for switch, name in LEFT_OUT:
        part: int = getattr(line, name)
        if part and parameters.value(switch):
            n -= part
    return max(0, n)


def whole(line: Line) -> Terms:
    """Return a line in whole numbers."""
    held = {name: getattr(line, name) for name in PLACES}
    numbers = {name: None if value is None else to_whole(value, PLACES[name]) for name, value in held.items()}
    return _Whole(**numbers, completed=line.completed, exempt=line.exempt)  # type: ignore[arg-type]  # by name


def kept(lines: Iterable[Line], parameters: Parameters) -> Iterator[Decimal]:
    """Return what is retained of each line, in yuan."""
    for line in lines:
        for one in figures([whole(line)], k_of(line.score, parameters), parameters):
            yield from_whole(one.retained, N)
