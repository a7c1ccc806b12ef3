"""The map of filed prices."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import NotFound
from kernel.i18n import _l
from kernel.identity import record_id
from kernel.routes import Pages
from kernel.web import NavItem, nav_item, subject_link
from pricing.items.filings import labels, queries, views

assert labels  # importing it registers names and sentences


def mount(pages: Pages) -> None:
    """Add the area's rows to the package's table, and its line to the side bar."""
    post, one, item = ("POST",), "/services/filings/<int:filing_id>", "/services/<int:item_id>/filing"
    pages.add("service_filings", "/services/filings", views.index, P.SERVICE_FILINGS)
    pages.add("service_filing_new", item, views.new, P.SERVICE_FILE)
    pages.add("service_filing_create", item, views.create, P.SERVICE_FILE, methods=post, again=views.new)
    pages.add("service_filing", one, views.show, P.SERVICE_FILINGS)
    for name, view in (("accept", views.accept), ("return", views.send_back)):
        url = f"{one}/{name}"
        pages.add(f"service_filing_{name}", url, view, P.SERVICE_WRITE, methods=post, again=views.show)
    url = f"{one}/withdraw"
    pages.add("service_filing_withdraw", url, views.withdraw, P.SERVICE_FILE, methods=post, again=views.show)
    line = NavItem(
        _l("Service prices"), _l("Hospitals' own prices"), "pricing.service_filings", "clipboard-check",
        P.SERVICE_FILINGS, queries.waiting, 73,
    )  # fmt: skip
    nav_item(line)
    subject_link("service_price_filing", _filing)


def _filing(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    try:
        found = queries.one(session, record_id(identity) or 0, actor)
    except NotFound:
        return None
    return f"{found.item.code} {found.hospital.shown_name}", f"/pricing/services/filings/{found.id}"
