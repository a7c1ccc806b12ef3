"""The map of reassignments, and what they add to the shell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.i18n import _
from kernel.routes import Pages
from kernel.templating import nearness
from kernel.waits import Wait, waits
from kernel.web import Queue, QueueRow, home_queue, moment
from procurement.agreements.reassignment import exports, labels, queries, views

assert labels and exports  # importing them registers names, sentences and the workbook

URL = "/rounds/<int:round_id>/reassignment"


def mount(pages: Pages) -> None:
    """Add the rows to the package's table, and a queue to the hospital's first page."""
    post = ("POST",)
    pages.add("reassignment", URL, views.show, P.AGREEMENT_READ)
    pages.add("reassignment_start", f"{URL}/start", views.start, P.ROUND_AWARD, methods=post, again=views.show)
    pages.add("reassignment_divide", URL, views.divide, P.DEMAND_REPORT, methods=post, again=views.show)
    pages.add("reassignment_close", f"{URL}/close", views.close, P.ROUND_AWARD, methods=post)
    home_queue(P.DEMAND_REPORT, _queue, order=15)
    waits("round", of_rounds)


def of_rounds(session: Session, _actor: Actor, ids: Sequence[int], at: datetime) -> Iterator[Wait]:
    """Say on the agency's board which reassignments wait for hospitals, or for being closed."""
    for one in queries.open_by_round(session, ids):
        url = url_for("procurement.reassignment", round_id=one.round_id)
        if one.deadline is not None and at < one.deadline:
            yield Wait(one.round_id, _("Volumes to divide"), _("Hospitals"), one.deadline, url)
        else:
            yield Wait(one.round_id, _("Reassignment to close"), _("Second person"), one.deadline, url)


def _queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show a hospital which volumes it still has to divide."""
    found = queries.to_divide(session, actor, at)
    if not found:
        return None
    rows = [
        QueueRow(
            round_.title, url_for("procurement.reassignment", round_id=round_.id), moment(one.deadline),
            nearness(one.deadline or at, at).tone, round_.code,
        )
        for round_, one in found
    ]  # fmt: skip
    return Queue(_("Volumes to divide"), "", rows[:3], len(rows), url_for("procurement.rounds"), "")
