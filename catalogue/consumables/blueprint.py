"""The map of consumables."""

from __future__ import annotations

from flask import url_for
from sqlalchemy.orm import Session

from catalogue.consumables import labels, views
from catalogue.consumables.codes import queries as codes
from catalogue.consumables.models import Consumable, ConsumableCategory, Device
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.pages import page_export
from kernel.i18n import _l
from kernel.panels import panel
from kernel.routes import Pages
from kernel.web import NavItem, nav_item, subject_link

assert labels and codes  # importing them registers names and sentences, and what is known about codes


def mount(pages: Pages) -> None:
    """Add the area's rows to the package's table, and its line to the shell."""
    pages.add("consumables", "/consumables", views.index, P.CATALOGUE_READ)
    page_export("catalogue.consumables", _l("Consumables"), P.CATALOGUE_READ, views.table)
    page_export("catalogue.categories", _l("Categories of consumables"), P.CATALOGUE_READ, views.categories_table)
    pages.add("consumable_categories", "/consumables/categories", views.categories, P.CATALOGUE_READ)
    pages.add("consumable", "/consumables/<code>", views.show, P.CATALOGUE_READ)
    nav_item(NavItem(_l("Catalogue"), _l("Consumables"), "catalogue.consumables", "boxes", P.CATALOGUE_READ, order=60))
    subject_link("consumable", _consumable)
    subject_link("consumable_category", _category)
    subject_link("device", _device)
    panel("catalogue.consumable", 10, P.CATALOGUE_READ, views.code_panel)
    panel("catalogue.consumable", 20, P.CATALOGUE_READ, views.identifiers_panel)
    panel("catalogue.consumable", 30, P.CATALOGUE_READ, views.others_panel)


def _consumable(session: Session, _actor: Actor, identity: str) -> tuple[str, str] | None:
    found = session.get(Consumable, int(identity))
    return (found.generic_name, url_for("catalogue.consumable", code=found.code)) if found else None


def _category(session: Session, _actor: Actor, identity: str) -> tuple[str, str] | None:
    found = session.get(ConsumableCategory, int(identity))
    return (found.name, url_for("catalogue.consumables", category=found.code)) if found else None


def _device(session: Session, _actor: Actor, identity: str) -> tuple[str, str] | None:
    found = session.get(Device, int(identity))
    return (found.name or found.di, url_for("catalogue.codes", code=found.di)) if found else None
