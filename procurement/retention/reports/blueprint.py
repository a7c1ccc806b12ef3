"""The map of the report."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Pages
from kernel.web import NavItem, nav_item
from procurement.retention.reports import exports, labels, views

assert labels and exports  # importing them registers names and the workbook


def mount(pages: Pages, section: object) -> None:
    """Add the page to the package's table, and its line to the side bar."""
    pages.add("retention_totals", "/retention/report", views.show, P.RETENTION_READ)
    nav_item(NavItem(section, _l("Retention report"), "procurement.retention_totals", "graph-up", P.RETENTION_READ,
                     order=57))  # fmt: skip
