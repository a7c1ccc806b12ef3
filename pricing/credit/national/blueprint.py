"""The map of the national list."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Pages
from kernel.web import NavItem, nav_item, subject_link
from pricing.credit.national import exports, labels, queries, views

assert labels and exports  # importing them registers names, sentences and workbooks


def mount(pages: Pages) -> None:
    """Add the area's row to the package's table, and its line to the side bar."""
    pages.add("credit_national", "/credit/national", views.index, P.PUBLIC)
    url = "/credit/national/<int:end_id>/confirm"
    pages.add("credit_national_confirm", url, views.confirm, P.CREDIT_RATE, methods=("POST",), again=views.again)
    section, title = _l("Credit"), _l("Serious ratings of all provinces")
    subject_link("national_rating", views.subject)
    nav_item(NavItem(section, title, "pricing.credit_national", "globe", P.PUBLIC, queries.waiting, 80))
