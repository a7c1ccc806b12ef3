"""The map of the figures."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Pages
from kernel.web import NavItem, nav_item
from procurement.orders.figures import exports, labels, services, views

assert labels and exports and services  # importing them registers sentences, exports and the counting


def mount(pages: Pages) -> None:
    """Add the area's rows to the package's table, and its lines to the side bar."""
    pages.add("figures", "/figures", views.index, P.ORDER_READ)
    pages.add("targets", "/figures/targets", views.targets_board, P.BOARD_READ)
    section = _l("Procurement")
    nav_item(NavItem(section, _l("Figures of purchasing"), "procurement.figures", "graph-up", P.ORDER_READ, order=70))
    nav_item(NavItem(section, _l("Targets of the year"), "procurement.targets", "flag", P.BOARD_READ, order=71))
