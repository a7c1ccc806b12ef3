"""Trigger rules as a version keeps them, and values as people write them.

Source: service_prices.md "Yearly trigger evaluation". An indicator is one parameter (its threshold) that carries its
title, role, formula and inputs along, and a second one (its direction); `triggers` says how many triggers it takes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.money import NotANumber, parse_decimal
from kernel.policy import UNSET, Parameter, Parameters
from kernel.rulebooks.rules import BadValue
from kernel.working import plain
from pricing.triggers.flow import Role
from pricing.triggers.rules import RELATIONS, Indicator, TriggerRules

TRIGGERS, RELATION, CALENDAR = "triggers", ".relation", "calendar."
DAYS = ("calendar.data", "calendar.finish")
WHOLE = {TRIGGERS: 20, "calendar.cycle": 10}
"""Whole numbers, and how large they may be."""
DAY = re.compile(r"\d\d-\d\d", re.ASCII)
LEAP = 2024


def stored(own: TriggerRules) -> dict[str, dict[str, Any]]:
    """Return rules as a version keeps them: plain data, decimals as text."""
    values: dict[str, dict[str, Any]] = {
        TRIGGERS: {"value": str(own.needed), "source": own.source, "standing": "F"},
        **{name: {"value": str(one.value), "source": one.source, "standing": one.standing}
           for name, one in own.calendar.items()},
    }  # fmt: skip
    for one in own.indicators:
        known = {"source": one.source, "standing": one.standing}
        values[one.code] = {
            **known, "value": UNSET if one.threshold is None else plain(one.threshold), "title": one.title,
            "role": one.role.value, "formula": one.formula, "inputs": list(one.inputs),
        }  # fmt: skip
        values[one.code + RELATION] = {**known, "value": one.relation, "title": f"{one.title}：比较方向"}
    return values


def read(code: str, title: str, values: Mapping[str, Mapping[str, Any]]) -> TriggerRules:
    """Return the rules that a version holds, indicators in the order of their codes, triggers first."""
    found = [_indicator(name, one, values) for name, one in values.items() if "formula" in one]
    found.sort(key=lambda one: (one.role is not Role.TRIGGER, one.code))
    calendar = {
        name: Parameter(name, one["value"], one["source"], one["standing"])
        for name, one in values.items() if name.startswith(CALENDAR)
    }  # fmt: skip
    needed = values[TRIGGERS]
    return TriggerRules(code, title, tuple(found), int(needed["value"]), needed["source"], Parameters(calendar))


def _indicator(code: str, one: Mapping[str, Any], values: Mapping[str, Mapping[str, Any]]) -> Indicator:
    threshold = None if one["value"] == UNSET else Decimal(one["value"])
    return Indicator(
        code, one["title"], Role(one["role"]), one["formula"], tuple(one["inputs"]), values[code + RELATION]["value"],
        threshold, one["source"], one["standing"],
    )  # fmt: skip


def typed(name: str, text: str) -> str:
    """Read a value, `?` for one that nobody knows; raises BadValue.

    >>> typed("cpi", "0.03"), typed("cpi.relation", ">"), typed("calendar.finish", "09-30")
    ('0.03', '>', '09-30')
    """
    text = text.strip()
    if name.endswith(RELATION):
        return _among(name, text, tuple(RELATIONS))
    if text == UNSET and name != TRIGGERS:
        return text
    if name in DAYS:
        return _day(name, text)
    try:
        value = parse_decimal(text)
    except NotANumber:
        raise BadValue(parameter=name, wanted="0.10") from None
    most = WHOLE.get(name)
    if most is not None and (value % 1 or not 1 <= value <= most):
        raise BadValue(parameter=name, wanted=f"1 – {most}")
    return str(plain(value))


def _among(name: str, text: str, known: tuple[str, ...]) -> str:
    if text not in known:
        raise BadValue(parameter=name, wanted=" ".join(known))
    return text


def _day(name: str, text: str) -> str:
    try:
        date.fromisoformat(f"{LEAP}-{text}")
    except ValueError:
        raise BadValue(parameter=name, wanted="09-30") from None
    return _among(name, text, (text,) if DAY.fullmatch(text) else ("09-30",))


def day_of(own: TriggerRules, name: str, year: int) -> date | None:
    """Return a day of the calendar in a year; None where the rules do not say it, or the year lacks it."""
    held = own.calendar.get(name)
    if held is None or not held.is_set:
        return None
    try:
        return date.fromisoformat(f"{year}-{held.value}")
    except ValueError:
        return None


def within_cycle(own: TriggerRules, last: int | None, year: int) -> bool | None:
    """Say whether a region's evaluations follow each other within its cycle, years; None where nobody knows it."""
    held = own.calendar.get("calendar.cycle")
    if held is None or not held.is_set or last is None:
        return None
    return year - last <= int(held.value)
