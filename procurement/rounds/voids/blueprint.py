"""The map of voids."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.routes import Api, Pages
from procurement.rounds.voids import labels, views

assert labels  # importing it registers names and sentences

POST, ALL = ("POST",), "/rounds/<int:round_id>/voids"


def mount(pages: Pages, _api: Api) -> None:
    """Add the area's rows to the package's table."""
    pages.add("round_voids", ALL, views.show, P.ROUND_PUBLISH)
    pages.add("round_void_ask", ALL, views.ask, P.ROUND_PUBLISH, methods=POST, again=views.show)
    one = f"{ALL}/<int:request_id>"
    pages.add("round_void_confirm", f"{one}/confirm", views.confirm, P.ROUND_PUBLISH, methods=POST)
    pages.add("round_void_refuse", f"{one}/refuse", views.refuse, P.ROUND_PUBLISH, methods=POST)
