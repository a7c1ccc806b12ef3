"""A company's pages of bids, and the opening record."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import jsonify
from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.errors import FileRefused
from kernel.i18n import _
from kernel.identity import record_id
from kernel.problems import sentence
from kernel.web import flash_done, redirect_to, render
from procurement.bids import exports, queries, schemas, services
from procurement.bids.boxes import queries as boxes
from procurement.bids.declarations import queries as declarations
from procurement.bids.declarations import views as declaring
from procurement.bids.flow import settled
from procurement.bids.joints import queries as joints
from procurement.bids.joints.flow import settled as joint_state
from procurement.bids.queries import OfferLot
from procurement.bids.receipts import queries as receipts
from procurement.dossiers.flow import DocumentKind, Why


def index(call: Call) -> str:
    """List the rounds in which the company has products or has bid."""
    found = boxes.company_boxes(call.session, call.actor)
    return render("procurement/bid_index.html", boxes=found, at=call.at, settled=settled)


def box(call: Call, box_id: int) -> str:
    """Show the company's own bids of a round: states, prices, receipts, and what can be done until the deadline."""
    found = queries.box(call.session, box_id, call.actor)
    return render(
        "procurement/bid_box.html", box=found, bids=queries.my_bids(call.session, found, call.actor), at=call.at,
        state=settled(found.state, found.deadline, call.at), receiving=queries.is_receiving(found, call.at),
        history=receipts.of_box(call.session, box_id, call.actor),
        bonds=joints.bonds(call.session, box_id, call.actor.organisation_id),
        joints=joints.own(call.session, box_id, call.actor), joint_state=joint_state,
        declared=declarations.own(call.session, box_id, call.actor),
        standing=declaring.frame(call, found)["standing"],
    )  # fmt: skip


def lot(call: Call, box_id: int, lot_id: int) -> str:
    """Show the bid form of one lot, with what was refused beside its field."""
    found = queries.box(call.session, box_id, call.actor)
    bids = queries.my_bids(call.session, found, call.actor)
    mine = queries.my_bid(bids, lot_id)
    return render(
        "procurement/bid_form.html", box=found, mine=mine, bids=bids, form=call.form, errors=_errors(call, mine.lot),
        receiving=queries.is_receiving(found, call.at), company=queries.company_of(call.session, call.actor),
        follows=queries.follows(mine, call.form),
        bond=joints.bonds(call.session, box_id, call.actor.organisation_id).get(lot_id),
    )  # fmt: skip


def submit(call: Call, box_id: int, lot_id: int) -> Response:
    """Seal a lot's prices."""
    found = queries.box(call.session, box_id, call.actor)
    mine = queries.my_bid(queries.my_bids(call.session, found, call.actor), lot_id)
    made = services.submit(
        call.session, box_id=box_id, lines=schemas.form_lines(call.form, mine.lot), actor=call.actor,
        replaces={lot_id: schemas.revision(call.form)},
    )  # fmt: skip
    return redirect_to("procurement.bid_receipt", receipt=made.receipt)


def withdraw(call: Call, box_id: int) -> Response:
    """Take back the bids of one lot, or all of them."""
    lots = [record_id(lot) or 0 for lot in call.form.getlist("lot")] or None
    made = services.withdraw(
        call.session, box_id=box_id, lot_ids=lots, actor=call.actor, undeclare=bool(call.form.get("undeclare"))
    )
    flash_done(_("Withdrawn. Receipt %(receipt)s", receipt=made.receipt))
    return redirect_to("procurement.bid_box", box_id=box_id)


def receipt(call: Call, receipt: str) -> str:
    """Show a receipt, computed again from what is kept."""
    return render("procurement/bid_receipt.html", found=receipts.one(call.session, receipt, call.actor), at=call.at)


def receipt_file(call: Call, receipt: str) -> FlaskResponse:
    """Give out a receipt with what its digests are made of."""
    answer = jsonify(exports.receipt(receipts.one(call.session, receipt, call.actor)))
    answer.headers["Content-Disposition"] = f'attachment; filename="{receipt}.json"'
    return answer


def opening(call: Call, box_id: int) -> str:
    """Show the opening record of a box."""
    found = queries.opened_box(call.session, box_id, call.actor)
    lines = queries.opened_lines(call.session, box_id, whole=True)
    return render(
        "procurement/bid_opening.html", box=found, lines=lines, companies={each.company_id for each in lines},
        declared=declarations.opened(call.session, box_id), kinds=DocumentKind, whys=Why,
    )  # fmt: skip


def _errors(call: Call, lot: OfferLot) -> dict[str, str]:
    """Map what was refused to the fields of the form; what concerns no field stands under the empty name."""
    if call.error is None:
        return {}
    if not isinstance(call.error, FileRefused):
        return {"": sentence(call.error)}
    lines = schemas.form_lines(call.form, lot)
    found: dict[str, str] = {}
    for issue in call.error.issues:
        index = issue.facts.get("index")
        name = f"price-{lines[index].specification_id}" if isinstance(index, int) else ""
        found[name] = " ".join([found[name], sentence(issue)]) if name in found else sentence(issue)
    return found
