"""The two acts of those who take part of their own accord."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.i18n import _
from kernel.web import flash_done, redirect_to
from procurement.demand.joining import services


def join(call: Call, call_id: int) -> Response:
    """Join a collection, and go on to the report."""
    services.join(call.session, call_id=call_id, actor=call.actor, at=call.at)
    flash_done(_("You take part in this collection. Fill in the report and submit it before the deadline."))
    return redirect_to("procurement.demand_report", call_id=call_id)


def leave(call: Call, call_id: int) -> Response:
    """Leave a collection."""
    services.leave(call.session, call_id=call_id, actor=call.actor, at=call.at)
    flash_done(_("You take no part in this collection any more."))
    return redirect_to("procurement.demand_call", call_id=call_id)
