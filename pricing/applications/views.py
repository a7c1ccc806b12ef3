"""Pages of applications: the queue with batch review, one application with all that is beside it, the form."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from catalogue.drugs.queries import products
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.clock import today
from kernel.errors import DomainError, NotFound
from kernel.files import queries as stored
from kernel.forms import FormReader, mistakes
from kernel.i18n import _, label
from kernel.identity import record_id
from kernel.paging import windowed
from kernel.problems import sentence
from kernel.sending import attachment
from kernel.web import Queue, QueueRow, day, flash_done, page_number, redirect_to, render
from pricing.applications import schemas
from pricing.applications.flow import APPLICATION_FLOW, ApplicationAction, ApplicationState, Back, Check, Purpose
from pricing.applications.labels import source_name
from pricing.applications.models import ListingApplication
from pricing.applications.queries import applications as queries
from pricing.applications.services import filing, reviewing
from pricing.listings.flow import ListingKind

KINDS = tuple(kind for kind in ListingKind if kind is not ListingKind.AGREEMENT)


def index(call: Call) -> str:
    """List applications, the oldest first; reviewers choose many at once."""
    asked = queries.asked(call.args, call.actor)
    found = queries.listing(call.actor, **asked)
    return render(
        "pricing/applications.html", list=windowed(call.session, found, number=page_number()),
        tally=queries.tally(call.session, call.actor), today=today(call.at), A=ApplicationAction,
        purposes=[(one.value, label(one)) for one in Purpose], states=ApplicationState, checks=Check,
        regions=queries.regions(call.session), errors=mistakes(call.error),
    )  # fmt: skip


def batch(call: Call) -> Response:
    """Check or approve what was chosen; what is left is told with its reason."""
    ids = [id_ for written in call.form.getlist("chosen") if (id_ := record_id(written))]
    reader = FormReader(call.form)
    action = reader.choice("action", ApplicationAction, _("Action"))
    reader.done()
    done = reviewing.review_many(call.session, application_ids=ids, action=action, actor=call.actor, at=call.at)
    why = "; ".join(f"#{id_} {sentence(DomainError(code, name=call.actor.name))}" for id_, code in done.left)
    flash_done(_("Done: %(done)s. Left: %(left)s. %(why)s", done=done.done, left=len(done.left), why=why))
    return redirect_to("pricing.applications")


def new(call: Call) -> str:
    """Show the form, empty or with what a listing already says."""
    product = record_id(call.form.get("product_id") or call.args.get("product", ""))
    chosen = products.one(call.session, product) if product else None
    return _form(call, None, chosen=chosen, values=call.form or call.args)


def edit(call: Call, application_id: int) -> str:
    """Show the form of a returned application."""
    found = queries.one(call.session, application_id, call.actor)
    if not APPLICATION_FLOW.allows(found.state, ApplicationAction.SUBMIT):
        raise NotFound(application=application_id)
    return _form(call, found, chosen=found.product, values=call.form or _values(found))


def _form(call: Call, found: ListingApplication | None, **more: Any) -> str:
    return render(
        "pricing/application_form.html", found=found, errors=mistakes(call.error), today=today(call.at),
        regions=queries.regions(call.session), kinds=[(one.value, label(one)) for one in KINDS],
        purposes=[(one.value, label(one)) for one in Purpose], **more,
    )  # fmt: skip


def _values(found: ListingApplication) -> dict[str, Any]:
    said = {True: "yes", False: "no", None: ""}[found.passed]
    held = {name: getattr(found, name) for name in queries.FIELDS}
    return {name: "" if value is None else value for name, value in held.items()} | {"passed": said}


def submit(call: Call) -> Response:
    """Submit an application with its documents."""
    made = filing.submit(call.session, draft=schemas.draft(call.form), actor=call.actor, at=call.at)
    _attach(call, made.id)
    flash_done(_("The application is submitted; two persons of the bureau review it."))
    return redirect_to("pricing.application", application_id=made.id)


def mend(call: Call, application_id: int) -> Response:
    """Submit a returned application anew."""
    filing.mend(
        call.session, application_id=application_id, draft=schemas.draft(call.form),
        version=record_id(call.form.get("version", "")) or 0, actor=call.actor, at=call.at,
    )  # fmt: skip
    _attach(call, application_id)
    flash_done(_("The application is submitted anew."))
    return redirect_to("pricing.application", application_id=application_id)


def _attach(call: Call, application_id: int) -> None:
    given = [(one.filename, one.stream.read()) for one in call.files.getlist("file") if one.filename]
    if given:
        call.session.flush()
        filing.attach(call.session, application_id=application_id, files=given, actor=call.actor, at=call.at)


def show(call: Call, application_id: int) -> str:
    """Show an application: old and new, checks, neighbours' prices, who said what, and what can be done."""
    found, day_ = queries.one(call.session, application_id, call.actor), today(call.at)
    actions = APPLICATION_FLOW.actions(found.state) if _reviews(call, found) else ()
    return render(
        "pricing/application.html", found=found, actions=actions, A=ApplicationAction, checks=Check,
        neighbours=queries.neighbours(call.session, found, day_), files=queries.files(call.session, found),
        history=queries.history(call.session, found), errors=mistakes(call.error), values=call.form, today=day_,
        backs=[(one.value, label(one)) for one in Back], own=found.company_id == call.actor.organisation_id,
        stale=isinstance(call.error, reviewing.Stale), flow=APPLICATION_FLOW, source_name=source_name,
    )  # fmt: skip


