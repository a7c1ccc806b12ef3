"""Pages of applications: the list, the form, one application with all that was said about it."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.clock import today
from kernel.files import queries as files
from kernel.forms import mistakes
from kernel.i18n import _, label
from kernel.sending import attachment
from kernel.web import flash_done, paginate, redirect_to, render
from pricing.items.applications import rules, schemas
from pricing.items.applications.flow import APPLICATION_FLOW, DECISIONS, Criterion, Ground, ReportKind
from pricing.items.applications.models import ItemApplication
from pricing.items.applications.queries import about, applications, panels, rounds
from pricing.items.applications.queries.about import PARENT, REPORT
from pricing.items.applications.services import applying


def index(call: Call) -> str:
    """List the applications the reader may see."""
    found = paginate(call.session, applications.listing(call.actor, **applications.asked(call.args)))
    here = call.actor.region
    return render(
        "pricing/new_items.html", list=found, counts=applications.counts(call.session, call.actor),
        state_of=lambda one: applications.state_of(one, call.at), at=call.at,
        open_round=rounds.now_open(call.session, here, call.at, urgent=False) if here else None,
    )  # fmt: skip


def new(call: Call) -> str:
    """Show an empty form."""
    return _form(call, None)


def edit(call: Call, application_id: int) -> str:
    """Show the form of an application that is with its hospital."""
    return _form(call, applications.one(call.session, application_id, call.actor))


def _form(call: Call, one: ItemApplication | None) -> str:
    kept = files.of_parent(call.session, PARENT, one.id) if one else []
    return render(
        "pricing/new_item_form.html", one=one, files=kept, form=call.form, errors=mistakes(call.error),
        open_round=rounds.now_open(call.session, call.actor.region, call.at, urgent=False),
    )  # fmt: skip


def create(call: Call) -> Response:
    """Keep a new application."""
    return _save(call, None)


def save(call: Call, application_id: int) -> Response:
    """Keep what was changed."""
    return _save(call, application_id)


def _save(call: Call, application_id: int | None) -> Response:
    found = applying.save(
        call.session, application_id=application_id, draft=schemas.draft(call.form), given=schemas.attached(call.files),
        actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The application is saved. Look at the items like it before you submit."))
    return redirect_to("pricing.new_item", application_id=found.id)


def show(call: Call, application_id: int) -> str:
    """Show an application with everything the reader may know of it and do with it."""
    one = applications.one(call.session, application_id, call.actor)
    values = {**_said(call, one), **_may(call, one)}
    return render("pricing/new_item.html", one=one, form=call.form, errors=mistakes(call.error), **values)


def _said(call: Call, one: ItemApplication) -> dict[str, Any]:
    """Return what was said about an application; experts' places and other hospitals' papers are the bureaus'."""
    inside = call.actor.runs_platform
    reports = about.reports(call.session, one.id)
    seats = panels.seats(call.session, one.id) if inside else []
    return {
        "inside": inside, "state": applications.state_of(one, call.at), "at": call.at,
        "files": files.of_parent(call.session, PARENT, one.id), "reports": reports,
        "report_files": files.of_parents(call.session, REPORT, [each.id for each in reports]),
        "opinions": about.opinions(call.session, one.id), "seats": seats, "today": today(call.at),
        "scores_open": panels.may_be_read(one, seats, call.at),
        "means": panels.means(seats), "criteria": list(Criterion),
        "siblings": about.siblings(call.session, one) if inside else [],
        "objections": about.objections(call.session, one.id, call.actor, whole=True),
    }  # fmt: skip


def _may(call: Call, one: ItemApplication) -> dict[str, Any]:
    """Return what the reader may do with an application now."""
    state = applications.state_of(one, call.at)
    reviews = applications.may_review(one, call.actor, applications.staffed(call.session))
    files_it = call.actor.may(P.NEW_ITEM_FILE) and one.hospital_id == call.actor.organisation_id
    actions = APPLICATION_FLOW.actions(state)
    panel = reviews and state.value == "expert-panel"
    return {
        "bar": about.bar(call.session, one, call.at) if reviews else None, "reviews": reviews,
        "files_it": files_it, "actions": [action.value for action in actions],
        "verdicts": [(action.value, label(action)) for action in actions if action in DECISIONS],
        "grounds": [(ground.value, label(ground)) for ground in Ground],
        "kinds": [(kind.value, label(kind)) for kind in kinds_now(one)],
        "experts": panels.candidates(call.session, one) if panel else [],
        "earliest": rules.earliest_use(today(call.at)),
    }  # fmt: skip


def kinds_now(one: ItemApplication) -> tuple[ReportKind, ...]:
    """Return what a hospital may hand in about a trial now."""
    if one.state.value == "in-trial":
        return (ReportKind.MIDTERM,)
    return (ReportKind.FORMAL, ReportKind.EXTENSION) if one.state.value in ("trial-continued", "trial-extended") else ()


def submit(call: Call, application_id: int) -> Response:
    """Submit an application."""
    found = applying.submit(call.session, application_id=application_id, actor=call.actor, at=call.at)
    flash_done(_("The application is submitted under number %(number)s.", number=found.number))
    return redirect_to("pricing.new_item", application_id=application_id)


def withdraw(call: Call, application_id: int) -> Response:
    """Withdraw an application."""
    applying.withdraw(call.session, application_id=application_id, actor=call.actor, at=call.at)
    flash_done(_("The application is withdrawn."))
    return redirect_to("pricing.new_item", application_id=application_id)


def download(call: Call, application_id: int, file_id: int) -> Response:
    """Send a file of an application, or of a report on its trial."""
    one = applications.one(call.session, application_id, call.actor)
    return attachment(about.file_of(call.session, one.id, file_id))


def all_rounds(call: Call) -> str:
    """List the rounds, with the form of a new one for those who open them."""
    return render(
        "pricing/new_item_rounds.html", list=paginate(call.session, rounds.rounds(call.actor)), form=call.form,
        errors=mistakes(call.error), at=call.at,
        provinces=[(one.code, one.name) for one in rounds.provinces(call.session, call.actor)],
    )  # fmt: skip


def open_round(call: Call) -> Response:
    """Open a round."""
    applying.open_round(call.session, new=schemas.new_round(call.form), actor=call.actor, at=call.at)
    flash_done(_("The round is opened."))
    return redirect_to("pricing.new_item_rounds")
