"""Pages of agreements."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.i18n import _
from kernel.periods import Period, last_day
from kernel.routes import Call
from kernel.web import flash_done, paginate, redirect_to, render
from procurement.agreements import queries, services


def index(call: Call) -> str:
    """List the agreements the reader is a party to, or all of them."""
    found = queries.listing(call.actor, **queries.asked(call.args))
    return render(
        "procurement/agreements.html", list=paginate(call.session, found),
        joints=queries.joints(call.session, call.actor),
        last=lambda one: last_day(Period(one.starts, one.ends)),
        rounds=[(one.id, one.title) for one in queries.rounds_with(call.session, call.actor)],
    )  # fmt: skip


def create(call: Call, round_id: int) -> Response:
    """Make the first year's agreements of an awarded round."""
    made = services.create_agreements(call.session, round_id=round_id, actor=call.actor, at=call.at)
    flash_done(_("%(count)s agreements were made.", count=made))
    return redirect_to("procurement.agreements", round=round_id)
