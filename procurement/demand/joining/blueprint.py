"""Addresses of joining."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.routes import Pages
from procurement.demand.joining import views

CALL = "/demand/<int:call_id>"


def mount(pages: Pages) -> None:
    """Add the rows."""
    pages.add("demand_join", f"{CALL}/join", views.join, P.DEMAND_REPORT, methods=("POST",))
    pages.add("demand_leave", f"{CALL}/leave", views.leave, P.DEMAND_REPORT, methods=("POST",))
