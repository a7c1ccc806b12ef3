"""The board's plots as plain data, and its tables as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from kernel.i18n import _, label
from kernel.money import round_ratio
from kernel.sheets import Sheet
from procurement.demand.board.queries import Overview, region_name
from procurement.demand.models import Call

MOST = 16
SMALL = {"color": "--muted", "fontSize": 12}
QUIET = {"axisLine": {"show": False}, "axisTick": {"show": False}, "axisLabel": SMALL}
KEY = {"top": 0, "left": 0, "textStyle": {"color": "--ink-2", "fontSize": 12}, "itemWidth": 12, "itemHeight": 8}


def days_plot(view: Overview, call: Call) -> dict[str, Any]:
    """Reports handed in and accepted so far, day by day until the deadline; the dashed line is all of them."""
    days = [f"{day:%m-%d}" for day, _handed, _taken in view.days]
    lines = ((_("Handed in"), "--primary", [row[1] for row in view.days]),
             (_("Accepted"), "--good", [row[2] for row in view.days]))  # fmt: skip
    series: list[dict[str, Any]] = [
        {"type": "line", "name": name, "data": values, "step": "end", "showSymbol": False,
         "lineStyle": {"color": colour, "width": 2}, "itemStyle": {"color": colour}}
        for name, colour, values in lines
    ]  # fmt: skip
    series[0]["markLine"] = {
        "symbol": "none", "silent": True, "lineStyle": {"color": "--muted", "type": "dashed"},
        "label": {"color": "--muted", "fontSize": 12, "position": "insideEndTop", "formatter": _("all {c}")},
        "data": [{"yAxis": len(view.rows)}],
    }  # fmt: skip
    return {
        "legend": KEY, "grid": {"left": 8, "right": 24, "top": 32, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": days, "boundaryGap": False, **QUIET},
        "yAxis": {"type": "value", "minInterval": 1, "max": len(view.rows) or 1, "axisLabel": SMALL,
                  "splitLine": {"lineStyle": {"color": "--line"}}},
        "series": series,
    }  # fmt: skip


def region_plot(view: Overview) -> dict[str, Any]:
    """Reports by region and state, the least complete region on top."""
    rows = view.regions[:MOST][::-1]
    parts = ((_("Accepted"), "--primary", [row.accepted for row in rows]),
             (_("To review"), "--warn", [row.submitted for row in rows]),
             (_("Returned"), "--sealed", [row.returned for row in rows]),
             (_("Not handed in"), "--control", [row.open for row in rows]))  # fmt: skip
    return {
        "legend": KEY, "grid": {"left": 8, "right": 16, "top": 32, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "none"}},
        "xAxis": {"type": "value", "minInterval": 1, "axisLabel": SMALL,
                  "splitLine": {"lineStyle": {"color": "--line"}}},
        "yAxis": {"type": "category", "data": [row.region or _("no region") for row in rows], **QUIET},
        "series": [
            {"type": "bar", "stack": "all", "name": name, "data": values, "barMaxWidth": 20,
             "itemStyle": {"color": colour}}
            for name, colour, values in parts
        ],
    }  # fmt: skip


def lot_plot(view: Overview) -> dict[str, Any]:
    """Demand as a share of last year's use by variety, odd ones on top; the dashed line is last year."""
    known = [row for row in view.varieties if row.progress.share is not None][:MOST][::-1]
    bars = [
        {"value": str(round_ratio((row.progress.share or Decimal(0)) * 100).quantize(1)),
         "itemStyle": {"color": "--warn" if row.odd else "--primary"}}
        for row in known
    ]  # fmt: skip
    last = {"symbol": "none", "silent": True, "lineStyle": {"color": "--muted", "type": "dashed"},
            "label": {"show": False}, "data": [{"xAxis": 100}]}  # fmt: skip
    return {
        "grid": {"left": 8, "right": 48, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "axisLabel": {**SMALL, "formatter": "{value} %"},
                  "splitLine": {"lineStyle": {"color": "--line"}}},
        "yAxis": {"type": "category", "data": [_short(row.progress.lot.variety.name) for row in known], **QUIET},
        "series": [{"type": "bar", "data": bars, "barMaxWidth": 16, "markLine": last,
                    "label": {"show": True, "position": "right", "color": "--ink", "formatter": "{c} %"}}],
    }  # fmt: skip


def heat_plot(view: Overview) -> dict[str, Any] | None:
    """Odd reports by region and variety, the varieties with most of them on top; None where nothing is odd."""
    regions = [row.region for row in view.regions if row.odd][:MOST]
    lots = [row.progress.lot for row in view.varieties if row.odd][:MOST][::-1]
    if not regions or not lots:
        return None
    odd = view.odd_cells
    cells = [[x, y, odd[region, lot.id]] for x, region in enumerate(regions) for y, lot in enumerate(lots)]
    return {
        "grid": {"left": 8, "right": 8, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": [one or _("no region") for one in regions], **QUIET},
        "yAxis": {"type": "category", "data": [_short(lot.variety.name) for lot in lots], **QUIET},
        "visualMap": {"type": "piecewise", "show": False, "pieces": [
            {"value": 0, "color": "--surface"}, {"value": 1, "color": "--warn-soft"}, {"min": 2, "color": "--warn"},
        ]},
        "series": [{"type": "heatmap", "data": cells, "label": {"show": True, "color": "--ink"},
                    "itemStyle": {"borderColor": "--line", "borderWidth": 1}}],
    }  # fmt: skip


def _short(name: str) -> str:
    return name if len(name) <= 14 else f"{name[:13]}…"


def sheets(view: Overview) -> list[Sheet]:
    """The board as a workbook: reports, regions, varieties."""
    return [_reports(view), _regions(view), _varieties(view)]


def _reports(view: Overview) -> Sheet:
    headers = (
        _("Unified social credit code"), _("Organisation"), _("Region"), _("Joined"), _("State"), _("Submitted"),
        _("Lots filled in"), _("Odd lines"), _("Late"),
    )  # fmt: skip
    rows = [
        (
            row.hospital.code, row.hospital.name, region_name(row.hospital) or None,
            row.joined.joined_at if row.joined else None,
            label(row.report.state) if row.report else _("Not begun"), row.report.submitted_at if row.report else None,
            row.lots, row.odd, _("yes") if row.hospital.id in view.late else None,
        )
        for row in view.rows
    ]  # fmt: skip
    return Sheet(_("Reports"), headers, rows)


def _regions(view: Overview) -> Sheet:
    headers = (
        _("Region"), _("Accepted"), _("To review"), _("Returned"), _("Not handed in"), _("All"), _("Late"),
        _("With odd lines"),
    )  # fmt: skip
    rows: Sequence[Any] = [
        (
            row.region or _("no region"),
            row.accepted,
            row.submitted,
            row.returned,
            row.open,
            row.total,
            row.late,
            row.odd,
        )
        for row in view.regions
    ]
    return Sheet(_("Regions"), headers, rows)


def _varieties(view: Overview) -> Sheet:
    headers = (
        _("Lot"), _("Variety number"), _("Variety"), _("Used last year"), _("Demand"), _("joined of their own accord"),
        _("Reports below the floor"), _("Doubtful reports"),
    )  # fmt: skip
    rows = [
        (
            row.progress.lot.number, row.progress.lot.variety.code, row.progress.lot.variety.name,
            row.progress.last_year, row.progress.reported, row.progress.by_joined, row.below, row.doubtful,
        )
        for row in view.varieties
    ]  # fmt: skip
    return Sheet(_("Varieties"), headers, rows)
