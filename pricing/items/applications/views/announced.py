"""What everybody may read of new items: those in publicity, those in trial with their prices, formal ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.errors import NotFound
from kernel.forms import mistakes
from kernel.i18n import _, label
from kernel.identity import record_id
from kernel.templating import minute
from kernel.web import Queue, QueueRow, flash_done, paginate, redirect_to, render
from pricing.items.applications.models import ItemApplication
from pricing.items.applications.queries import about, applications
from pricing.items.applications.services import publicising


def index(call: Call) -> str:
    """List what is public."""
    found = paginate(call.session, applications.announced())
    return render(
        "pricing/new_items_announced.html",
        list=found,
        at=call.at,
        state_of=lambda one: applications.state_of(one, call.at),
    )


def api_index(call: Call) -> Sequence[ItemApplication]:
    """Return what is public: items in publicity, in trial and formal ones."""
    return call.session.scalars(applications.announced()).unique().all()


def show(call: Call, application_id: int) -> str:
    """Show a public item; organisations object to it here while it is in publicity."""
    one = applications.public(call.session, application_id)
    runs = one.state.value == "in-publicity" and one.due_at is not None and call.at < one.due_at
    may = call.actor.may(P.OBJECTION_FILE) and call.actor.organisation_id != one.hospital_id
    return render(
        "pricing/new_item_announced.html", one=one, state=applications.state_of(one, call.at), runs=runs,
        may_object=runs and may, form=call.form, errors=mistakes(call.error),
        mine=about.objections(call.session, one.id, call.actor, whole=False) if call.actor.signed_in else [],
    )  # fmt: skip


def object_to(call: Call, application_id: int) -> Response:
    """Object to an item."""
    publicising.object_to(
        call.session, application_id=application_id, text=call.form.get("text", ""), actor=call.actor, at=call.at
    )  # fmt: skip
    flash_done(_("The objection is received."))
    return redirect_to("pricing.new_item_announced", application_id=application_id)


def queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show bureaus what waits for their review, and hospitals what came back or has to be priced."""
    found = applications.waiting(session, actor)
    if not actor.may(P.NEW_ITEM_REVIEW) and not actor.may(P.NEW_ITEM_FILE):
        return None
    rows = [
        QueueRow(
            what=each.name, url=url_for("pricing.new_item", application_id=each.id), due=minute(each.moved_at)[5:],
            detail=f"{label(each.state)}；{each.hospital.shown_name}", tone="warn" if each.urgent else "",
        )
        for each in found[:3]
    ]  # fmt: skip
    url = url_for("pricing.new_items")
    return Queue(_("New items"), _("waiting since"), rows, len(found), url, str(_("No new item waits for you")))


def count(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count what waits for the reader."""
    return len(applications.waiting(session, actor)), False


def subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Say how an application is called and where it is, to whoever may see it."""
    found = record_id(identity)
    try:
        one = applications.one(session, found or 0, actor)
    except NotFound:
        return None
    return one.name, url_for("pricing.new_item", application_id=one.id)
