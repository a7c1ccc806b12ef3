"""The map of list editions; the package's blueprint adds it to its own."""

from __future__ import annotations

from flask import url_for
from sqlalchemy.orm import Session

from catalogue.editions import labels
from catalogue.editions.codes import queries as codes
from catalogue.editions.models import Edition, ListClass, ListMatch
from catalogue.editions.queries import editions as queries
from catalogue.editions.views import editions, entries
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.pages import page_export
from kernel.errors import NotFound
from kernel.i18n import _l
from kernel.panels import panel
from kernel.routes import Pages
from kernel.web import NavItem, nav_item, subject_link

READ, WRITE, POST = P.CATALOGUE_READ, P.CATALOGUE_WRITE, ("POST",)
assert labels and codes  # register the names of the codes, and what the list knows about them


def add(pages: Pages) -> None:
    """Add the pages of editions to the package's."""
    one = "/editions/<int:edition_id>"
    pages.add("editions", "/editions", editions.index, READ)
    page_export("catalogue.editions", _l("Editions"), READ, editions.list_table)
    page_export("catalogue.edition", _l("National drug list"), READ, editions.table)
    page_export("catalogue.comparison", _l("Comparison of editions"), READ, entries.comparison_table)
    page_export("catalogue.matches", _l("Matches"), READ, entries.match_table)
    pages.add("edition_create", "/editions", editions.create, WRITE, methods=POST, again=editions.index)
    pages.add("edition", one, editions.show, READ)
    pages.add("edition_edit", f"{one}/edit", editions.edit, WRITE)
    pages.add("edition_change", f"{one}/edit", editions.change, WRITE, methods=POST, again=editions.edit)
    pages.add("edition_clear", f"{one}/clear", editions.clear, WRITE, methods=POST)
    pages.add("edition_issue", f"{one}/issue", editions.issue, WRITE, methods=POST)
    pages.add("edition_counts", f"{one}/reconciliation", editions.reconciliation, READ)
    pages.add("edition_comparison", f"{one}/comparison", entries.comparison, READ)
    pages.add("list_matches", f"{one}/matches", entries.matches, READ)
    pages.add("list_match_run", f"{one}/matches", entries.match, WRITE, methods=POST)
    pages.add("list_match_decide", "/editions/matches/<int:match_id>", entries.decide, WRITE, methods=POST)
    pages.add("list_entry", "/editions/entries/<int:entry_id>", entries.show, READ)


nav_item(NavItem(_l("Catalogue"), _l("National drug list"), "catalogue.editions", "journal-text", READ, order=58))


def _edition(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    try:
        found: Edition = queries.one(session, int(identity), actor)
    except NotFound:
        return None
    return found.title, url_for("catalogue.edition", edition_id=found.id)


def _match(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    found = session.get(ListMatch, int(identity))
    if found is None or _edition(session, actor, str(found.edition_id)) is None:
        return None
    return found.entry.name, url_for("catalogue.list_entry", entry_id=found.entry_id)


def _class(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    found = session.get(ListClass, int(identity))
    if found is None or _edition(session, actor, str(found.edition_id)) is None:
        return None
    where = {"part": found.part.value, "class": found.code}
    return found.name, url_for("catalogue.edition", edition_id=found.edition_id, **where)  # type: ignore[arg-type]  # any value may stand in an address


subject_link("list_edition", _edition)
subject_link("list_class", _class)
panel("catalogue.drug", 20, READ, entries.drug_panel)
panel("catalogue.product", 20, READ, entries.product_panel)
subject_link("list_match", _match)
