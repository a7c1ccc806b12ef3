"""The map of governance: labels and their rule sets, prices across regions, cases."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.panels import panel
from kernel.routes import Api, Pages
from kernel.rulebooks.views import Shelf
from kernel.web import NavItem, nav_item, subject_link
from pricing.governance import labels as names
from pricing.governance.cases import blueprint as cases
from pricing.governance.comparison import blueprint as comparison
from pricing.governance.labelling import exports, jobs, labels, views
from pricing.governance.sets import views as sets
from pricing.governance.sets.services import BOOK

assert exports and jobs and labels  # importing them registers names, sentences, workbook and job


def mount(pages: Pages, api: Api) -> None:
    """Add the area's rows to the package's table, and its lines to the side bar."""
    post = ("POST",)
    pages.add("labels", "/labels", views.index, P.LABEL_READ)
    pages.add("labels_run", "/labels/run", views.run, P.LABEL_RULES, methods=post)
    pages.add("label", "/labels/<int:label_id>", views.show, P.LABEL_READ)
    pages.add("label_cut", "/labels/<int:label_id>/cut", views.cut, P.LISTING_APPLY, methods=post, again=views.show)
    pages.add("label_regions", "/labels/regions", sets.index, P.LABEL_READ)
    pages.add("label_place", "/labels/regions", sets.place, P.LABEL_RULES, methods=post, again=sets.index)
    Shelf(
        BOOK, "pricing.label_rules", "/labels/rules", _l("Label rules"),
        _l("The tables of Henan and Anhui come with the platform."), (_l("Price labels"), "pricing.labels"),
        (P.LABEL_READ, P.LABEL_RULES), names.RULES, names.SOURCES,
    ).mount(pages)  # fmt: skip
    nav_item(NavItem(_l("Pricing"), _l("Price labels"), "pricing.labels", "flag", P.LABEL_READ, order=67))
    panel("catalogue.product", 61, P.LABEL_READ, views.panel)
    subject_link("label_run", views.subject)
    comparison.mount(pages)
    cases.mount(pages, api)
