"""The map of monitoring."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Api, Pages
from kernel.web import NavItem, nav_item
from pricing.monitoring import api as calls
from pricing.monitoring import exports, jobs, labels
from pricing.monitoring.schemas import IndexQuery, IndicesOut
from pricing.monitoring.views import pages as views

assert exports and jobs and labels  # importing them registers workbooks, jobs and names


def mount(pages: Pages, api: Api) -> None:
    """Add the area's rows to the package's tables, and its line to the side bar."""
    pages.add("monitoring", "/monitoring", views.index, P.PUBLIC)
    pages.add("monitoring_items", "/monitoring/items", views.items, P.MONITOR_READ)
    pages.add("monitoring_spending", "/monitoring/spending", views.spending, P.MONITOR_READ)
    pages.add("monitoring_savings", "/monitoring/savings", views.saved, P.MONITOR_READ)
    api.add("indices", "/indices", calls.index, P.PUBLIC, query=IndexQuery, returns=IndicesOut)
    nav_item(NavItem(_l("Pricing"), _l("Price monitoring"), "pricing.monitoring", "graph-up", P.PUBLIC, order=66))
