"""Indices for everybody; items, spending and savings for those who may see amounts."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from catalogue.drugs.rules.codes import VarietyKind
from catalogue.editions.queries.classes import names as class_names
from kernel.calls import Call
from kernel.clock import today
from kernel.i18n import _, label
from kernel.parties import regions
from kernel.web import page_number, render
from pricing.monitoring import labels
from pricing.monitoring.flow import Ground, Split, Step
from pricing.monitoring.queries import sums
from pricing.monitoring.queries.asked import Asked, read, split_of, within
from pricing.monitoring.savings import queries as savings
from pricing.monitoring.views import plots

SIZE = 50


def index(call: Call) -> str:
    """Show the indices of the periods asked for, and the last one of each part of a split."""
    asked, by = read(call.args, call.at), split_of(call.args)
    found = sums.series(sums.amounts(call.session, asked)[""], asked)
    return render(
        "pricing/monitoring.html", **_filters(call, asked), found=found, plot=plots.lines(found), by=by,
        rows=sums.rows(call.session, asked, by), splits=list(Split),
    )  # fmt: skip


def items(call: Call) -> str:
    """Show the items that the last figure compares: a company its own."""
    asked = within(read(call.args, call.at), call.actor)
    rows, number = sums.items(call.session, asked), page_number()
    found = sums.series(sums.amounts(call.session, asked)[""], asked)[-1]
    pages = max(1, -(-len(rows) // SIZE))
    number = min(number, pages)
    return render(
        "pricing/monitoring_items.html", **_filters(call, asked), rows=rows[(number - 1) * SIZE : number * SIZE],
        total=len(rows), number=number, pages=pages, size=SIZE, found=found,
    )  # fmt: skip


def spending(call: Call) -> str:
    """Show what was spent by month on drugs and consumables, and on what ground."""
    asked = within(read(call.args, call.at), call.actor)
    spent = sums.spending(call.session, asked)
    both: dict[tuple[date, Ground], Decimal] = defaultdict(Decimal)
    goods_of: dict[tuple[date, VarietyKind], Decimal] = defaultdict(Decimal)
    for (month, goods, ground), amount in spent.items():
        both[month, Ground(ground)] += amount
        goods_of[month, goods] += amount
    return render(
        "pricing/monitoring_spending.html", **_filters(call, asked), both=both, goods_of=goods_of,
        plot=plots.bars(asked.months, both), kinds=list(VarietyKind), months=asked.months,
        grounds=[ground for ground in Ground if any(key[1] is ground for key in both)],
    )  # fmt: skip


def saved(call: Call) -> str:
    """Show savings with all that they rest on."""
    asked = within(read(call.args, call.at), call.actor)
    return render(
        "pricing/monitoring_savings.html", **_filters(call, asked), rows=savings.stated(call.session, asked),
        formulas=labels.FORMULAS, baselines=labels.BASELINES, volumes=labels.VOLUMES,
    )  # fmt: skip


def _filters(call: Call, asked: Asked) -> dict[str, Any]:
    """Return what every page of monitoring shows above its figures."""
    classes, places = class_names(call.session, today(call.at)), regions.by_code(call.session)
    held = sums.choices(call.session, asked)

    def name(by: str, value: str) -> str:
        return named(Split(by), value, classes, {code: one.name for code, one in places.items()})

    return {
        "asked": asked, "named": name, "as_of": sums.as_of(call.session, call.at),
        "steps": [(one.value, label(one)) for one in Step], "methods": [("fixed", _("Fixed base")),
                                                                       ("chained", _("Chained"))],
        "goods": [(one.value, label(one)) for one in VarietyKind],
        "choices": {by: [(value, name(by, value)) for value in values if value] for by, values in held.items()},
    }  # fmt: skip


def named(by: Split, value: str, classes: dict[str, str], places: dict[str, str]) -> str:
    """Name a part of a split."""
    if by is Split.GOODS:
        return str(label(VarietyKind(value)))
    if by is Split.SOURCE:
        ground, _slash, code = value.partition("/")
        return code or str(label(Ground(ground)))
    if by is Split.GRADE and value == "-":
        return str(_("Grade not said"))
    if by is Split.CLASS and not value:
        return str(_("In no class"))
    return {Split.CLASS: classes, Split.REGION: places}.get(by, {}).get(value, value)
