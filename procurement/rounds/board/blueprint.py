"""The map of the agency's board."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Pages
from kernel.waits import waits
from kernel.web import NavItem, nav_item
from procurement.rounds.board import views


def mount(pages: Pages) -> None:
    """Add the board, and what rounds wait for by themselves."""
    pages.add("board", "/board", views.show, P.BOARD_READ)
    nav_item(NavItem(_l("Procurement"), _l("Board"), "procurement.board", "kanban", P.BOARD_READ, order=5))
    waits("round", views.of_rounds)
