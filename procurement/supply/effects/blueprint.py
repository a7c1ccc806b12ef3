"""The map of the preview of credit findings."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.panels import panel
from kernel.routes import Pages
from procurement.supply.effects import exports, labels, views

assert labels and exports  # importing them registers names and workbooks


def mount(pages: Pages) -> None:
    """Add the row to the package's table, and the panels to the pages of credit."""
    pages.add("effects", "/credit-effects", views.show, P.CREDIT_RATE)
    panel("pricing.credit_case", 50, P.CREDIT_RATE, views.case_panel)
    panel("pricing.credit_rating", 50, P.CREDIT_RATE, views.rating_panel)
