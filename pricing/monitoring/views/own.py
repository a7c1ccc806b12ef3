"""What a hospital or a pharmacy bought itself: its own indices, items, spending and savings."""

from __future__ import annotations

from typing import Any

from catalogue.drugs.rules.codes import VarietyKind
from kernel.calls import Call
from kernel.panels import panels
from kernel.web import render
from pricing.monitoring import labels
from pricing.monitoring.flow import Split
from pricing.monitoring.queries import own, sums
from pricing.monitoring.queries.asked import read, split_of
from pricing.monitoring.savings import queries as savings
from pricing.monitoring.spending.rules import grounds
from pricing.monitoring.views import plots
from pricing.monitoring.views.frame import OWN, frame, turned


def index(call: Call) -> str:
    """Show the indices of the own purchases, and the last one of each part of a split."""
    bought, by = _bought(call), split_of(call.args, OWN.splits)
    found = sums.series(bought.amounts()[""], bought.asked)
    return render(
        "pricing/monitoring.html", **_around(call, bought), found=found, plot=plots.lines(found), by=by,
        rows=sums.ranked(bought.amounts(by), bought.asked),
    )  # fmt: skip


def items(call: Call) -> str:
    """Show the items that the last figure compares."""
    bought = _bought(call)
    held = bought.amounts()[""]
    rows = turned(sums.compared(held, bought.asked, own.named(call.session, bought, sums.ends(held, bought.asked))))
    found = sums.series(held, bought.asked)[-1]
    return render("pricing/monitoring_items.html", **_around(call, bought), **rows, found=found)


def spending(call: Call) -> str:
    """Show what was spent in each period on drugs and consumables, on what ground, and on which classes."""
    bought = _bought(call)
    rows = bought.spending()
    return render(
        "pricing/monitoring_spending.html", **_around(call, bought), rows=rows, plot=plots.bars(rows),
        kinds=list(VarietyKind), grounds=grounds(rows), classes=bought.by_class(),
        panels=panels(call.session, "pricing.monitoring_spending", bought.asked, actor=call.actor, at=call.at),
    )  # fmt: skip


def saved(call: Call) -> str:
    """Show savings with all that they rest on."""
    bought = _bought(call)
    rows = savings.of(call.session, bought.asked, bought.amounts(Split.SOURCE), bought.makers)
    return render(
        "pricing/monitoring_savings.html", **_around(call, bought), rows=rows, formulas=labels.FORMULAS,
        baselines=labels.BASELINES, volumes=labels.VOLUMES,
    )  # fmt: skip


def _bought(call: Call) -> own.Own:
    return own.bought(call.session, call.actor, read(call.args, call.at))


def _around(call: Call, bought: own.Own) -> dict[str, Any]:
    return frame(call, OWN, bought.asked, bought.choices(), call.at)
