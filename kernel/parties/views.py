"""Organisations: applying from outside, reviewing from inside."""

from __future__ import annotations

from typing import Any

from flask import request, session, url_for
from werkzeug.wrappers import Response

from kernel.auth.rules import password_rules
from kernel.auth.views.account import settings
from kernel.calls import Call
from kernel.forms import mistakes
from kernel.i18n import _, label
from kernel.parties import queries, schemas, services
from kernel.parties.codes import OrganisationKind, OrganisationState, Ownership
from kernel.parties.flow import ORGANISATION_FLOW
from kernel.parties.models import Organisation
from kernel.parties.rules import kinds_open_to
from kernel.web import flash_done, paginate, redirect_to, render

LINK = "application_link"


def apply(call: Call) -> str:
    """Ask what the organisation is and who will administer its accounts."""
    return render(
        "kernel/organisation_apply.html", form=call.form, application=None, region_options=_regions(call),
        ownership_options=_ownerships(),
        kind_options=[(kind.value, label(kind)) for kind in kinds_open_to(call.actor.roles)],
        rules=password_rules(settings().password_profile),
        errors=mistakes(call.error), action=url_for("kernel.organisation_apply_post"),
    )  # fmt: skip


def _ownerships() -> list[tuple[str, str]]:
    return [(each.value, label(each)) for each in Ownership]


def _regions(call: Call) -> list[tuple[str, str]]:
    return [(region.code, region.name) for region in queries.regions(call.session)]


def apply_post(call: Call) -> Response:
    """File the application; the applicant's link is shown once."""
    profile, first = schemas.application(call.form, call.actor)
    _organisation, token = services.apply(
        call.session, profile=profile, first=first, actor=call.actor, passwords_by=settings().password_profile,
        address=request.remote_addr or "", at=call.at,
    )  # fmt: skip
    session[LINK] = token
    return redirect_to("kernel.application", token=token)


def application(call: Call) -> str:
    """Show the holder of the link where the application stands, and let a returned one be corrected."""
    token = call.form.get("token") or call.args.get("token", "")
    found = queries.application_by_link(call.session, token)
    follow_url = url_for("kernel.application", token=token, _external=True)
    values: Any = call.form if call.error else found.organisation.snapshot()
    return render(
        "kernel/organisation_apply.html", application=found, form=values, token=token, follow_url=follow_url,
        just_filed=session.pop(LINK, "") == token, region_options=_regions(call), errors=mistakes(call.error),
        ownership_options=_ownerships(),
        correcting=found.organisation.state is OrganisationState.RETURNED,
        action=url_for("kernel.organisation_resubmit"),
    )  # fmt: skip


def resubmit(call: Call) -> Response:
    """Hand the corrected application in again."""
    token = call.form.get("token", "")
    kind = queries.application_by_link(call.session, token).organisation.kind
    profile = schemas.profile(call.form, call.actor, kind=kind)
    services.resubmit(call.session, token=token, profile=profile, actor=call.actor, at=call.at)
    flash_done(_("The corrected application is handed in."))
    return redirect_to("kernel.application", token=token)


def index(call: Call) -> str:
    """List the organisations, those that wait for review first."""
    query = queries.found(
        call.actor, search=call.args.get("q", ""), kind=call.args.get("kind", ""), state=call.args.get("state", "")
    )
    return render(
        "kernel/organisations.html", pager=paginate(call.session, query),
        kind_options=[(kind.value, label(kind)) for kind in OrganisationKind],
        states=list(OrganisationState), counts=queries.state_counts(call.session, call.actor),
    )  # fmt: skip


def show(call: Call, organisation_id: int) -> str:
    """Show an organisation and what may be decided on it."""
    organisation = queries.one(call.session, organisation_id, call.actor)
    application = queries.application_of(call.session, organisation.id)
    own = organisation.id == call.actor.organisation_id or (
        application is not None and application.applicant_id == call.actor.user_id
    )
    actions = () if own else ORGANISATION_FLOW.actions(organisation.state)
    return render(
        "kernel/organisation.html", organisation=organisation, application=application, own=own,
        actions={action.value for action in actions},
    )  # fmt: skip


def accept(call: Call, organisation_id: int) -> Response:
    """Take an organisation in."""
    organisation = services.accept(call.session, organisation_id=organisation_id, actor=call.actor, at=call.at)
    return _decided(organisation, _("%(name)s is accepted; its people can sign in.", name=organisation.name))


def return_(call: Call, organisation_id: int) -> Response:
    """Hand an application back with a reason."""
    organisation = services.return_to_applicant(
        call.session, organisation_id=organisation_id, reason=call.form.get("reason", ""), actor=call.actor, at=call.at
    )
    return _decided(organisation, _("The application of %(name)s is returned.", name=organisation.name))


def suspend(call: Call, organisation_id: int) -> Response:
    """Shut an organisation out."""
    organisation = services.suspend(
        call.session, organisation_id=organisation_id, reason=call.form.get("reason", ""), actor=call.actor, at=call.at
    )
    return _decided(organisation, _("%(name)s is suspended; its sessions ended.", name=organisation.name))


def restore(call: Call, organisation_id: int) -> Response:
    """Let a suspended organisation in again."""
    organisation = services.restore(call.session, organisation_id=organisation_id, actor=call.actor, at=call.at)
    return _decided(organisation, _("%(name)s can sign in again.", name=organisation.name))


def _decided(organisation: Organisation, said: str) -> Response:
    flash_done(said)
    return redirect_to("kernel.organisation", organisation_id=organisation.id)
