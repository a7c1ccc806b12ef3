"""Pages of the green channel: emergency purchases with their hour to be filed, and the filing of one."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.errors import NotFound
from kernel.files import queries as files
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.sending import attachment
from kernel.web import flash_done, paginate, redirect_to, render
from procurement.orders.rules import policy
from procurement.orders.services.channel import DEAD
from procurement.supply.channel import queries, services
from procurement.supply.channel.flow import FilingState, standing


def index(call: Call) -> str:
    """List emergency purchases, what is to be filed first."""
    found = paginate(call.session, queries.listing(call.actor, **queries.asked(call.args, call.at)))
    return render(
        "procurement/emergencies.html", list=found, at=call.at, states=tuple(FilingState), standing=standing,
        counts=queries.counts(call.session, call.actor, call.at),
        share=queries.share(call.session, call.actor, call.at), cap=policy(call.actor.region).get("emergency.share"),
    )  # fmt: skip


def show(call: Call, order_id: int) -> str:
    """Show an emergency purchase and its filing."""
    order = queries.one(call.session, order_id, call.actor)
    made = queries.filing(call.session, order.id)
    state = standing(order.file_by or call.at, order.filed_at, call.at)
    own = call.actor.organisation_id == order.hospital_id and call.actor.may(P.EMERGENCY_FILE)
    return render(
        "procurement/emergency.html", order=order, filing=made, state=state, errors=mistakes(call.error),
        values=call.form, files=own and order.state not in DEAD and state is not FilingState.FILED,
        papers=files.of_parent(call.session, "emergency_filing", made.id) if made else [],
    )  # fmt: skip


def file(call: Call, order_id: int) -> Response:
    """File an emergency purchase."""
    papers = [
        services.Paper(one.filename or "", one.stream.read()) for one in call.files.getlist("papers") if one.filename
    ]
    services.file(
        call.session, order_id=order_id, ground=call.form.get("ground", "")[:400],
        document=call.form.get("document", "")[:120], papers=papers, actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The emergency purchase is filed."))
    return redirect_to("procurement.emergency", order_id=order_id)


def paper(call: Call, order_id: int, file_id: int) -> Response:
    """Give out a paper of a filing."""
    made = queries.filing(call.session, queries.one(call.session, order_id, call.actor).id)
    if made is None:
        raise NotFound(file=file_id)
    return attachment(files.one(call.session, file_id, parent_kind="emergency_filing", parent_id=made.id))
