"""Prices through time, as steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from kernel.i18n import _

LOOKS = (("--primary", "solid"), ("--ink-2", "dashed"), ("--sealed", "solid"), ("--muted", "dotted"))
"""At most so many lines: more can't be told apart."""
SHOWN = timedelta(days=30)
"""How long a price is drawn that has hardly begun, or not yet."""
Held = tuple[date, date | None, Decimal]
"""A price with its first day and the first day on which it holds no longer."""


def steps(lines: Iterable[tuple[str, Sequence[Held]]], today: date) -> dict[str, Any] | None:
    """Return the plot of named lines of prices, each oldest first; None where there is nothing to draw."""
    drawn = [(name, _points(held, today)) for name, held in lines if held][: len(LOOKS)]
    if not drawn:
        return None
    return {
        **_frame([name for name, _corners in drawn]),
        "series": [
            {
                "type": "line", "name": name, "step": "end", "symbol": "none", "data": corners,
                "lineStyle": {"color": look[0], "type": look[1], "width": 2}, "itemStyle": {"color": look[0]},
            }
            for (name, corners), look in zip(drawn, LOOKS, strict=False)
        ],
    }  # fmt: skip


def _frame(names: list[str]) -> dict[str, Any]:
    """Return axes, legend and room around."""
    return {
        "grid": {"left": 8, "right": 24, "top": 56, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "textStyle": {"color": "--ink-2"}, "data": names},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "time", "axisLabel": {"color": "--muted", "hideOverlap": True}},
        "yAxis": {
            "type": "value", "name": _("yuan/unit"), "axisLabel": {"color": "--muted"},
            "splitLine": {"lineStyle": {"color": "--line"}},
        },
    }  # fmt: skip


def _points(held: Sequence[Held], today: date) -> list[list[str | None]]:
    """Return the corners of one line: it breaks where no price holds, and goes on to today or the end."""
    found: list[list[str | None]] = []
    for starts, ends, price in held:
        if found and found[-1][0] != starts.isoformat():
            found.append([found[-1][0], None])
        until = ends or max(today, starts + SHOWN)
        found += [[starts.isoformat(), format(price, "f")], [until.isoformat(), format(price, "f")]]
    return found