def _reviews(call: Call, found: ListingApplication) -> bool:
    """Say whether the reader may review it: not his own, and not a second time."""
    mine = call.actor.user_id == found.submitted_by_id or found.company_id == call.actor.organisation_id
    return call.actor.may(P.LISTING_REVIEW) and not mine


def review(call: Call, application_id: int) -> Response:
    """Do what a reviewer decided."""
    reader = FormReader(call.form)
    action = reader.choice("action", ApplicationAction, _("Action"))
    back = reader.choice("back", Back, "") if call.form.get("back") else None
    reader.done()
    reviewing.review(
        call.session, application_id=application_id, action=action, back=back, text=call.form.get("text", ""),
        version=record_id(call.form.get("version", "")) or 0, actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("Saved."))
    return redirect_to("pricing.application", application_id=application_id)


def withdraw(call: Call, application_id: int) -> Response:
    """Take an application back."""
    filing.withdraw(call.session, application_id=application_id, actor=call.actor, at=call.at)
    flash_done(_("The application is withdrawn."))
    return redirect_to("pricing.application", application_id=application_id)


def file(call: Call, application_id: int, file_id: int) -> Response:
    """Send a document of an application."""
    found = queries.one(call.session, application_id, call.actor)
    return attachment(stored.one(call.session, file_id, parent_kind=queries.KIND, parent_id=found.id))


def waiting(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count what waits: for reviewers the open ones, for a company the returned ones."""
    tally = queries.tally(session, actor)
    if actor.may(P.LISTING_REVIEW):
        return tally.get(ApplicationState.SUBMITTED, 0) + tally.get(ApplicationState.CHECKED, 0), False
    return tally.get(ApplicationState.RETURNED, 0), False


def queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show on a reviewer's first page which applications wait longest, and for the first or the second person."""
    found = queries.listing(actor, states=(ApplicationState.SUBMITTED, ApplicationState.CHECKED))
    oldest = windowed(session, found, number=1, size=3)
    rows = [
        QueueRow(
            what=one.product.registered_name, url=url_for("pricing.application", application_id=one.id),
            due=_("waits since %(day)s", day=day(one.submitted_at)), amount=label(one.state),
            detail=f"{one.company.shown_name} {label(one.purpose)}",
        )
        for one in oldest.rows
    ]  # fmt: skip
    empty = _("No listing application waits")
    return Queue(
        _("Listing applications"), _("oldest first"), rows, oldest.total, url_for("pricing.applications"), empty
    )


def subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Say how an application is called and where it stands, to whoever may see it."""
    try:
        found = queries.one(session, record_id(identity) or 0, actor)
    except NotFound:
        return None
    name = f"{found.product.registered_name} {label(found.purpose)} {found.region.name}"
    return name, url_for("pricing.application", application_id=found.id)
