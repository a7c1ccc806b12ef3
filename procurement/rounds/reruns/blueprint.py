"""The map of rounds run again."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.routes import Api, Pages
from procurement.rounds.reruns import labels, views

assert labels  # importing it registers names and sentences

POST, FORM = ("POST",), "/rounds/<int:round_id>/run-again"


def mount(pages: Pages, _api: Api) -> None:
    """Add the area's rows to the package's table."""
    pages.add("round_rerun", FORM, views.new, P.ROUND_SET_UP)
    pages.add("round_rerun_create", FORM, views.create, P.ROUND_SET_UP, methods=POST, again=views.new)
