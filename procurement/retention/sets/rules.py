"""Values of parameters as people write them, and as a version keeps them.

Source: retention.md "Assessment → k" and the switches under "Per hospital, variety and agreement year".
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kernel.errors import DomainError
from kernel.money import NotANumber, parse_decimal
from kernel.policy import UNSET, Parameter, Parameters
from kernel.rulebooks.rules import BadValue
from kernel.working import plain
from procurement.retention.flow import Indicator
from procurement.retention.rules import CENT, END_YEAR, HALF, NONE, rungs, whole

FLAGS = frozenset({"gate.completion", "n.without_passed", "n.without_drg"})
CHOICES = {
    "factors.budget": ("agreement-year", "last-year"), "negative": ("zero", "offset"),
    "rounding": (CENT, "1"), "fiscal_year": (END_YEAR, "split"),
}  # fmt: skip
MOST = {"k.most": HALF, "score.growth_limit": Decimal(1), "gate.non_winning": Decimal(1)}
"""Shares, and how large they may be; other numbers are whole days."""
LONGEST = 366
HUNDRED = Decimal(100)


def written(value: Any) -> str:
    """Write a value as the form shows it.

    >>> written([[Decimal(80), "0.50"], [0, 0]]), written({"online": 15}), written(True)
    ('80 0.50; 0 0', 'online 15', 'true')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {plain(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(" ".join(str(plain(part)) for part in one) for one in value)
    return str(plain(value))


def typed(name: str, text: str) -> Any:
    """Read a value, `?` for one that nobody knows; raises BadValue.

    >>> typed("ladder", "90 0.5; 0 0"), typed("days.confirm", "5"), typed("gate.completion", "false")
    ([['90', '0.5'], ['0', '0']], '5', False)
    """
    text = text.strip()
    if text == UNSET:
        return UNSET
    if name in FLAGS:
        if text not in ("true", "false"):
            raise BadValue(parameter=name, wanted="true / false")
        return text == "true"
    if name in CHOICES:
        if text not in CHOICES[name]:
            raise BadValue(parameter=name, wanted=" / ".join(CHOICES[name]))
        return text
    if name == "ladder":
        return _ladder(text)
    if name == "gate.non_winning" and text == NONE:
        return NONE
    return _weights(text) if name == "score.weights" else _number(name, text)


def _number(name: str, text: str) -> str:
    most = MOST.get(name, Decimal(LONGEST))
    try:
        value = parse_decimal(text)
    except NotANumber:
        value = Decimal(-1)
    if not 0 <= value <= most or (name not in MOST and value % 1):
        raise BadValue(parameter=name, wanted=f"{NONE} / 0 – 1" if name == "gate.non_winning" else f"0 – {most}")
    return str(plain(value))


def _pairs(name: str, text: str) -> list[list[str]]:
    found = [one.split() for one in text.split(";") if one.strip()]
    if not found or any(len(one) != 2 for one in found):
        raise BadValue(parameter=name, wanted="80 0.50; 60 0.40; 0 0" if name == "ladder" else "completion 30; …")
    return found


def _ladder(text: str) -> list[list[str]]:
    found = _pairs("ladder", text)
    try:
        exact = [[str(plain(parse_decimal(part))) for part in one] for one in found]
        held = rungs(Parameters({"ladder": Parameter("ladder", exact, "", "F")}))
    except (NotANumber, DomainError):
        raise BadValue(parameter="ladder", wanted="80 0.50; 60 0.40; 0 0") from None
    if any(k > HALF for _score, k in held):
        raise BadValue(parameter="ladder", wanted="k ≤ 0.50")
    return exact


def _weights(text: str) -> dict[str, str]:
    known = {one.value for one in Indicator}
    found = {name: _number("score.weights", count) for name, count in _pairs("score.weights", text)}
    if not set(found) <= known or sum(map(Decimal, found.values())) != HUNDRED:
        raise BadValue(parameter="score.weights", wanted=f"{', '.join(sorted(known))}; Σ = 100")
    return found


def stored(held: Parameters) -> dict[str, dict[str, Any]]:
    """Return parameters as a version keeps them: plain data, decimals as text."""
    return {
        name: {"value": _plain(one.value), "source": one.source, "standing": one.standing} for name, one in held.items()
    }


def _plain(value: Any) -> Any:
    return {name: plain(one) for name, one in value.items()} if isinstance(value, Mapping) else plain(value)


def read(values: Mapping[str, Mapping[str, Any]]) -> Parameters:
    """Return a version's parameters, with what holds where it says nothing."""
    return whole(
        Parameters(
            {name: Parameter(name, one["value"], one["source"], one["standing"]) for name, one in values.items()}
        )
    )
