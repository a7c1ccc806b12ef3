"""The map of shortages, and what they add to the shell."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import NotFound
from kernel.i18n import _, _l, label
from kernel.identity import record_id
from kernel.parties.codes import OrganisationKind
from kernel.routes import Api, Pages
from kernel.templating import nearness
from kernel.web import NavItem, Queue, QueueRow, home_queue, moment, nav_item, number, subject_link
from procurement.supply.shortages import api as calls
from procurement.supply.shortages import exports, queries, schemas, views
from procurement.supply.shortages.flow import ShortageState
from procurement.supply.shortages.models import Shortage

assert exports  # importing it registers the workbook
READ, REPORT, ANSWER, DECIDE = P.SHORTAGE_READ, P.SHORTAGE_REPORT, P.SHORTAGE_ANSWER, P.SHORTAGE_DECIDE
POST, ALL, ONE = ("POST",), "/shortages", "/shortages/<int:shortage_id>"
SHOWN = 3


def mount(pages: Pages, api: Api) -> None:
    """Add the sub-area's rows to the package's tables, its line to the side bar and its queues to the first pages."""
    pages.add("shortages", ALL, views.index, READ)
    pages.add("shortage_new", f"{ALL}/new", views.new, REPORT)
    pages.add("shortage_report", f"{ALL}/new", views.report, REPORT, methods=POST, again=views.new)
    pages.add("shortage", ONE, views.show, READ)
    for name, view, need in (
        ("answer", views.answer, ANSWER), ("close", views.close, REPORT), ("substitute", views.substitute, REPORT),
        ("take_over", views.ask_take_over, READ), ("decision", views.decide_take_over, DECIDE),
        ("breach", views.send_breach, DECIDE),
    ):  # fmt: skip
        again = None if name == "substitute" else views.show
        pages.add(f"shortage_{name}", f"{ONE}/{name}", view, need, methods=POST, again=again)
    _calls(api)
    nav_item(
        NavItem(
            _l("Supply and shortages"),
            _l("Shortages"),
            "procurement.shortages",
            "exclamation-diamond",
            READ,
            _count,
            56,
        )
    )
    home_queue(ANSWER, _to_answer, order=8)
    home_queue(REPORT, _own, order=45)
    home_queue(DECIDE, _to_decide, order=22)
    subject_link("shortage", _link)


def _calls(api: Api) -> None:
    out = schemas.ShortageOut
    api.add("shortages", ALL, calls.index, READ, query=schemas.ShortageQuery, returns=out(many=True))
    api.add(
        "shortages", ALL, calls.report, REPORT, methods=POST, body=schemas.ShortageIn, returns=out, status=201
    )  # fmt: skip
    api.add("shortage", ONE, calls.show, READ, returns=out)
    api.add(
        "shortage_answer",
        f"{ONE}/answer",
        calls.answer,
        ANSWER,
        methods=POST,
        body=schemas.ShortageAnswerIn,
        returns=out,
    )


def _count(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count what waits for the reader: answers of a company, decisions of the agency, open reports of a hospital."""
    if actor.organisation_kind is OrganisationKind.COMPANY:
        return queries.waiting_count(session, actor, at)
    if actor.may(DECIDE):
        return len(queries.take_overs(session, actor)), False
    return 0, False


def _to_answer(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Shortages that the company has to answer; hidden where there is none."""
    count, _late = queries.waiting_count(session, actor, at)
    if not count:
        return None
    rows = [_row(one, at, one.hospital.shown_name) for one in queries.waiting(session, actor, SHOWN)]
    return Queue(_("Shortages to answer"), _("Beijing time"), rows, count, url_for("procurement.shortages"), "")


def _row(one: Shortage, at: datetime, detail: str) -> QueueRow:
    due = moment(one.due_at, "%m-%d %H:%M")
    amount = f"{number(one.needed)} {one.product.specification.unit}"
    url = url_for("procurement.shortage", shortage_id=one.id)
    return QueueRow(one.product.registered_name, url, due, nearness(one.due_at, at).tone, detail, amount)


def _own(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """A hospital's answered or unanswered shortages; hidden where there is none."""
    query = queries.listing(actor, at=at)
    found = [one for one in session.scalars(query).unique() if one.state_at(at) is not ShortageState.REPORTED]
    if not found:
        return None
    rows = [_answered(one, at) for one in found[:SHOWN]]
    address = url_for("procurement.shortages")
    return Queue(_("Shortages answered or overdue"), "", rows, len(found), address, "")


def _answered(one: Shortage, at: datetime) -> QueueRow:
    """Say what the producer says, or that it says nothing."""
    silent = one.reply is None
    said = label(one.state_at(at) if one.reply is None else one.reply)
    day = f" {one.supplies_on}" if one.supplies_on else ""
    url = url_for("procurement.shortage", shortage_id=one.id)
    tone = "bad" if silent else ""
    return QueueRow(one.product.registered_name, url, said, tone, f"{one.company.shown_name}{day}", number(one.needed))


def _to_decide(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Take-overs that the agency decides; hidden where there is none."""
    found = queries.take_overs(session, actor)
    if not found:
        return None
    rows = [_row(one.shortage, at, one.shortage.hospital.shown_name) for one in found[:SHOWN]]
    return Queue(_("Take-overs to decide"), "", rows, len(found), url_for("procurement.shortages"), "")


def _link(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Name a shortage for the audit pages and for credit."""
    try:
        found = queries.one(session, record_id(identity) or 0, actor)
    except NotFound:
        return None
    return f"{found.number} {found.product.registered_name}", url_for("procurement.shortage", shortage_id=found.id)
