"""A company's page of declarations, and its check list of documents."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.errors import FileRefused
from kernel.i18n import _
from kernel.identity import record_id
from kernel.problems import sentence
from kernel.web import flash_done, redirect_to, render
from procurement.bids import queries
from procurement.bids.declarations import queries as declarations
from procurement.bids.declarations import services
from procurement.bids.eligibility import queries as eligibility
from procurement.bids.flow import settled
from procurement.bids.models import Box


def show(call: Call, box_id: int) -> str:
    """Show for which lots the company has declared, with boxes to declare for several at once."""
    found = queries.box(call.session, box_id, call.actor)
    chosen = {record_id(each) for each in (call.form or call.args).getlist("lot")}
    return render(
        "procurement/bid_declarations.html", declared=declarations.own(call.session, box_id, call.actor),
        acts=declarations.acts(call.session, box_id, call.actor), chosen=chosen, errors=_errors(call),
        **frame(call, found),
    )  # fmt: skip


def documents(call: Call, box_id: int) -> str:
    """Show what the round asks for and what the company's files say to it, lot by lot."""
    found = queries.box(call.session, box_id, call.actor)
    return render("procurement/bid_documents.html", **frame(call, found))


def frame(call: Call, found: Box) -> dict[str, Any]:
    """Return what the pages of a box share: the company's lots, and how its files stand."""
    lots = [lot for lot in queries.offer(call.session, found, call.actor.organisation_id) if lot.own]
    approvals = eligibility.subjects(lots)
    return {
        "box": found, "lots": lots, "state": settled(found.state, found.deadline, call.at), "at": call.at,
        "receiving": queries.is_receiving(found, call.at), "bids": queries.own_bids(call.session, found.id, call.actor),
        "standing": eligibility.standing(call.session, found, call.actor.organisation_id or 0, approvals),
    }  # fmt: skip


def declare(call: Call, box_id: int) -> Response:
    """Declare for the chosen lots."""
    made = services.declare(call.session, box_id=box_id, lot_ids=_chosen(call), actor=call.actor)
    flash_done(_("Declared for %(count)s lots. Number %(receipt)s", count=len(made.lots), receipt=made.receipt))
    return redirect_to("procurement.bid_declarations", box_id=box_id)


def take_back(call: Call, box_id: int) -> Response:
    """Take the chosen declarations back."""
    made = services.take_back(call.session, box_id=box_id, lot_ids=_chosen(call), actor=call.actor)
    count = len(made.lots)
    flash_done(_("Taken back for %(count)s lots. Number %(receipt)s", count=count, receipt=made.receipt))
    return redirect_to("procurement.bid_declarations", box_id=box_id)


def _chosen(call: Call) -> list[int]:
    return [record_id(each) or 0 for each in call.form.getlist("lot")]


def _errors(call: Call) -> dict[str, str]:
    """Return what was refused, all of it at once."""
    if isinstance(call.error, FileRefused):
        return {"": " ".join(sentence(issue) for issue in call.error.issues)}
    return {"": sentence(call.error)} if call.error else {}
