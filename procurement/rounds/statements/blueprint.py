"""The map of statements of reasons."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.routes import Pages
from kernel.web import home_queue
from procurement.rounds.statements import labels, views

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
