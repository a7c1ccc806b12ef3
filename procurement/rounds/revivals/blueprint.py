"""The map of revivals, and what they add to the shell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.i18n import _, _l, _n
from kernel.routes import Api, Pages
from kernel.templating import nearness, price
from kernel.waits import Wait, waits
from kernel.web import NavItem, Queue, QueueRow, home_queue, moment, nav_item, subject_link
from procurement.rounds.revivals import exports, labels, queries, views
from procurement.rounds.revivals.labels import KINDS
from procurement.rounds.revivals.models import RevivalOffer

assert exports and labels  # registers names, sentences and the export

POST = ("POST",)
ROUND = "/rounds/<int:round_id>/revivals"
OFFER = "/revivals/<int:offer_id>"


def mount(pages: Pages, _api: Api) -> None:
    """Add the sub-area's rows to the package's tables, and its lines to the shell."""
    pages.add("round_revivals", ROUND, views.show, P.BID_READ)
    pages.add("round_revivals_send", ROUND, views.send, P.ROUND_EVALUATE, methods=POST, again=views.show)
    paper = f"{ROUND}/<int:offer_id>/paper"
    pages.add("revival_paper", paper, views.paper, P.ROUND_EVALUATE)
    pages.add("revival_paper_save", paper, views.record_paper, P.ROUND_EVALUATE, methods=POST, again=views.paper)
    pages.add("revivals", "/revivals", views.mine, P.BID_SUBMIT)
    pages.add("revival", OFFER, views.offer, P.BID_SUBMIT)
    pages.add("revival_answer", f"{OFFER}/answer", views.answer, P.BID_SUBMIT, methods=POST)
    pages.add("revival_file", f"{OFFER}/files/<int:file_id>", views.file, P.ROUND_READ)
    nav_item(
        NavItem(_l("Bidding"), _l("Revival offers"), "procurement.revivals", "arrow-counterclockwise", P.BID_SUBMIT,
                count=waiting, order=32)
    )  # fmt: skip
    home_queue(P.BID_SUBMIT, queue, order=5)
    subject_link("revival_offer", offer_link)
    waits("round", of_rounds)


def waiting(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count the offers that wait for the company's answer."""
    return len(queries.due(session, actor, at)), False


def queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show on the first page which offers wait for the company's answer, and until when to the second."""
    found = queries.due(session, actor, at)
    if not found:
        return None
    rows = [_row(one, at) for one in found[:3]]
    url = url_for("procurement.revivals")
    return Queue(_("Revivals to answer"), _("Beijing time"), rows, len(found), url, "")


def _row(one: RevivalOffer, at: datetime) -> QueueRow:
    return QueueRow(
        what=one.lot.variety.name, url=url_for("procurement.revival", offer_id=one.id), due=moment(one.stage.deadline),
        tone=nearness(one.stage.deadline, at).tone, detail=f"{one.stage.round.code} {KINDS[one.kind]}",
        amount=price(one.price),
    )  # fmt: skip


def of_rounds(session: Session, _actor: Actor, ids: Sequence[int], at: datetime) -> Iterator[Wait]:
    """Say which revivals rounds wait for."""
    for round_id, (board, due) in queries.boards(session, ids, at).items():
        url = url_for("procurement.round_revivals", round_id=round_id)
        if board.due:
            what = _n("%(num)s revival to offer", "%(num)s revivals to offer", len(board.due))
            yield Wait(round_id, what, _("Agency"), None, url)
        if board.open:
            what = _n("%(num)s revival to answer", "%(num)s revivals to answer", len(board.open))
            yield Wait(round_id, what, _("Companies"), due, url)
        if board.unread and not board.open:
            yield Wait(round_id, _("Evaluate again with the accepted revivals"), _("Agency"), None, url)


def offer_link(session: Session, actor: Actor, key: str) -> tuple[str, str] | None:
    """Name an offer for the audit pages, with its address for whoever may open it."""
    found = queries.known(session, int(key), actor)
    if found is None:
        return None
    name = f"{found.stage.round.code} {found.lot.variety.name}"
    if actor.organisation_id == found.company_id:
        return name, url_for("procurement.revival", offer_id=found.id)
    return name, url_for("procurement.round_revivals", round_id=found.stage.round_id)
