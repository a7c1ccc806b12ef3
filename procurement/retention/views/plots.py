"""Plots of the retained balance as plain data."""

from __future__ import annotations

from typing import Any

AXIS: dict[str, Any] = {"axisLabel": {"color": "--muted"}, "splitLine": {"lineStyle": {"color": "--line"}}}


def bars(names: list[str], series: list[tuple[str, str, list[str]]]) -> dict[str, Any]:
    """Draw amounts by name as lying bars; a series is its name, colour and amounts."""
    return {
        "grid": {"left": 8, "right": 40, "top": 32, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "textStyle": {"color": "--ink-2"}},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "value", "min": 0, "splitNumber": 3, **AXIS,
                  "axisLabel": {**AXIS["axisLabel"], "hideOverlap": True}},
        "yAxis": {"type": "category", "inverse": True, "data": names,
                  "axisLabel": {"color": "--ink-2", "width": 150, "overflow": "truncate"}},
        "series": [
            {"type": "bar", "name": name, "itemStyle": {"color": colour}, "data": data, "barMaxWidth": 14}
            for name, colour, data in series
        ],
    }  # fmt: skip


def columns(names: list[str], title: str, counts: list[int]) -> dict[str, Any]:
    """Draw counts by step as standing bars."""
    return {
        "grid": {"left": 8, "right": 24, "top": 16, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": names, "axisLabel": {"color": "--ink-2"}},
        "yAxis": {"type": "value", "min": 0, "minInterval": 1, **AXIS},
        "series": [{"type": "bar", "name": title, "itemStyle": {"color": "--primary"}, "data": counts,
                    "barCategoryGap": "8%"}],
    }  # fmt: skip
