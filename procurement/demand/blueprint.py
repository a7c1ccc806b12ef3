"""The map of the demand area."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth import scopes
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import NotFound
from kernel.i18n import _, _l, _n
from kernel.routes import Api, Pages
from kernel.templating import nearness
from kernel.web import NavItem, Queue, QueueRow, home_queue, moment, nav_item, subject_link
from procurement.demand import api as calls_api
from procurement.demand import exports, labels
from procurement.demand.board import blueprint as review_board
from procurement.demand.flow import closes_at
from procurement.demand.joining import blueprint as joining
from procurement.demand.models import Call as Collection
from procurement.demand.models import Report
from procurement.demand.queries import board
from procurement.demand.queries import calls as call_queries
from procurement.demand.queries import reports as report_queries
from procurement.demand.schemas import CallDetailOut, CallOut, DraftIn, DraftOut
from procurement.demand.views import base, calls, lots, reports, review

SET_UP, READ, REPORT, REVIEW, POST = P.DEMAND_SET_UP, P.DEMAND_READ, P.DEMAND_REPORT, P.DEMAND_REVIEW, ("POST",)
CALL = "/demand/<int:call_id>"
ONE = "/demand/reports/<int:report_id>"
SHOWN = 3
assert labels and exports  # registers names and sentences


def mount(pages: Pages, api: Api) -> None:
    """Add the area's rows to the package's tables."""
    _calls(pages)
    _lots(pages)
    _reports(pages)
    joining.mount(pages)
    review_board.mount(pages)
    pages.add("demand_base", f"{CALL}/base", base.show, READ)
    pages.add("demand_base_export", f"{CALL}/base/workbook", base.export, READ)
    api.add("demand_calls", "/demand/calls", calls_api.index, READ, returns=CallOut(many=True))
    api.add(
        "demand_draft",
        "/demand/calls/<int:call_id>/draft",
        calls_api.keep,
        REPORT,
        methods=POST,
        body=DraftIn,
        returns=DraftOut,
    )
    api.add("demand_call", "/demand/calls/<int:call_id>", calls_api.one, READ, returns=CallDetailOut)
    nav_item(
        NavItem(
            _l("Procurement"), _l("Demand reports"), "procurement.demand_calls", "clipboard-data", READ, _count,
            order=10,
        )
    )  # fmt: skip
    home_queue(REPORT, _queue_to_write, order=10)
    home_queue(REVIEW, _queue_to_review, order=10)
    subject_link("demand_call", _call_link)
    subject_link("demand_report", _report_link)


def _calls(pages: Pages) -> None:
    pages.add("demand_calls", "/demand", calls.index, READ)
    pages.add("demand_new", "/demand/new", calls.new, SET_UP)
    pages.add("demand_create", "/demand/new", calls.create, SET_UP, methods=POST, again=calls.new)
    pages.add("demand_call", CALL, calls.show, READ)
    pages.add("demand_edit", f"{CALL}/edit", calls.edit, SET_UP)
    pages.add("demand_change", f"{CALL}/edit", calls.change, SET_UP, methods=POST, again=calls.edit)
    pages.add("demand_start", f"{CALL}/start", calls.start, SET_UP, methods=POST)
    pages.add("demand_extend", f"{CALL}/extend", calls.extend, SET_UP, methods=POST, again=calls.show)
    pages.add("demand_void", f"{CALL}/void", calls.void, SET_UP, methods=POST, again=calls.show)
    pages.add("demand_lock", f"{CALL}/lock", calls.lock, REVIEW, methods=POST)


def _lots(pages: Pages) -> None:
    pages.add("demand_lots", f"{CALL}/lots", lots.index, SET_UP)
    pages.add("demand_lots_add", f"{CALL}/lots", lots.add, SET_UP, methods=POST, again=lots.index)
    pages.add("demand_lot_change", f"{CALL}/lots/<int:lot_id>", lots.change, SET_UP, methods=POST)
    pages.add("demand_lot_remove", f"{CALL}/lots/<int:lot_id>/remove", lots.remove, SET_UP, methods=POST)
    pages.add("demand_caps", f"{CALL}/caps", lots.caps, SET_UP)
    pages.add("demand_caps_set", f"{CALL}/caps", lots.set_caps, SET_UP, methods=POST, again=lots.caps)


def _reports(pages: Pages) -> None:
    pages.add("demand_report", f"{CALL}/report", reports.fill_in, REPORT)
    pages.add(
        "demand_save", f"{CALL}/report", reports.save, REPORT, methods=POST, again=reports.fill_in, long=("lines",)
    )
    pages.add("demand_check", f"{CALL}/report/check", reports.check, REPORT)
    pages.add("demand_submit", f"{CALL}/report/check", reports.submit, REPORT, methods=POST, again=reports.check)
    pages.add("demand_recall", f"{CALL}/report/recall", reports.recall, REPORT, methods=POST)
    pages.add("demand_review", ONE, review.show, READ)
    pages.add("demand_accept", f"{ONE}/accept", review.accept, REVIEW, methods=POST)
    pages.add("demand_return", f"{ONE}/return", review.return_, REVIEW, methods=POST, again=review.show)


def _count(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count what waits: reports to hand in for a hospital, reports to review for the agency."""
    if actor.may(P.DEMAND_REPORT):
        found = report_queries.to_report(session, actor, at)
        return len(found), False
    if actor.may(P.DEMAND_REVIEW):
        return len(report_queries.waiting(session, actor)), False
    return 0, False


