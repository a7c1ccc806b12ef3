"""What purchasing adds to the pages of monitoring."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.panels import panel
from procurement.orders.monitored import services, views

assert services  # importing it lets buyers read their own purchases


def mount() -> None:
    """Add the panel about order lines to the pages of spending."""
    panel("pricing.monitoring_spending", 10, P.ORDER_READ, views.lines_panel)
