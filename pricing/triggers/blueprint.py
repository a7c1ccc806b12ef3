"""The map of trigger evaluations."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import NotFound
from kernel.i18n import _l
from kernel.identity import record_id
from kernel.routes import Pages
from kernel.rulebooks.views import Shelf
from kernel.web import NavItem, nav_item, subject_link
from pricing.triggers import labels, queries, views
from pricing.triggers.sets.services import BOOK

READ, WRITE, POST, ONE = P.ADJUSTMENT_READ, P.ADJUSTMENT_WRITE, ("POST",), "/triggers/<int:year_id>"
SECTION = _l("Service prices")


def mount(pages: Pages) -> None:
    """Add the area's rows to the package's table, and its lines to the side bar."""
    pages.add("triggers", "/triggers", views.index, READ)
    pages.add("trigger_new", "/triggers/new", views.new, WRITE)
    pages.add("trigger_create", "/triggers/new", views.create, WRITE, methods=POST, again=views.new)
    pages.add("trigger", ONE, views.show, READ)
    pages.add("trigger_report", f"{ONE}/report", views.report, READ)
    for name, view in (("enter", views.enter), ("evaluate", views.evaluate), ("propose", views.propose),
                       ("return", views.send_back), ("confirm", views.confirm)):  # fmt: skip
        pages.add(f"trigger_{name}", f"{ONE}/{name}", view, WRITE, methods=POST, again=views.show)
    Shelf(
        BOOK, "pricing.trigger_rules", "/triggers/rules", _l("Trigger rules"),
        _l("Guangdong's and Hunan's rules come with the platform."), (_l("Trigger evaluations"), "pricing.triggers"),
        (READ, WRITE), labels.PARAMETERS,
    ).mount(pages)  # fmt: skip
    nav_item(NavItem(SECTION, _l("Trigger evaluations"), "pricing.triggers", "clipboard-check", READ, _count, 73))
    nav_item(NavItem(SECTION, _l("Trigger rules"), "pricing.trigger_rules", "sliders", READ, order=74))
    subject_link("trigger_year", _subject)


def _count(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count the years that wait for a decision."""
    return queries.waiting(session, at) if actor.may(WRITE) else (0, False)


def _subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Name a region's year for the audit pages."""
    try:
        found = queries.one(session, record_id(identity) or 0)
    except NotFound:
        return None
    return f"{found.region.name} {found.year}", url_for("pricing.trigger", year_id=found.id)
