"""The map of owners and relations, and what they add to the shell."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from catalogue.drugs.relations import jobs, labels, queries, views
from catalogue.drugs.relations.models import CompanyProfile, RelationProposal
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.i18n import _, _l
from kernel.routes import Pages
from kernel.web import NavItem, Queue, QueueRow, day, home_queue, nav_item, subject_link

FILE, WRITE, POST = P.DOSSIER_FILE, P.CATALOGUE_WRITE, ("POST",)
assert all((jobs, labels))  # importing them registers the job, names and sentences


def mount(pages: Pages) -> None:
    """Add the area's rows to the package's table, and its lines to the shell."""
    one, said = "/relations/<int:proposal_id>", "/profiles/<int:company_id>"
    pages.add("profile", "/profile", views.own, FILE)
    pages.add("profile_file", "/profile", views.file, FILE, methods=POST, again=views.own)
    pages.add("company_profile", said, views.show, WRITE)
    pages.add("profile_confirm", f"{said}/confirm", views.confirm_profile, WRITE, methods=POST, again=views.show)
    pages.add("profile_send_back", f"{said}/send-back", views.send_back_profile, WRITE, methods=POST, again=views.show)
    pages.add("relations", "/relations", views.index, WRITE)
    pages.add("relations_look", "/relations/look", views.look, WRITE, methods=POST)
    pages.add("relations_share", "/relations/share", views.say_share, WRITE, methods=POST, again=views.index)
    pages.add("relation_confirm", f"{one}/confirm", views.confirm, WRITE, methods=POST, again=views.again)
    pages.add("relation_reject", f"{one}/reject", views.reject, WRITE, methods=POST, again=views.again)
    title = _l("Relations to confirm")
    nav_item(NavItem(_l("Catalogue"), title, "catalogue.relations", "link-45deg", WRITE, count=waiting, order=65))
    nav_item(NavItem(_l("Bidding"), _l("Owners and address"), "catalogue.profile", "building-check", FILE, order=32))
    home_queue(WRITE, queue, order=45)
    subject_link("company_profile", _profile)
    subject_link("related_proposal", _proposal)


def waiting(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count the relations and statements that wait for the agency."""
    return queries.waiting(session) + len(queries.filed(session)), False


def queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show on the agency's first page which relations wait for a decision."""
    found = queries.proposals(session)
    rows = [
        QueueRow(
            what=f"{one.first.shown_name}、{one.second.shown_name}", url=url_for("catalogue.relations"),
            due=day(one.found_at), detail="；".join(str(each["value"]) for each in one.grounds),
        )
        for one in found[:3]
    ]  # fmt: skip
    title, empty = _("Relations to confirm"), _("No relation waits for a decision")
    return Queue(title, _("oldest first"), rows, len(found), url_for("catalogue.relations"), empty)


def _profile(session: Session, actor: Actor, key: str) -> tuple[str, str] | None:
    found = session.get(CompanyProfile, int(key))
    if found is None or not (actor.runs_platform or found.company_id == actor.organisation_id):
        return None
    own = found.company_id == actor.organisation_id
    place = url_for("catalogue.profile") if own else url_for("catalogue.company_profile", company_id=found.company_id)
    return found.company.name, place


def _proposal(session: Session, actor: Actor, key: str) -> tuple[str, str] | None:
    found = session.get(RelationProposal, int(key)) if actor.may(WRITE) else None
    if found is None:
        return None
    return f"{found.first.shown_name}、{found.second.shown_name}", url_for("catalogue.relations")
