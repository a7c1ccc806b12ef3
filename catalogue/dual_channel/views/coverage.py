"""Pages of coverage, gaps and use."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from catalogue.dual_channel import exports
from catalogue.dual_channel.models.drugs import ListedDrug
from catalogue.dual_channel.queries import coverage, drugs, prescriptions, regions
from catalogue.dual_channel.queries.coverage import Covered
from kernel.calls import Call
from kernel.clock import today
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Region
from kernel.periods import BEIJING
from kernel.sheets import Sheet
from kernel.web import render

MOST_DRUGS = 14
"""More rows than this make the grid unreadable; the drugs that most districts lack come first."""


def show(call: Call) -> str:
    """Show how many of the drugs on sale each district stocks."""
    region = _region(call)
    found = coverage.covered(call.session, region, today(call.at))
    return render("catalogue/dual_coverage.html", found=found, plot=_grid(found), **_frame(call, region))


def gaps(call: Call) -> str:
    """Show the drugs that no designated pharmacy of a district stocks."""
    region = _region(call)
    return render(
        "catalogue/dual_gaps.html", found=coverage.covered(call.session, region, today(call.at)), **_frame(call, region)
    )


def use(call: Call) -> str:
    """Show what was dispensed this year beside what nobody stocks."""
    region = _region(call)
    rows, selling = _used(call, region)
    year = today(call.at).year
    return render("catalogue/dual_use.html", rows=rows, drugs=selling, year=year, **_frame(call, region))


def _used(call: Call, region: Region) -> tuple[list[prescriptions.Use], dict[str, ListedDrug]]:
    day = today(call.at)
    since = datetime(day.year, 1, 1, tzinfo=BEIJING)
    upward = regions.upward(call.session, region.code)
    rows = prescriptions.use(call.session, call.actor, {*regions.below(call.session, region.code), *upward}, since)
    return rows, drugs.on_sale(call.session, upward, day)


def gap_table(call: Call) -> Sheet:
    """Return the table of gaps."""
    return exports.gap_sheet(coverage.covered(call.session, _region(call), today(call.at)), today(call.at))


def use_table(call: Call) -> Sheet:
    """Return the table of use."""
    return exports.use_sheet(*_used(call, _region(call)))


def table(call: Call) -> Sheet:
    """Return the table of districts and drugs."""
    return exports.coverage_sheet(coverage.covered(call.session, _region(call), today(call.at)))


def _region(call: Call) -> Region:
    """The region asked for; a pharmacy's own district where it asks for none."""
    asked = call.args.get("region", "")
    if not asked and call.actor.organisation_kind is OrganisationKind.PHARMACY and call.actor.region:
        asked = call.actor.region
    return regions.chosen(call.session, asked, call.actor)


def _frame(call: Call, region: Region) -> dict[str, Any]:
    offered = {each.code: each.name for each in (*regions.offered(call.session), region)}
    return {"region": region, "regions": sorted(offered.items()), "day": today(call.at)}


def _grid(found: Covered) -> dict[str, Any] | None:
    """The heat grid: districts across, drugs down, the widest gaps on top; the number is that of pharmacies."""
    if not found.drugs:
        return None
    lacking = {drug.drug_key: len(where) for drug, where in found.gaps}
    keys = sorted(found.drugs, key=lambda key: (-lacking.get(key, 0), found.drugs[key].entry.name))[:MOST_DRUGS][::-1]
    cells = [[x, y, row.by_drug.get(key, 0)] for x, row in enumerate(found.rows) for y, key in enumerate(keys)]
    label = {"color": "--muted", "fontSize": 12}
    return {
        "grid": {"left": 8, "right": 8, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": [found.districts[row.district] for row in found.rows], "axisLabel": label,
                  "axisLine": {"show": False}, "axisTick": {"show": False}},
        "yAxis": {"type": "category", "data": [_short(found.drugs[key].entry.name) for key in keys],
                  "axisLabel": label, "axisLine": {"show": False}, "axisTick": {"show": False}},
        "visualMap": {"type": "piecewise", "show": False, "pieces": [
            {"value": 0, "color": "--bad-soft"}, {"value": 1, "color": "--primary-soft"},
            {"min": 2, "color": "--track"},
        ]},
        "series": [{"type": "heatmap", "data": cells, "label": {"show": True, "color": "--ink"},
                    "itemStyle": {"borderColor": "--surface", "borderWidth": 2}}],
    }  # fmt: skip


def _short(name: str) -> str:
    return name if len(name) <= 14 else f"{name[:13]}…"
