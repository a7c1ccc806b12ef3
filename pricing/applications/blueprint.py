"""The map of applications."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Pages
from kernel.web import NavItem, home_queue, nav_item, subject_link
from pricing.applications import exports, labels, views

assert labels and exports  # importing them registers names, sentences and the workbook


def mount(pages: Pages) -> None:
    """Add the area's rows to the package's table, its line to the side bar, its queue to reviewers' first page."""
    post, one = ("POST",), "/applications/<int:application_id>"
    pages.add("applications", "/applications", views.index, P.LISTING_SEE)
    pages.add("applications_batch", "/applications/batch", views.batch, P.LISTING_REVIEW, methods=post)
    pages.add("application_new", "/applications/new", views.new, P.LISTING_APPLY)
    pages.add("application_submit", "/applications/new", views.submit, P.LISTING_APPLY, methods=post, again=views.new)
    pages.add("application", one, views.show, P.LISTING_SEE)
    pages.add("application_review", f"{one}/review", views.review, P.LISTING_REVIEW, methods=post, again=views.show)
    pages.add("application_edit", f"{one}/edit", views.edit, P.LISTING_APPLY)
    pages.add("application_mend", f"{one}/edit", views.mend, P.LISTING_APPLY, methods=post, again=views.edit)
    pages.add("application_withdraw", f"{one}/withdraw", views.withdraw, P.LISTING_APPLY, methods=post)
    pages.add("application_file", f"{one}/files/<int:file_id>", views.file, P.LISTING_SEE)
    line = NavItem(
        _l("Pricing"), _l("Listing applications"), "pricing.applications", "inbox", P.LISTING_SEE, views.waiting, 66
    )
    nav_item(line)
    home_queue(P.LISTING_REVIEW, views.queue, order=20)
    subject_link("listing_application", views.subject)
