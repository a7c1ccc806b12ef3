"""The map of statements of reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.i18n import _, _n
from kernel.routes import Pages
from kernel.waits import Wait, waits
from kernel.web import home_queue
from procurement.rounds.statements import labels, queries, views
from procurement.rounds.statements.flow import StatementState

assert labels  # registers names and sentences

POST = ("POST",)


def mount(pages: Pages) -> None:
    """Add the rows of statements, and their queues."""
    of_round = "/rounds/<int:round_id>/statements"
    pages.add("round_statements", of_round, views.of_round, P.ROUND_EVALUATE)
    pages.add("statements_ask", of_round, views.ask, P.ROUND_EVALUATE, methods=POST, again=views.of_round)
    pages.add("statements", "/statements", views.index, P.BID_SUBMIT)
    one = "/statements/<int:statement_id>"
    pages.add("statement", one, views.show, P.BID_READ)
    pages.add("statement_submit", one, views.submit, P.BID_SUBMIT, methods=POST, again=views.show)
    pages.add("statement_decide", f"{one}/decision", views.decide, P.ROUND_EVALUATE, methods=POST, again=views.show)
    pages.add("statement_file", f"{one}/files/<int:file_id>", views.file, P.BID_READ)
    home_queue(P.BID_SUBMIT, views.company_queue, order=12)
    home_queue(P.ROUND_EVALUATE, views.agency_queue, order=12)
    waits("round", of_rounds)


def of_rounds(session: Session, actor: Actor, ids: Sequence[int], at: datetime) -> Iterator[Wait]:
    """Say on the agency's board which statements rounds wait for."""
    for round_id, state, count, due in queries.open_by_round(session, ids):
        url = url_for("procurement.round_statements", round_id=round_id) if actor.may(P.ROUND_EVALUATE) else ""
        if state is StatementState.SUBMITTED:
            what = _n("%(num)s statement to decide", "%(num)s statements to decide", count)
            yield Wait(round_id, what, _("Second person"), None, url)
        elif due > at:
            what = _n("%(num)s statement of reasons", "%(num)s statements of reasons", count)
            yield Wait(round_id, what, _("Companies"), due, url)
