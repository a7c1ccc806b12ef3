"""The map of the board of agreed volumes."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Pages
from kernel.web import NavItem, nav_item
from procurement.agreements.alerts import views as alerts
from procurement.agreements.boards import exports, labels, views

assert labels and exports  # importing them registers names and the workbook


def mount(pages: Pages) -> None:
    """Add the board to the package's table, and its line to the side bar."""
    pages.add("progress", "/progress", views.show, P.LEDGER_READ)
    pages.add("volume_alerts", "/progress/warnings", alerts.show, P.LEDGER_READ)
    nav_item(
        NavItem(_l("Procurement"), _l("Agreed volumes"), "procurement.progress", "bar-chart", P.LEDGER_READ, order=42)
    )  # fmt: skip
