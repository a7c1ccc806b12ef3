"""The map of bids, and what they add to the shell: a side bar line, a queue of the first page, names in the audit."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.i18n import _, _l
from kernel.routes import Api, Pages
from kernel.templating import nearness
from kernel.web import NavItem, Queue, QueueRow, home_queue, moment, nav_item, subject_link
from procurement.bids import api as calls
from procurement.bids import exports, labels, queries, views
from procurement.bids.boxes import queries as boxes
from procurement.bids.declarations import labels as declaration_labels
from procurement.bids.declarations import queries as declarations
from procurement.bids.declarations import views as declaring
from procurement.bids.joints import blueprint as joints
from procurement.bids.receipts import queries as receipts
from procurement.bids.schemas import BoxOut, OpenedLineOut, OwnBidOut, ReceiptOut, SubmissionIn, WithdrawalIn

POST = ("POST",)
assert all((labels, declaration_labels, exports))  # registers names and sentences


def mount(pages: Pages, api: Api) -> None:
    """Add the area's rows to the package's tables, and its lines to the shell."""
    _add_pages(pages)
    joints.mount(pages)
    _add_calls(api)
    nav_item(NavItem(_l("Bidding"), _l("My bids"), "procurement.bids", "lock", P.BID_SUBMIT, count=waiting, order=30))
    home_queue(P.BID_SUBMIT, queue, order=10)
    subject_link("bid_box", box_link)
    subject_link("bid_submission", submission_link)
    subject_link("bid_declaration_act", act_link)


def _add_pages(pages: Pages) -> None:
    pages.add("bids", "/bids", views.index, P.BID_SUBMIT)
    pages.add("bid_box", "/bids/<int:box_id>", views.box, P.BID_SUBMIT)
    pages.add("bid_lot", "/bids/<int:box_id>/lots/<int:lot_id>", views.lot, P.BID_SUBMIT)
    pages.add(
        "bid_submit",
        "/bids/<int:box_id>/lots/<int:lot_id>",
        views.submit,
        P.BID_SUBMIT,
        methods=("POST",),
        again=views.lot,
    )
    pages.add("bid_withdraw", "/bids/<int:box_id>/withdrawal", views.withdraw, P.BID_SUBMIT, methods=("POST",))
    declared, form = "/bids/<int:box_id>/declarations", declaring.show
    pages.add("bid_declarations", declared, form, P.BID_SUBMIT)
    pages.add("bid_declare", declared, declaring.declare, P.BID_SUBMIT, methods=POST, again=form)
    pages.add("bid_declare_back", f"{declared}/back", declaring.take_back, P.BID_SUBMIT, methods=POST, again=form)
    pages.add("bid_documents", "/bids/<int:box_id>/documents", declaring.documents, P.BID_SUBMIT)
    pages.add("bid_receipt", "/receipts/<receipt>", views.receipt, P.BID_SUBMIT)
    pages.add("bid_receipt_file", "/receipts/<receipt>/file", views.receipt_file, P.BID_SUBMIT)
    pages.add("bid_opening", "/bids/<int:box_id>/opening", views.opening, P.BID_READ)


def _add_calls(api: Api) -> None:
    api.add("boxes", "/boxes", calls.boxes, P.BID_SUBMIT, returns=BoxOut(many=True))
    api.add("own_bids", "/boxes/<int:box_id>/bids", calls.bids, P.BID_SUBMIT, returns=OwnBidOut(many=True))
    api.add(
        "submissions", "/boxes/<int:box_id>/submissions", calls.submit, P.BID_SUBMIT, methods=("POST",),
        body=SubmissionIn, returns=ReceiptOut, status=201,
    )  # fmt: skip
    api.add(
        "withdrawals", "/boxes/<int:box_id>/withdrawals", calls.withdraw, P.BID_SUBMIT, methods=("POST",),
        body=WithdrawalIn, returns=ReceiptOut, status=201,
    )  # fmt: skip
    api.add("receipt", "/receipts/<receipt>", calls.receipt, P.BID_SUBMIT, returns=ReceiptOut)
    api.add(
        "opened_lines", "/boxes/<int:box_id>/opened-lines", calls.opened_lines, P.BID_READ,
        returns=OpenedLineOut(many=True),
    )  # fmt: skip


def waiting(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count the lots that the company may still bid."""
    return sum(max(0, each.lots - each.live) for each in boxes.due(session, actor, at)), False


def queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show on the first page which rounds take the company's bids, and until when to the second."""
    found = boxes.due(session, actor, at)
    rows = [
        QueueRow(
            what=each.box.title, url=url_for("procurement.bid_box", box_id=each.box.id), due=moment(each.box.deadline),
            tone=nearness(each.box.deadline or at, at).tone, detail=each.box.code,
            amount=_("%(live)s of %(lots)s lots sealed", live=each.live, lots=each.lots),
        )
        for each in found
    ]  # fmt: skip
    title, empty = _("Bids due"), _("No round takes bids of your company now")
    return Queue(title, _("Beijing time"), rows[:3], len(rows), url_for("procurement.bids"), empty)


def box_link(session: Session, actor: Actor, key: str) -> tuple[str, str] | None:
    """Name a box for the audit pages; companies also get its address."""
    found = queries.known_box(session, int(key), actor)
    if found is None:
        return None
    url = url_for("procurement.bid_box", box_id=found.id) if actor.may(P.BID_SUBMIT) else ""
    return found.title, url


def submission_link(session: Session, actor: Actor, key: str) -> tuple[str, str] | None:
    """Name a submission for the audit pages of the company it belongs to."""
    name = receipts.name_of(session, int(key), actor)
    return (name, url_for("procurement.bid_receipt", receipt=name)) if name else None


def act_link(session: Session, actor: Actor, key: str) -> tuple[str, str] | None:
    """Name an act of declaring for the audit pages of the company it belongs to."""
    found = declarations.act_of(session, int(key), actor)
    return (found.receipt, url_for("procurement.bid_declarations", box_id=found.box_id)) if found else None
