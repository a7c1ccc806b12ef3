"""Addresses of the board."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.routes import Pages
from procurement.demand.board import views

BOARD = "/demand/<int:call_id>/board"


def mount(pages: Pages) -> None:
    """Add the rows."""
    pages.add("demand_board", BOARD, views.show, P.DEMAND_READ)
    pages.add("demand_board_lot", f"{BOARD}/lots/<int:lot_id>", views.lot, P.DEMAND_READ)
    pages.add("demand_board_export", f"{BOARD}/workbook", views.export, P.DEMAND_READ)
    pages.add("demand_board_accept", f"{BOARD}/accept", views.accept, P.DEMAND_REVIEW, methods=("POST",))
    pages.add("demand_board_nudge", f"{BOARD}/remind", views.nudge, P.DEMAND_SET_UP, methods=("POST",))
