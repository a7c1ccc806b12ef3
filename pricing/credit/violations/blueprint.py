"""The map of the violation list."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Pages
from kernel.web import NavItem, nav_item, subject_link
from pricing.credit.violations import exports, labels, queries, views

assert labels and exports  # importing them registers names, sentences and workbooks

POST = ("POST",)


def mount(pages: Pages) -> None:
    """Add the area's rows to the package's table, and its line to the side bar."""
    pages.add("violations", "/credit/violations", views.index, P.PUBLIC)
    pages.add("violation_new", "/credit/violations/new", views.new, P.CREDIT_RATE)
    pages.add(
        "violation_propose", "/credit/violations/new", views.propose, P.CREDIT_RATE, methods=POST, again=views.new
    )
    url = "/credit/violations/<int:violation_id>/act"
    pages.add("violation_act", url, views.act, P.CREDIT_RATE, methods=POST, again=views.again)
    nav_item(
        NavItem(
            _l("Credit"), _l("Violation list of rounds"), "pricing.violations", "ban", P.PUBLIC,
            queries.waiting, 80,
        )
    )  # fmt: skip
    subject_link("round_violation", views.subject)
