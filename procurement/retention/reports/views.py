"""The report page: totals by one cut, how hospitals spread, who lies far out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kernel.calls import Call
from kernel.i18n import _
from kernel.paging import Page
from kernel.parties import regions
from kernel.web import page_number, render
from procurement.retention.reports import queries
from procurement.retention.reports.flow import Cut
from procurement.retention.reports.rules import spread
from procurement.retention.views.plots import bars, columns

SIZE = 50
DRAWN = 15


def show(call: Call) -> str:
    """Show the report by the cut and the filter of the address."""
    cut, what = cut_of(call.args), queries.asked(call.args)
    hospitals = queries.rows(call.session, call.actor, Cut.HOSPITAL, what)
    found = hospitals if cut is Cut.HOSPITAL else queries.rows(call.session, call.actor, cut, what)
    number = page_number()
    shares = [one.share for one in hospitals if one.share is not None]
    areas = [(code, one.name) for code, one in sorted(regions.by_code(call.session).items())]
    return render(
        "procurement/retention_report.html", cut=cut, cuts=list(Cut), total=queries.total(found, len(hospitals)),
        list=Page(found[(number - 1) * SIZE : number * SIZE], len(found), number, SIZE), areas=areas,
        rounds=queries.rounds(call.session), states=[("paid", _("Paid out"))], spread=spread(shares),
        outliers=queries.outliers(hospitals), plot=_plot(found), histogram=_histogram(shares),
    )  # fmt: skip


def cut_of(args: Mapping[str, str]) -> Cut:
    """Return the cut that the address asks for."""
    return Cut(args.get("by", "")) if args.get("by") in set(Cut) else Cut.BATCH


def _plot(found: list[queries.Row]) -> dict[str, Any] | None:
    drawn = found[:DRAWN]
    if len(drawn) < 2:
        return None
    series = ((_("Measurement base"), "base", "--line-2"), (_("Retained"), "retained", "--primary"))
    amounts = [(name, colour, [f"{getattr(one, key):.2f}" for one in drawn]) for name, key, colour in series]
    return bars([one.name for one in drawn], amounts)


def _histogram(shares: list[Decimal]) -> dict[str, Any] | None:
    if not shares:
        return None
    found = spread(shares)
    return columns([f"{bound * 100:.0f} %" for bound, _count in found], _("Hospitals"), [count for _b, count in found])
