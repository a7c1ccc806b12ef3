"""Label rules as a version keeps them, as people write their thresholds, and as they are applied.

Source: governance.md "Labels". A threshold is a multiple of the anchor, as a number or as a fraction (3/1.8).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeVar

from kernel.money import NotANumber, parse_decimal
from kernel.policy import UNSET
from kernel.rulebooks.rules import BadValue
from kernel.working import plain
from pricing.governance.rules import Label, LabelRule, read

COLOURS = (Label.YELLOW, Label.RED, Label.SUSPEND)
FROM = "from"
WANTED = "yellow 1; red 3/1.8; from 2026-01-01"
V = TypeVar("V")


def stored(tables: Iterable[Mapping[str, Any]], starts: date) -> dict[str, dict[str, Any]]:
    """Return the rules of a file as a version keeps them: by name, decimals as text.

    >>> rule = {"name": "a", "kinds": ["passed"], "anchor": [["percentile_75", 1]], "yellow": [2, 1]}
    >>> stored([rule], date(2026, 1, 1))["a"]["value"]
    {'yellow': ['2', '1'], 'from': '2026-01-01'}
    """
    found = {}
    for table in tables:
        value = {colour.value: _texts(table[colour]) for colour in COLOURS if colour in table}
        rest = {name: one for name, one in table.items() if name not in (*COLOURS, "name")}
        rest["anchor"] = [_texts(pair) for pair in table["anchor"]]
        found[str(table["name"])] = {**rest, "value": {**value, FROM: starts.isoformat()}}
    return found


def _texts(values: Iterable[Any]) -> list[str]:
    return [str(plain(one)) for one in values]


def applied(values: Mapping[str, Mapping[str, Any]], *, where: str = "") -> tuple[LabelRule, ...]:
    """Return a version's rules; one whose thresholds nobody knows is left out."""
    tables = [
        {**{key: part for key, part in one.items() if key != "value"}, **one["value"], "name": name}
        for name, one in values.items()
        if one["value"] != UNSET
    ]
    return read(tables, where=where) if tables else ()


def starts(values: Mapping[str, Mapping[str, Any]]) -> date:
    """Return the first day of a version: that of the rule that begins last."""
    days = [date.fromisoformat(one["value"][FROM]) for one in values.values() if one["value"] != UNSET]
    return max(days, default=date.min)


def in_force(versions: Iterable[V], day: date, *, values: Any) -> V | None:
    """Return the latest version, of those given the newest first, whose first day has come."""
    return next((one for one in versions if starts(values(one)) <= day), None)


def written(value: Any) -> str:
    """Write thresholds and first day as the form shows them.

    >>> written({"yellow": ["1.8", "1"], "red": ["3", "1.8"], "from": "2026-01-01"})
    'yellow 1.8; red 3/1.8; from 2026-01-01'
    """
    if value == UNSET:
        return UNSET
    parts = [f"{name} {_multiple(value[name])}" for name in (*COLOURS, FROM) if name in value]
    return "; ".join(parts)


def _multiple(value: Any) -> str:
    if isinstance(value, str):
        return value
    return value[0] if value[1] == "1" else f"{value[0]}/{value[1]}"


def typed(name: str, text: str) -> Any:
    """Read thresholds and first day, `?` where nobody knows; raises BadValue.

    >>> typed("a", "yellow 1; red 3/1.8; from 2026-01-01")["red"]
    ['3', '1.8']
    """
    if text.strip() == UNSET:
        return UNSET
    parts = [part.split() for part in text.replace("；", ";").split(";") if part.strip()]
    names = [part[0] for part in parts]
    if any(len(part) != 2 for part in parts) or len(set(names)) != len(names) or FROM not in names:
        raise BadValue(parameter=name, wanted=WANTED)
    if set(names) - {*COLOURS, FROM} or len(names) < 2:
        raise BadValue(parameter=name, wanted=WANTED)
    try:
        found: dict[str, Any] = {each: _fraction(one) for each, one in parts if each != FROM}
        found[FROM] = date.fromisoformat(dict(parts)[FROM]).isoformat()
    except (NotANumber, ValueError):
        raise BadValue(parameter=name, wanted=WANTED) from None
    return _rising(name, found)


def _fraction(text: str) -> list[str]:
    above, slash, below = text.partition("/")
    parts = [parse_decimal(above), parse_decimal(below) if slash else Decimal(1)]
    if min(parts) <= 0:
        raise NotANumber(text)
    return _texts(parts)


def _rising(name: str, found: dict[str, Any]) -> dict[str, Any]:
    """Refuse thresholds that do not rise with the colour: red below yellow would never be yellow."""
    held = [[Decimal(part) for part in found[colour]] for colour in COLOURS if colour in found]
    for lower, upper in pairwise(held):
        if lower[0] * upper[1] >= upper[0] * lower[1]:
            raise BadValue(parameter=name, wanted=WANTED)
    return found
