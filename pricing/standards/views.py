"""The calculator of payment standards, open to everybody: its question stands in the address."""

from __future__ import annotations

from typing import Any

from kernel.calls import Call
from kernel.errors import DomainError, Unreadable
from kernel.i18n import _
from kernel.problems import sentence
from kernel.web import render
from pricing.standards import rules
from pricing.standards.labels import shown_steps
from pricing.standards.schemas import Year, by_year, read


def calculator(call: Call) -> str:
    """Derive the standard of every year and show every step."""
    given = call.args.to_dict()
    years, errors, case = list[Year](), dict[str, str](), None
    if given.get("price") is not None:
        try:
            case = read({**given, "year": None})
            years = by_year(case)
        except Unreadable as refusal:
            errors = {name: sentence(each) for name, each in refusal.fields}
        except DomainError as refusal:
            errors = {"start": sentence(refusal)}
    return render(
        "pricing/standard.html", values=given, errors=errors, years=years, case=case, since=rules.SINCE,
        steps=[(each.year, shown_steps(each.working.steps)) for each in years], plot=_plot(years) if years else None,
        even=len({each.working.value for each in years}) == 1, source=rules.schedule().source,
        decimals=rules.decimals(case) if case else 2,
    )  # fmt: skip


def _plot(years: list[Year]) -> dict[str, Any]:
    """Return what insurance and patient pay of the price, a column a year."""
    parts = (
        (_("Payment standard"), "--primary", [format(each.working.value, "f") for each in years]),
        (_("Paid by the patient above it"), "--line-2", [format(each.own, "f") for each in years]),
    )
    return {
        "grid": {"left": 8, "right": 16, "top": 36, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "textStyle": {"color": "--ink-2"}},
        "tooltip": {"trigger": "axis"},
        "xAxis": {
            "type": "category", "data": [_("Year %(number)s", number=each.year) for each in years],
            "axisLabel": {"color": "--muted"},
        },
        "yAxis": {"type": "value", "axisLabel": {"color": "--muted"}, "splitLine": {"lineStyle": {"color": "--line"}}},
        "series": [
            {"type": "bar", "name": name, "stack": "all", "data": data, "barMaxWidth": 56, "itemStyle": {"color": look}}
            for name, look, data in parts
        ],
    }  # fmt: skip
