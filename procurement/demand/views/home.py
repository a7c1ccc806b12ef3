"""What the first page and the side bar say about demand."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import NotFound
from kernel.i18n import _, _n
from kernel.templating import nearness
from kernel.web import Queue, QueueRow, moment
from procurement.demand.flow import closes_at
from procurement.demand.models import Call as Collection
from procurement.demand.models import Report
from procurement.demand.queries import board, calls, reports

SHOWN = 3


def count(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count what waits: reports to hand in for a hospital, reports to review for the agency."""
    if actor.may(P.DEMAND_REPORT):
        found = reports.to_report(session, actor, at)
        return len(found), False
    if actor.may(P.DEMAND_REVIEW):
        return len(reports.waiting(session, actor)), False
    return 0, False


def to_report(session: Session, actor: Actor, at: datetime) -> Queue:
    """What a hospital still has to report."""
    found = reports.to_report(session, actor, at)
    sizes = calls.lot_counts(session, [call.id for call, _ in found])
    rows = [_to_report(session, call, report, sizes.get(call.id, 0), at) for call, report in found[:SHOWN]]
    return Queue(
        _("Demand to report"), "", rows, len(found), url_for("procurement.demand_calls"),
        _("No collection waits for your report"),
    )  # fmt: skip


def _to_report(session: Session, call: Collection, report: Report | None, size: int, at: datetime) -> QueueRow:
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


def to_review(session: Session, actor: Actor, at: datetime) -> Queue:
    """Reports that wait for review, the oldest first."""
    found = reports.waiting(session, actor)
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


def call_link(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Name a collection for the audit pages."""
    try:
        found = calls.one_call(session, int(identity), actor)
    except NotFound:
        return None
    return found.title, url_for("procurement.demand_call", call_id=found.id)


def report_link(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Name a report for the audit pages."""
    try:
        found = reports.one_report(session, int(identity), actor)
    except NotFound:
        return None
    name = f"{found.call.title} {found.hospital.shown_name}"
    if calls.sees_all(actor):
        return name, url_for("procurement.demand_review", report_id=found.id)
    return name, url_for("procurement.demand_report", call_id=found.call_id)
