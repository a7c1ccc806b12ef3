"""The board of agreed volumes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kernel.calls import Call
from kernel.clock import today
from kernel.i18n import _
from kernel.paging import Page
from kernel.web import page_number, render
from procurement.agreements.boards import queries
from procurement.agreements.boards.flow import Scope
from procurement.agreements.boards.queries import Row

SIZE = 50
AXIS: dict[str, Any] = {"axisLabel": {"color": "--muted"}, "axisLine": {"lineStyle": {"color": "--line"}},
                        "splitLine": {"lineStyle": {"color": "--line"}}}  # fmt: skip


def show(call: Call) -> str:
    """Show progress against the year by region, hospital, variety or supplier, as the address asks."""
    asked = asked_for(call.args, today(call.at).year)
    board = queries.board(
        call.session, call.actor, **asked, day=today(call.at), sort=call.args.get("sort", ""), number=page_number(),
        size=SIZE,
    )  # fmt: skip
    years = sorted({*board.years, asked["year"]}, reverse=True)
    page = Page(board.rows, board.count, board.number, SIZE)
    return render(
        "procurement/progress.html", list=page, scope=asked["scope"], scopes=list(Scope), year=asked["year"],
        years=[(one, str(one)) for one in years], at=board.at, total=board.total, plot=_plot(board.largest),
        everybody=call.actor.runs_platform,
    )  # fmt: skip


def asked_for(args: Mapping[str, str], this_year: int) -> dict[str, Any]:
    """Return what the address asks for: by what, and the year in which agreements began."""
    scope, year = args.get("by", ""), args.get("year", "")
    return {
        "scope": Scope(scope) if scope in set(Scope) else Scope.VARIETY,
        "year": int(year) if year.isdecimal() and len(year) == 4 else this_year,
    }


def _plot(drawn: Sequence[Row]) -> dict[str, Any] | None:
    """Return the largest rows' progress beside what the elapsed year asks for, in percent."""
    if not drawn:
        return None

    def percent(name: str) -> list[str]:
        return [f"{(getattr(row.sums, name) or 0) * 100:.1f}" for row in drawn]

    return {
        "grid": {"left": 8, "right": 24, "top": 36, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "textStyle": {"color": "--ink-2"}},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "value", "min": 0, **AXIS},
        "yAxis": {"type": "category", "inverse": True, "data": [row.name for row in drawn],
                  "axisLabel": {"color": "--ink-2", "width": 130, "overflow": "truncate"}},
        "series": [
            {"type": "bar", "name": _("Bought"), "data": percent("done"), "itemStyle": {"color": "--primary"},
             "barMaxWidth": 14},
            {"type": "scatter", "name": _("Asked for by the elapsed year"), "data": percent("gone"),
             "symbol": "rect", "symbolSize": [3, 18], "itemStyle": {"color": "--ink"}},
        ],
    }  # fmt: skip
