"""The map of the register."""

from __future__ import annotations

from flask import url_for
from sqlalchemy.orm import Session

from catalogue.register import labels, views
from catalogue.register.codes import queries as codes
from catalogue.register.models import CodedDrug, LocalProduct
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.pages import page_export
from kernel.i18n import _l
from kernel.panels import panel
from kernel.routes import Pages
from kernel.web import NavItem, nav_item, subject_link

assert labels and codes  # importing them registers names and sentences, and what is known about codes
READ = P.CATALOGUE_READ


def mount(pages: Pages) -> None:
    """Add the area's rows to the package's table, and its lines to the shell."""
    pages.add("drugs", "/drugs", views.index, P.CATALOGUE_READ)
    pages.add("drug", "/drugs/<code>", views.show, P.CATALOGUE_READ)
    pages.add("local_products", "/local-products", views.local_index, P.CATALOGUE_READ)
    page_export("catalogue.drugs", _l("Drug codes"), P.CATALOGUE_READ, views.table)
    page_export("catalogue.local_products", _l("Product lists"), P.CATALOGUE_READ, views.local_table)
    nav_item(NavItem(_l("Catalogue"), _l("Drug codes"), "catalogue.drugs", "boxes", P.CATALOGUE_READ, order=58))
    nav_item(
        NavItem(
            _l("Catalogue"), _l("Product lists"), "catalogue.local_products", "list-check", P.CATALOGUE_READ, order=59
        )
    )
    subject_link("coded_drug", _drug)
    subject_link("local_product", _local)
    panel("catalogue.drug", 10, READ, views.code_panel)
    panel("catalogue.drug", 15, READ, views.products_panel)
    panel("catalogue.drug", 30, READ, views.makers_panel)
    panel("catalogue.drug", 40, READ, views.local_panel)
    panel("catalogue.product", 10, READ, views.product_codes_panel)
    panel("catalogue.product", 40, READ, views.product_local_panel)


def _drug(session: Session, _actor: Actor, identity: str) -> tuple[str, str] | None:
    found = session.get(CodedDrug, int(identity))
    return (found.registered_name, url_for("catalogue.drug", code=found.code)) if found else None


def _local(session: Session, _actor: Actor, identity: str) -> tuple[str, str] | None:
    found = session.get(LocalProduct, int(identity))
    return (found.name, url_for("catalogue.local_products", list=found.list_name)) if found else None
