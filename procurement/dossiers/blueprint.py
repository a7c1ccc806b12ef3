"""The map of company files, and what they add to the shell."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.errors import NotFound
from kernel.i18n import _, _l, label
from kernel.parties.codes import OrganisationKind
from kernel.routes import Api, Pages
from kernel.web import NavItem, Queue, QueueRow, day, home_queue, nav_item, subject_link
from procurement.dossiers import exports, jobs, labels, queries, views
from procurement.dossiers.flow import DocumentState, Expiry
from procurement.dossiers.models import CompanyDocument

FILE, READ, CHECK, POST = P.DOSSIER_FILE, P.DOSSIER_READ, P.DOSSIER_CHECK, ("POST",)
ONE = "/documents/<int:document_id>"
assert all((exports, jobs, labels))  # importing them registers tables, jobs, names and sentences


def mount(pages: Pages, api: Api) -> None:
    """Add the area's rows to the package's table, and its lines to the shell."""
    pages.add("dossier", "/dossier", views.own, FILE)
    pages.add("document_new", "/dossier/new", views.new, FILE)
    pages.add("document_file", "/dossier/new", views.file, FILE, methods=POST, again=views.new)
    pages.add("documents", "/documents", views.index, READ)
    pages.add("document", ONE, views.show, READ)
    pages.add("document_renewal", f"{ONE}/renewal", views.renewal, FILE)
    pages.add("document_renew", f"{ONE}/renewal", views.renew, FILE, methods=POST, again=views.renewal)
    pages.add("document_take_back", f"{ONE}/take-back", views.take_back, FILE, methods=POST)
    pages.add("document_check", f"{ONE}/check", views.check, CHECK, methods=POST, again=views.show)
    pages.add("document_send_back", f"{ONE}/send-back", views.send_back, CHECK, methods=POST, again=views.show)
    pages.add("document_kept_file", f"{ONE}/files/<int:file_id>", views.kept_file, READ)
    files = _l("Company files")
    nav_item(NavItem(_l("Bidding"), files, "procurement.dossier", "folder2-open", FILE, count=ending, order=31))
    nav_item(NavItem(_l("Procurement"), files, "procurement.documents", "folder2-open", CHECK, count=waiting, order=25))
    home_queue(FILE, ending_queue, order=30)
    home_queue(CHECK, look_queue, order=35)
    subject_link("company_document", document_link)


def ending(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count the company's documents that end or were sent back, and say whether one is over."""
    found = queries.ending(session, actor.organisation_id, today(at))
    over = (Expiry.EXPIRED,)
    return len(found), any(queries.expiry(one, today(at)) in over for one in found)


def waiting(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count the documents that wait for the agency."""
    return queries.waiting(session, actor), False


def ending_queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show on a company's first page which documents end or were sent back."""
    if actor.organisation_kind is not OrganisationKind.COMPANY:
        return None
    found = queries.ending(session, actor.organisation_id, today(at))
    rows = [_row(one, at) for one in found[:3]]
    days = queries.policy().value("expiry.near")
    title, empty = _("Documents that end"), _("No document of your company ends within %(days)s days", days=days)
    return Queue(title, _("the next first"), rows, len(found), url_for("procurement.dossier"), empty)


def _row(one: CompanyDocument, at: datetime) -> QueueRow:
    band = queries.expiry(one, today(at))
    back = one.state is DocumentState.SENT_BACK
    return QueueRow(
        what=str(label(one.kind)), url=url_for("procurement.document", document_id=one.id),
        due=str(label(one.state)) if back else day(one.until), detail=one.number,
        tone="bad" if band is Expiry.EXPIRED else "warn" if back or band is Expiry.SOON else "",
        amount="" if back else str(label(band)),
    )  # fmt: skip


def look_queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show on the agency's first page which documents wait for a look."""
    listed = queries.listing(actor, {"state": DocumentState.FILED.value}, today(at)).limit(3)
    rows = [
        QueueRow(
            what=one.company.shown_name, url=url_for("procurement.document", document_id=one.id),
            due=day(one.filed_at), detail=str(label(one.kind)), amount=one.number,
        )
        for one in session.scalars(listed)
    ]  # fmt: skip
    title, empty = _("Documents to look at"), _("No document waits for a look")
    url = url_for("procurement.documents", state=DocumentState.FILED.value)
    return Queue(title, _("oldest first"), rows, queries.waiting(session, actor), url, empty)


def document_link(session: Session, actor: Actor, key: str) -> tuple[str, str] | None:
    """Name a document for the audit pages, within the actor's scope."""
    try:
        found = queries.one(session, int(key), actor)
    except NotFound:
        return None
    return f"{label(found.kind)} {found.number}", url_for("procurement.document", document_id=found.id)
