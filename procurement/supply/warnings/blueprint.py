"""The map of the board of supply."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Pages
from kernel.web import NavItem, nav_item
from procurement.supply.warnings import exports, views

assert exports  # importing it registers the workbooks


def mount(pages: Pages) -> None:
    """Add the row to the package's table, and its line to the side bar."""
    pages.add("supply_board", "/supply", views.board, P.SUPPLY_WATCH)
    nav_item(
        NavItem(
            _l("Supply and shortages"),
            _l("Supply warnings"),
            "procurement.supply_board",
            "map",
            P.SUPPLY_WATCH,
            order=55,
        )
    )
