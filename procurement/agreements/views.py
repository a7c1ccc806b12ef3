"""Pages of agreements."""

from __future__ import annotations

from datetime import date, timedelta

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.clock import today
from kernel.i18n import _
from kernel.web import flash_done, page_number, paginate, redirect_to, render
from procurement.agreements import queries, services
from procurement.agreements.ledger import queries as ledger
from procurement.agreements.ledger.flow import Stage, stages
from procurement.agreements.ledger.rules import elapsed, share
from procurement.agreements.models import Agreement


def last_of(one: Agreement) -> date:
    """Return the last day that belongs to an agreement."""
    return one.ends - timedelta(days=1)


def index(call: Call) -> str:
    """List the agreements the reader is a party to, or all of them."""
    return render(
        "procurement/agreements.html",
        list=queries.page(call.session, call.actor, page_number(), queries.asked(call.args)),
        joints=queries.joints(call.session, call.actor),
        last=last_of,
        rounds=[(one.id, one.title) for one in queries.rounds_with(call.session, call.actor)],
    )  # fmt: skip


def show(call: Call, agreement_id: int) -> str:
    """Show an agreement: how far it is against its year, what stands where, every entry, the prices over the years."""
    one = queries.one(call.session, agreement_id, call.actor)
    day = today(call.at)
    held = ledger.standing(call.session, one)
    return render(
        "procurement/agreement.html", one=one, held=held, list=paginate(call.session, ledger.entries(one), size=20),
        others=queries.visible_of(call.session, one, call.actor), last=last_of(one), last_of=last_of,
        done=share(held.within + held.beyond, one.agreed), gone=elapsed(one.starts, one.ends, day), day=day,
        left=one.agreed - one.used, stages=list(Stage), stage_of=stages,
    )  # fmt: skip


def create(call: Call, round_id: int) -> Response:
    """Make the first year's agreements of an awarded round."""
    made = services.create_agreements(call.session, round_id=round_id, actor=call.actor, at=call.at)
    flash_done(_("%(count)s agreements were made.", count=made))
    return redirect_to("procurement.agreements", round=round_id)