def _queue_to_write(session: Session, actor: Actor, at: datetime) -> Queue:
    """What a hospital still has to report."""
    found = report_queries.to_report(session, actor, at)
    sizes = call_queries.lot_counts(session, [call.id for call, _ in found])
    rows = [_to_write(session, call, report, sizes.get(call.id, 0), at) for call, report in found[:SHOWN]]
    return Queue(
        _("Demand to report"), "", rows, len(found), url_for("procurement.demand_calls"),
        _("No collection waits for your report"),
    )  # fmt: skip


def _to_write(session: Session, call: Collection, report: Report | None, size: int, at: datetime) -> QueueRow:
    closes = closes_at(call.deadline, report.due_at if report else None)
    filled = board.filled_lots(session, report.id) if report else 0
    detail = _("%(done)s of %(size)s lots filled in", done=filled, size=size)
    if report and report.review_note:
        detail = _("Returned: %(reason)s", reason=report.review_note)
    return QueueRow(
        call.title, url_for("procurement.demand_report", call_id=call.id), _due(closes, at),
        nearness(closes, at).tone, detail,
    )  # fmt: skip


def _due(closes: datetime, at: datetime) -> str:
    near = nearness(closes, at)
    words = {
        "minutes": _n("%(num)s minute left", "%(num)s minutes left", near.count),
        "hours": _n("%(num)s hour left", "%(num)s hours left", near.count),
        "days": _n("%(num)s day left", "%(num)s days left", near.count),
        "today": _("Today %(time)s", time=moment(closes, "%H:%M")),
    }
    return str(words.get(near.word) or moment(closes, "%m-%d %H:%M"))


def _queue_to_review(session: Session, actor: Actor, at: datetime) -> Queue:
    """Reports that wait for review, the oldest first."""
    found = report_queries.waiting(session, actor)
    rows = [
        QueueRow(
            report.hospital.shown_name,
            url_for("procurement.demand_review", report_id=report.id),
            _age(report.submitted_at, at),
            "",
            report.call.title,
        )
        for report in found[:SHOWN]
    ]
    return Queue(
        _("Demand reports to review"), "", rows, len(found), url_for("procurement.demand_calls"),
        _("No report waits for review"),
    )  # fmt: skip


def _age(since: datetime | None, at: datetime) -> str:
    days = (at - since).days if since else 0
    return str(_("waits %(count)s days", count=days) if days else _("came today"))


def _call_link(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Name a collection for the audit pages."""
    try:
        found = call_queries.one_call(session, int(identity), actor)
    except NotFound:
        return None
    return found.title, url_for("procurement.demand_call", call_id=found.id)


def _report_link(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Name a report for the audit pages."""
    try:
        found = report_queries.one_report(session, int(identity), actor)
    except NotFound:
        return None
    name = f"{found.call.title} {found.hospital.shown_name}"
    if scopes.sees_all(actor):
        return name, url_for("procurement.demand_review", report_id=found.id)
    return name, url_for("procurement.demand_report", call_id=found.call_id)
