"""The map of renewals."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.routes import Pages
from procurement.rounds.renewals import labels, views

assert labels  # importing it registers names and sentences

URL = "/rounds/<int:round_id>/renewal"


def mount(pages: Pages) -> None:
    """Add the sub-area's rows."""
    pages.add("round_renewal", URL, views.show, P.BID_READ)
    pages.add("round_renewal_choose", URL, views.choose, P.ROUND_SET_UP, methods=("POST",), again=views.show)
    pages.add("round_incumbents", f"{URL}/incumbents", views.take_over, P.ROUND_EVALUATE, methods=("POST",))
