"""The locked base as a page and as a workbook."""

from __future__ import annotations

import io

from flask import send_file
from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.i18n import _
from kernel.identity import record_id
from kernel.sheets import XLSX, xlsx
from kernel.web import render
from procurement.demand import exports
from procurement.demand.flow import settled
from procurement.demand.queries import base, board, calls


def show(call: Call, call_id: int) -> str:
    """Show the base by lot and region; lot and region filters stand in the address."""
    found = calls.one_whole(call.session, call_id, call.actor)
    lines = base.detail(call.session, call_id)
    lot, region = call.args.get("lot", type=record_id), call.args.get("region", "")
    lots = sorted({(line.lot.number, line.lot.variety.name) for line in lines})
    kept = [line for line in lines if lot in (None, line.lot.number) and region in ("", line.region.code)]
    return render(
        "procurement/demand_base.html", found=found, state=settled(found.state, found.deadline, call.at), lines=kept,
        named=[(number, f"{number}. {name}") for number, name in lots],
        regions=sorted({(line.region.code, line.region.name) for line in lines}),
        progress=board.lot_progress(call.session, call=found), totals=base.lot_totals(call.session, call_id),
        retail=base.joined_totals(call.session, call_id),
        by_region=base.region_totals(call.session, call_id),
    )  # fmt: skip


def export(call: Call, call_id: int) -> Response:
    """Give the base out as a workbook."""
    found = calls.one_whole(call.session, call_id, call.actor)
    book = xlsx(exports.base_sheets(call.session, found))
    name = _("%(code)s base.xlsx", code=found.code)
    return send_file(io.BytesIO(book), mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)
