"""Pages of the figures and of a year's targets; what they show stands in the address."""

from __future__ import annotations

from typing import Any

from kernel.calls import Call
from kernel.clock import beijing, today
from kernel.i18n import _, label
from kernel.parties import regions
from kernel.web import render
from procurement.orders.figures.flow import FigureCode, Level
from procurement.orders.figures.labels import MEANINGS
from procurement.orders.figures.queries import board, sums, targets
from procurement.orders.figures.rules import Target, payment_final, periods
from procurement.orders.flow import OrderKind
from procurement.orders.rules import ZERO

AXIS = {"axisLabel": {"color": "--muted"}, "splitLine": {"lineStyle": {"color": "--line"}}}
LINES = ((FigureCode.RESPONSE, "--primary"), (FigureCode.TIMELINESS, "--warn"), (FigureCode.COMPLETION, "--good"))
SHOWN = 100


def index(call: Call) -> str:
    """Show the figures of a period, the twelve months before its end, and who stands behind them."""
    asked = sums.asked(call.args, call.at)
    view = board.view(call.session, call.actor, asked, call.at)
    splits = sums.parties_of(call.actor, asked)
    wanted = call.args.get("by", "")
    by = Level(wanted) if wanted in splits else next(iter(splits), None)
    sort = call.args.get("sort", "")
    rows, total = board.parties(call.session, call.actor, asked, call.at, by, sort, SHOWN) if by else ([], 0)
    return render(
        "procurement/figures.html", asked=asked, view=view, meanings=MEANINGS, by=by, splits=splits, rows=rows,
        total=total, plot=_plot(view), periods=[(text, text) for text in periods(today(call.at))],
        regions=_regions(call), kinds=[(kind.value, label(kind)) for kind in OrderKind], codes=board.COLUMNS,
        lines=[code for code, _colour in LINES], final=payment_final(asked.span, today(call.at)), as_of=call.at,
    )  # fmt: skip


def targets_board(call: Call) -> str:
    """Show what was reached of a year's targets, in all regions or one, and in each."""
    year, region = targets.year_of(call.args.get("year", ""), beijing(call.at)), call.args.get("region", "")[:6]
    each = targets.boards(call.session, call.actor, year, region)
    shown = each.pop("")
    known = regions.by_code(call.session)
    return render(
        "procurement/targets.html", year=year, region=known.get(region), targets=shown, plot=_met(shown),
        each=[(known[code], found) for code, found in each.items() if code in known], as_of=call.at,
        years=[(str(one), str(one)) for one in range(year + 1, year - 4, -1)], regions=_regions(call),
    )  # fmt: skip


def _regions(call: Call) -> list[tuple[str, str]]:
    return targets.regions(call.session) if call.actor.runs_platform else []


def _plot(view: board.View) -> dict[str, Any]:
    """Return the three rates by month, in percent."""
    shares = [{one.code: one.value for one in month} for _start, month in view.months]
    return {
        "grid": {"left": 8, "right": 16, "top": 36, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "textStyle": {"color": "--ink-2"}},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [f"{start:%Y-%m}" for start, _month in view.months], **AXIS},
        "yAxis": {"type": "value", "max": 100, "min": 0, **AXIS},
        "series": [
            {
                "type": "line", "name": str(label(code)), "itemStyle": {"color": colour},
                "lineStyle": {"color": colour},
                "data": [None if one[code] is None else f"{(one[code] or ZERO) * 100:.1f}" for one in shares],
            }
            for code, colour in LINES
        ],
    }  # fmt: skip


def _met(shown: tuple[Target, ...]) -> dict[str, Any] | None:
    """Return how much of each known target was reached, in percent of it; nothing where none is known."""
    known = [
        (one, one.reached / one.wanted.value * 100) for one in shown if one.met is not None and one.reached is not None
    ]
    if not known:
        return None
    return {
        "grid": {"left": 8, "right": 48, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "min": 0, **AXIS},
        "yAxis": {
            "type": "category", "inverse": True, "data": [str(label(one.code)) for one, _share in known],
            "axisLabel": {"color": "--ink-2", "width": 150, "overflow": "break"},
        },
        "series": [
            {
                "type": "bar", "data": [f"{share:.1f}" for _one, share in known], "itemStyle": {"color": "--primary"},
                "barMaxWidth": 18, "name": _("Per cent of the target"),
                "markLine": {"symbol": "none", "data": [{"xAxis": 100}], "lineStyle": {"color": "--bad"}},
            }
        ],
    }  # fmt: skip
