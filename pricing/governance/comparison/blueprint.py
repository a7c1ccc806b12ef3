"""The map of prices across regions: gap tables and groups, products of other regions, warnings of linkage."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.panels import panel
from kernel.routes import Pages
from kernel.web import NavItem, home_queue, nav_item, subject_link
from pricing.governance.comparison import exports, jobs, labels
from pricing.governance.comparison.views import gaps, outside, warnings

assert exports and jobs and labels  # importing them registers names, sentences, workbooks and jobs


def mount(pages: Pages) -> None:
    """Add the area's rows to the package's table, and its lines to the side bar and first pages."""
    post, written, one = ("POST",), "/outside/<int:outside_id>", "/linkage/<int:warning_id>"
    pages.add("gaps", "/gaps", gaps.index, P.LABEL_READ)
    pages.add("same_group", "/gaps/<int:same_id>", gaps.show, P.LABEL_READ)
    pages.add("outside", "/outside", outside.index, P.LABEL_RULES)
    pages.add("outside_product", written, outside.show, P.LABEL_RULES)
    pages.add("outside_decide", written, outside.decide, P.LABEL_RULES, methods=post, again=outside.show)
    pages.add("linkage", "/linkage", warnings.index, P.LABEL_READ)
    pages.add("linkage_warning", one, warnings.show, P.LABEL_READ)
    pages.add("linkage_answer", f"{one}/answer", warnings.answer, P.LISTING_APPLY, methods=post, again=warnings.show)
    pages.add("linkage_cut", f"{one}/cut", warnings.cut, P.LISTING_APPLY, methods=post, again=warnings.show)
    pages.add("linkage_decide", f"{one}/decide", warnings.decide, P.LISTING_REVIEW, methods=post, again=warnings.show)
    nav_item(NavItem(_l("Pricing"), _l("Price gaps"), "pricing.gaps", "bar-chart", P.LABEL_READ, order=68))
    nav_item(NavItem(_l("Pricing"), _l("Warnings of linkage"), "pricing.linkage", "bell", P.LABEL_READ, order=68))
    home_queue(P.LISTING_REVIEW, warnings.queue, order=21)
    home_queue(P.LISTING_APPLY, warnings.queue, order=21)
    panel("catalogue.product", 62, P.LABEL_READ, gaps.panel)
    subject_link("gap_run", gaps.subject)
    subject_link("outside_product", outside.subject)
    subject_link("linkage_warning", warnings.subject)
