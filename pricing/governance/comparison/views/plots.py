"""A group's prices by region, as bars beside the lowest provincial price."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from kernel.i18n import _
from pricing.governance.comparison.queries.groups import Priced
from pricing.governance.comparison.rules.gaps import National


def by_region(prices: Sequence[Priced], nation: National | None) -> dict[str, Any] | None:
    """Return the plot of the lowest price of each region, dearest first; None where fewer than two are priced."""
    lowest: dict[str, Decimal] = {}
    for one in prices:
        lowest[one.region] = min(one.price, lowest.get(one.region, one.price))
    if len(lowest) < 2:
        return None
    held = sorted(lowest.items(), key=lambda each: (-each[1], each[0]))
    lines = [(_("Lowest provincial price"), nation.lowest), (_("Median"), nation.median)] if nation else []
    return {**_frame([name for name, _price in held]), "series": [_bars([price for _name, price in held], lines)]}


def _frame(names: Sequence[str]) -> dict[str, Any]:
    """Return axes and room around."""
    turned = 0 if len(names) < 9 else 40
    return {
        "grid": {"left": 8, "right": 24, "top": 24, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "axis"},
        "xAxis": {
            "type": "category", "data": names, "axisLabel": {"color": "--muted", "interval": 0, "rotate": turned},
        },
        "yAxis": {
            "type": "value", "name": _("yuan/unit"), "axisLabel": {"color": "--muted"},
            "splitLine": {"lineStyle": {"color": "--line"}},
        },
    }  # fmt: skip


def _bars(prices: Sequence[Decimal], lines: Sequence[tuple[str, Decimal]]) -> dict[str, Any]:
    """Return the bars, and the nation's prices as lines across them."""
    return {
        "type": "bar", "data": [format(price, "f") for price in prices], "barMaxWidth": 36,
        "itemStyle": {"color": "--primary"},
        "markLine": {
            "symbol": "none", "lineStyle": {"color": "--ink-2", "type": "dashed"},
            "label": {"formatter": "{b} {c}", "position": "insideEndTop", "color": "--ink-2"},
            "data": [{"name": name, "yAxis": format(price, "f")} for name, price in lines],
        },
    }  # fmt: skip
