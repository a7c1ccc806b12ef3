"""What bureaus do with applications, and hospitals with their trials, on an application's page."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.i18n import _
from kernel.periods import read_day
from kernel.web import flash_done, redirect_to
from pricing.items.applications import schemas
from pricing.items.applications.queries import applications
from pricing.items.applications.services import panels, publicising, reviewing, trying
from pricing.items.applications.views.applications import kinds_now


def _back(application_id: int, words: str) -> Response:
    flash_done(words)
    return redirect_to("pricing.new_item", application_id=application_id)


def accept(call: Call, application_id: int) -> Response:
    """Accept a submitted application."""
    reviewing.accept(call.session, application_id=application_id, actor=call.actor, at=call.at)
    return _back(application_id, _("The application is accepted; the city's review begins."))


def give_back(call: Call, application_id: int) -> Response:
    """Return an application to its hospital."""
    reason = call.form.get("note", "")
    reviewing.give_back(call.session, application_id=application_id, reason=reason, actor=call.actor, at=call.at)
    return _back(application_id, _("The application is returned; the hospital is told why."))


def propose(call: Call, application_id: int) -> Response:
    """Propose a decision."""
    read = schemas.proposal(call.form)
    reviewing.propose(call.session, application_id=application_id, proposal=read, actor=call.actor, at=call.at)
    return _back(application_id, _("The decision is proposed; another person confirms it."))


def confirm(call: Call, application_id: int) -> Response:
    """Confirm a proposed decision."""
    reviewing.confirm(call.session, application_id=application_id, actor=call.actor, at=call.at)
    return _back(application_id, _("The decision is confirmed; the hospital is told."))


def send_back(call: Call, application_id: int) -> Response:
    """Send a proposed decision back."""
    answer = call.form.get("answer", "")
    reviewing.send_back(call.session, application_id=application_id, answer=answer, actor=call.actor, at=call.at)
    return _back(application_id, _("The proposal went back."))


def experts(call: Call, application_id: int) -> Response:
    """Name experts."""
    made = panels.name_experts(
        call.session, application_id=application_id, user_ids=schemas.people(call.form),
        due_at=schemas.instant(call.form, "due_at"), actor=call.actor, at=call.at,
    )  # fmt: skip
    return _back(application_id, _("%(count)s experts are named and told.", count=len(made)))


def reply(call: Call, application_id: int, objection_id: int) -> Response:
    """Draft a reply to an objection."""
    publicising.reply(
        call.session, application_id=application_id, objection_id=objection_id, text=call.form.get("reply", ""),
        actor=call.actor, at=call.at,
    )  # fmt: skip
    return _back(application_id, _("The reply waits for another person."))


def reply_back(call: Call, application_id: int, objection_id: int) -> Response:
    """Send a drafted reply back."""
    publicising.send_back(
        call.session, application_id=application_id, objection_id=objection_id, actor=call.actor, at=call.at
    )  # fmt: skip
    return _back(application_id, _("The reply went back to be written anew."))


def reply_confirm(call: Call, application_id: int, objection_id: int) -> Response:
    """Confirm a drafted reply."""
    publicising.confirm(
        call.session, application_id=application_id, objection_id=objection_id, actor=call.actor, at=call.at
    )  # fmt: skip
    return _back(application_id, _("The reply is out; the objector is told."))


def price(call: Call, application_id: int) -> Response:
    """File the trial price."""
    trying.file_price(
        call.session, application_id=application_id, price=schemas.number(call.form, "price"),
        starts_on=read_day(call.form.get("starts_on", "")), actor=call.actor, at=call.at,
    )  # fmt: skip
    return _back(application_id, _("The price is filed and published."))


def report(call: Call, application_id: int) -> Response:
    """Hand in a report on the trial."""
    one = applications.one(call.session, application_id, call.actor)
    read, given = schemas.told(call.form, kinds_now(one)), schemas.attached(call.files)
    trying.report(call.session, application_id=application_id, told=read, given=given, actor=call.actor, at=call.at)
    return _back(application_id, _("It is handed in; the bureau evaluates it."))
