"""The map of credit."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.panels import panel
from kernel.routes import Pages
from kernel.web import NavItem, nav_item, subject_link
from pricing.credit import exports, labels, queries, views
from pricing.credit.acting import labels as reasons
from pricing.credit.acting import views as acting

assert labels and exports and reasons  # importing them registers names, sentences and workbooks


def mount(pages: Pages) -> None:
    """Add the area's rows to the package's table, and its lines to the side bar."""
    post = ("POST",)
    pages.add("commitment", "/credit/letter", views.letter, P.CREDIT_SIGN)
    pages.add("commitment_sign", "/credit/letter/sign", views.sign, P.CREDIT_SIGN, methods=post)
    pages.add("commitment_withdraw", "/credit/letter/withdraw", views.withdraw, P.CREDIT_SIGN, methods=post)
    pages.add("commitments", "/credit/letters", views.letters, P.CREDIT_READ)
    pages.add("credit_facts", "/credit/facts", views.facts, P.CREDIT_READ)
    section = _l("Credit")
    nav_item(
        NavItem(section, _l("Commitment letter"), "pricing.commitment", "pencil", P.CREDIT_SIGN, queries.unsigned, 75)
    )  # fmt: skip
    nav_item(NavItem(section, _l("Commitment letters"), "pricing.commitments", "patch-check", P.CREDIT_READ, order=76))
    nav_item(NavItem(section, _l("Credit facts"), "pricing.credit_facts", "flag", P.CREDIT_READ, order=77))
    subject_link("credit_fact", views.subject)
    subject_link("commitment_letter", views.letter_subject)
    panel("catalogue.product", 5, P.CATALOGUE_READ, acting.suspension_panel)
