"""Plots of monitoring: index lines, spending as stacked bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kernel.i18n import _, label
from pricing.monitoring.rules import Index
from pricing.monitoring.spending.rules import ZERO, Spending, grounds

AXIS = {"axisLabel": {"color": "--muted"}, "splitLine": {"lineStyle": {"color": "--line"}}}
LINES = (("fisher", "--primary", "solid", 2), ("laspeyres", "--ink-2", "dashed", 1),
         ("paasche", "--sealed", "dotted", 1))  # fmt: skip
BARS = ("--primary", "--sealed", "--good", "--warn", "--bad", "--ink-2", "--muted")


def _frame(names: Sequence[str], unit: str, **value: Any) -> dict[str, Any]:
    return {
        "grid": {"left": 8, "right": 16, "top": 56, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "textStyle": {"color": "--ink-2"}}, "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": list(names), **AXIS},
        "yAxis": {"type": "value", "name": unit, **AXIS, **value},
    }  # fmt: skip


def lines(found: Sequence[Index]) -> dict[str, Any]:
    """Return the three indices by period."""
    words = {"fisher": _("Fisher"), "laspeyres": _("Laspeyres"), "paasche": _("Paasche")}
    return _frame([one.period for one in found], "", scale=True) | {
        "series": [
            {
                "type": "line", "name": words[name], "itemStyle": {"color": colour},
                "lineStyle": {"color": colour, "type": look, "width": width},
                "data": [None if (value := getattr(one, name)) is None else format(value, "f") for one in found],
            }
            for name, colour, look, width in LINES
        ]
    }  # fmt: skip


def bars(rows: Sequence[Spending]) -> dict[str, Any]:
    """Return what was spent in each period, a colour for each ground."""
    spent = [row.by_ground for row in rows]
    return _frame([row.period for row in rows], _("yuan")) | {
        "series": [
            {
                "type": "bar", "stack": "all", "name": str(label(ground)), "itemStyle": {"color": colour},
                "barMaxWidth": 40, "data": [format(each.get(ground, ZERO), "f") for each in spent],
            }
            for ground, colour in zip(grounds(rows), BARS, strict=False)
        ]
    }  # fmt: skip
