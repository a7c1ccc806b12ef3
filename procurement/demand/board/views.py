"""The agency's board: late, odd, missing; by region and variety; and what it does from there."""

from __future__ import annotations

import io

from flask import send_file
from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.i18n import _, _n
from kernel.sheets import XLSX, xlsx
from kernel.web import flash_done, redirect_to, render
from procurement.demand.board import exports, queries, services
from procurement.demand.board.queries import Overview, region_name
from procurement.demand.board.rules import HANDED_IN
from procurement.demand.flow import OPEN, ReportState, settled
from procurement.demand.queries import calls, lots
from procurement.demand.queries.board import BoardRow

KINDS = ("late", "odd", "missing", "waiting")


def show(call: Call, call_id: int) -> str:
    """Show how the reports stand; region and kind filters stand in the address."""
    found = calls.one_whole(call.session, call_id, call.actor)
    view = queries.overview(call.session, call=found, at=call.at)
    region, kind = call.args.get("region"), call.args.get("kind", "")
    here = [row for row in view.rows if region is None or region_name(row.hospital) == region]
    regions = sorted({(row.hospital.region_code or "", region_name(row.hospital)) for row in view.rows})
    return render(
        "procurement/demand_board.html", found=found, view=view, rows=[row for row in here if _is(row, kind, view)],
        state=settled(found.state, found.deadline, call.at), kinds=KINDS, kind=kind, region=region, regions=regions,
        counts={name: sum(_is(row, name, view) for row in here) for name in KINDS}, total=len(here),
        open=found.state in OPEN, days=exports.days_plot(view, found), by_region=exports.region_plot(view),
        by_lot=exports.lot_plot(view), heat=exports.heat_plot(view),
        clean=sum(_is(row, "waiting", view) and not row.odd for row in here),
        code=next((code for code, name in regions if name == region), None) if region is not None else None,
    )  # fmt: skip


def _is(row: BoardRow, kind: str, view: Overview) -> bool:
    state = row.report.state if row.report else None
    if kind == "late":
        return row.hospital.id in view.late
    if kind == "odd":
        return row.odd > 0
    if kind == "missing":
        return state not in HANDED_IN
    return state is ReportState.SUBMITTED if kind == "waiting" else True


def lot(call: Call, call_id: int, lot_id: int) -> str:
    """Show what each organisation asks of one variety, odd reports first."""
    found = calls.one_whole(call.session, call_id, call.actor)
    one = lots.one_lot(call.session, call_id, lot_id)
    rows = queries.of_lot(call.session, call=found, lot=one)
    return render("procurement/demand_board_lot.html", found=found, lot=one, rows=rows)


def accept(call: Call, call_id: int) -> Response:
    """Accept the reports in which nothing is odd."""
    done = services.accept_clean(
        call.session, call_id=call_id, region=call.form.get("region"), actor=call.actor, at=call.at
    )  # fmt: skip
    said = [_n("%(num)s report was accepted.", "%(num)s reports were accepted.", done.accepted)]
    if done.odd:
        said.append(_n("%(num)s with something odd waits.", "%(num)s with something odd wait.", done.odd))
    if done.own:
        said.append(_("Not by you, who submitted them: %(count)s.", count=done.own))
    flash_done(" ".join(said))
    return redirect_to("procurement.demand_board", call_id=call_id)


def nudge(call: Call, call_id: int) -> Response:
    """Remind those who are missing."""
    count = services.nudge(call.session, call_id=call_id, actor=call.actor, at=call.at)
    flash_done(_n("%(num)s organisation was reminded.", "%(num)s organisations were reminded.", count))
    return redirect_to("procurement.demand_board", call_id=call_id)


def export(call: Call, call_id: int) -> Response:
    """Give the board out as a workbook."""
    found = calls.one_whole(call.session, call_id, call.actor)
    book = xlsx(exports.sheets(queries.overview(call.session, call=found, at=call.at)))
    name = _("%(code)s reports.xlsx", code=found.code)
    return send_file(io.BytesIO(book), mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)
