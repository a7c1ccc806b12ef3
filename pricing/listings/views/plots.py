"""A product's prices through time, as steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from kernel.i18n import _, label
from pricing.listings.models import Listing

LOOKS = (("--primary", "solid"), ("--ink-2", "dashed"), ("--sealed", "solid"), ("--muted", "dotted"))
"""At most so many lines: more can't be told apart."""


def steps(rows: Sequence[Listing], today: date) -> dict[str, Any] | None:
    """Return the plot of prices by region and kind; None where nothing was ever listed."""
    lines = [
        (f"{key[0]} {label(key[1])}", _points(list(part), today))
        for key, part in groupby(rows, key=lambda row: (row.region.name, row.kind))
    ]
    lines = [line for line in lines if line[1]][: len(LOOKS)]
    if not lines:
        return None
    return {
        **_frame([name for name, _corners in lines]),
        "series": [
            {
                "type": "line", "name": name, "step": "end", "symbol": "none", "data": corners,
                "lineStyle": {"color": look[0], "type": look[1], "width": 2}, "itemStyle": {"color": look[0]},
            }
            for (name, corners), look in zip(lines, LOOKS, strict=False)
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


def _points(rows: Sequence[Listing], today: date) -> list[list[str | None]]:
    """Return the corners of one line: it breaks where no price counts, and goes on to today or the announced end."""
    found: list[list[str | None]] = []
    counted = [each for each in rows if each.ends is None or each.ends > each.starts]
    for row in counted:
        if found and found[-1][0] != row.starts.isoformat():
            found.append([found[-1][0], None])
        price, ends = format(row.price, "f"), row.suspended_on or row.ends or max(today, row.starts)
        found += [[row.starts.isoformat(), price], [ends.isoformat(), price]]
    return found
