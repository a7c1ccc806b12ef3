"""The map of the green channel, and what it adds to the shell."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.i18n import _, _l
from kernel.routes import Pages
from kernel.templating import amount, nearness
from kernel.web import NavItem, Queue, QueueRow, home_queue, moment, nav_item
from procurement.orders.models.orders import Order
from procurement.supply.channel import exports, queries, views

assert exports  # importing it registers the workbook
ONE = "/emergencies/<int:order_id>"
SHOWN = 3


def mount(pages: Pages) -> None:
    """Add the sub-area's rows to the package's table, its line to the side bar and its queue to the first page."""
    pages.add("emergencies", "/emergencies", views.index, P.EMERGENCY_READ)
    pages.add("emergency", ONE, views.show, P.EMERGENCY_READ)
    pages.add("emergency_file", f"{ONE}/file", views.file, P.EMERGENCY_FILE, methods=("POST",), again=views.show)
    pages.add("emergency_paper", f"{ONE}/papers/<int:file_id>", views.paper, P.EMERGENCY_READ)
    nav_item(
        NavItem(_l("Supply and shortages"), _l("Emergency purchases"), "procurement.emergencies", "hourglass-split",
                P.EMERGENCY_READ, _count, 57)
    )  # fmt: skip
    home_queue(P.EMERGENCY_FILE, _queue, order=14)


def _count(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count what has to be filed; those who watch see what is overdue."""
    found = queries.due(session, actor, at)
    late = [one for one in found if one.file_by is not None and one.file_by <= at]
    return len(found if actor.may(P.EMERGENCY_FILE) else late), bool(late)


def _queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Emergency purchases that the hospital has to file; hidden where there is none."""
    found = queries.due(session, actor, at)
    if not found:
        return None
    rows = [_row(one, at) for one in found[:SHOWN]]
    return Queue(_("Emergency purchases to file"), _("Beijing time"), rows, len(found), _all(), "")


def _row(one: Order, at: datetime) -> QueueRow:
    due = one.file_by or at
    url = url_for("procurement.emergency", order_id=one.id)
    when = moment(due, "%m-%d %H:%M")
    return QueueRow(one.number, url, when, nearness(due, at).tone, one.company.shown_name, amount(one.amount))


def _all() -> str:
    return url_for("procurement.emergencies")
