"""The map of merges."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.routes import Pages
from kernel.web import subject_link
from pricing.listings.duplicates import labels, views

assert labels  # importing it registers names and sentences


def mount(pages: Pages) -> None:
    """Add the area's rows to the package's table."""
    post, one = ("POST",), "/listings/merges/<int:merge_id>"
    pages.add("merges", "/listings/merges", views.index, P.LISTING_SEE)
    pages.add("merges_propose", "/listings/merges", views.propose, P.LISTING_REVIEW, methods=post, again=views.index)
    pages.add("merge", one, views.show, P.LISTING_SEE)
    pages.add("merge_act", f"{one}/act", views.act, P.LISTING_REVIEW, methods=post, again=views.show)
    pages.add("merge_object", f"{one}/object", views.object_, P.LISTING_APPLY, methods=post, again=views.show)
    subject_link("listing_merge", views.subject)
