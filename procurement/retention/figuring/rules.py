"""The figures of many lines at once, without their steps: whole numbers of the finest step, exact to the last digit.

Source: retention.md "Per hospital, variety and agreement year". `rules.retained` is the rule; this is the same
arithmetic for a province's lines, and a property test holds the two together on every row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from kernel.money import working
from kernel.policy import Parameters
from procurement.retention.rules import Line, rungs

Q, P, F, N, K = 3, 12, 6, 2, 6
"""Decimals of quantities, prices, shares, amounts and k."""
FINE = 2 * F + Q + P
CENT = 10 ** (FINE - N)
STEP_N: int = 10 ** (Q + P - N)
CENT_K = 10 ** (FINE + K - N)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a line comes to, in yuan; `k` is the share that is retained."""

    budget: Decimal
    spend: Decimal
    base: Decimal
    k: Decimal
    retained: Decimal


def _whole(value: Decimal, places: int) -> int:
    return int(value.scaleb(places))


def _cents(value: int, step: int) -> Decimal:
    """Round half-up, away from zero, to hundredths."""
    sign, size = (-1, -value) if value < 0 else (1, value)
    return Decimal(sign * ((2 * size + step) // (2 * step))).scaleb(-N)


def figures(lines: Iterable[Line], parameters: Parameters) -> Iterator[Figures]:
    """Return each line's figures in turn; raises UnsetParameter with the name of what nobody has filled in.

    >>> from procurement.retention.rules import rules
    >>> line = Line("h", "v", *map(Decimal, ("100000", "5", "70000", "0.8", "105000", "0.6", "0.9", "85")), True)
    >>> [str(one.retained) for one in figures([line], rules("national-sample"))]
    ['91530.00']
    """
    last = parameters.value("factors.budget") == "last-year"
    offset = parameters.value("negative") == "offset"
    gate = bool(parameters.value("gate.completion"))
    ladder = rungs(parameters)
    most = Decimal(parameters.value("k.most"))
    for line in lines:
        with working():
            budget, spend = _budget(line, last=last), _spend(line, parameters)
            base = budget - spend
            kept = base if offset else max(0, base)
            if gate and not line.completed and not line.exempt:
                k = Decimal(0)
            else:
                k = min(most, next(k for score, k in ladder if line.score >= score))
            retained = _cents(kept * _whole(k, K), CENT_K)
            yield Figures(_cents(budget, CENT), _cents(spend, CENT), _cents(kept, CENT), k, retained)


def _budget(line: Line, *, last: bool) -> int:
    r = line.r_last if last and line.r_last is not None else line.r
    s = line.s_last if last and line.s_last is not None else line.s
    return _whole(line.q0, Q) * _whole(line.p0, P) * _whole(r, F) * _whole(s, F)


def _spend(line: Line, parameters: Parameters) -> int:
    n = line.n
    if line.n_passed and parameters.value("n.without_passed"):
        n -= line.n_passed
    if line.n_drg and parameters.value("n.without_drg"):
        n -= line.n_drg
    other = _whole(max(Decimal(0), n), N) * STEP_N
    return (_whole(line.qc, Q) * _whole(line.pw, P) + other) * _whole(line.r, F) * _whole(line.s, F)
