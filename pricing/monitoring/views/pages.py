"""Indices for everybody; items, spending and savings for those who may see amounts."""

from __future__ import annotations

from typing import Any

from catalogue.drugs.rules.codes import VarietyKind
from kernel.calls import Call
from kernel.panels import panels
from kernel.web import render
from pricing.monitoring import labels
from pricing.monitoring.queries import sums
from pricing.monitoring.queries.asked import Asked, read, split_of, within
from pricing.monitoring.savings import queries as savings
from pricing.monitoring.spending import queries as spent
from pricing.monitoring.spending.rules import grounds
from pricing.monitoring.views import plots
from pricing.monitoring.views.frame import EVERYBODYS, frame, turned


def index(call: Call) -> str:
    """Show the indices of the periods asked for, and the last one of each part of a split."""
    asked, by = read(call.args, call.at), split_of(call.args, EVERYBODYS.splits)
    found = sums.series(sums.amounts(call.session, asked)[""], asked)
    return render(
        "pricing/monitoring.html", **_around(call, asked), found=found, plot=plots.lines(found), by=by,
        rows=sums.rows(call.session, asked, by),
    )  # fmt: skip


def items(call: Call) -> str:
    """Show the items that the last figure compares: a company its own."""
    asked = within(read(call.args, call.at), call.actor)
    found = sums.series(sums.amounts(call.session, asked)[""], asked)[-1]
    rows = turned(sums.items(call.session, asked))
    return render("pricing/monitoring_items.html", **_around(call, asked), **rows, found=found)


def spending(call: Call) -> str:
    """Show what was spent by month on drugs and consumables, and on what ground."""
    asked = within(read(call.args, call.at), call.actor)
    rows = spent.spending(call.session, asked)
    return render(
        "pricing/monitoring_spending.html", **_around(call, asked), rows=rows, plot=plots.bars(rows),
        kinds=list(VarietyKind), grounds=grounds(rows), classes=[],
        panels=panels(call.session, "pricing.monitoring_spending", asked, actor=call.actor, at=call.at),
    )  # fmt: skip


def saved(call: Call) -> str:
    """Show savings with all that they rest on."""
    asked = within(read(call.args, call.at), call.actor)
    return render(
        "pricing/monitoring_savings.html", **_around(call, asked), rows=savings.stated(call.session, asked),
        formulas=labels.FORMULAS, baselines=labels.BASELINES, volumes=labels.VOLUMES,
    )  # fmt: skip


def _around(call: Call, asked: Asked) -> dict[str, Any]:
    return frame(call, EVERYBODYS, asked, sums.choices(call.session, asked), sums.as_of(call.session, call.at))
