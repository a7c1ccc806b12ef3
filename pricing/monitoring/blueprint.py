"""The map of monitoring."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Api, Pages
from kernel.web import NavItem, nav_item
from pricing.monitoring import api as calls
from pricing.monitoring import exports, jobs, labels
from pricing.monitoring.schemas import IndexQuery, IndicesOut
from pricing.monitoring.views import own
from pricing.monitoring.views import pages as views
from pricing.monitoring.views.frame import OWN

assert exports and jobs and labels  # importing them registers workbooks, jobs and names


def mount(pages: Pages, api: Api) -> None:
    """Add the area's rows to the package's tables, and its line to the side bar."""
    pages.add("monitoring", "/monitoring", views.index, P.PUBLIC)
    pages.add("monitoring_items", "/monitoring/items", views.items, P.MONITOR_READ)
    pages.add("monitoring_spending", "/monitoring/spending", views.spending, P.MONITOR_READ)
    pages.add("monitoring_savings", "/monitoring/savings", views.saved, P.MONITOR_READ)
    for name, address, view in (
        ("own_purchases", "", own.index), ("own_purchases_items", "/items", own.items),
        ("own_purchases_spending", "/spending", own.spending), ("own_purchases_savings", "/savings", own.saved),
    ):  # fmt: skip
        pages.add(name, f"/monitoring/own{address}", view, P.MONITOR_OWN)
    api.add("indices", "/indices", calls.index, P.PUBLIC, query=IndexQuery, returns=IndicesOut)
    nav_item(NavItem(_l("Pricing"), _l("Price monitoring"), "pricing.monitoring", "graph-up", P.PUBLIC, order=66))
    own_line = NavItem(_l("Procurement"), OWN.title, "pricing.own_purchases", "tags", P.MONITOR_OWN, order=70)
    nav_item(own_line)
