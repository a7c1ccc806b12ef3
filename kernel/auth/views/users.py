"""The people of an organisation, or of all for the security administrator."""

from __future__ import annotations

from flask import session, url_for
from werkzeug.wrappers import Response

from kernel.auth import queries, rules, schemas
from kernel.auth.models import User
from kernel.auth.permissions import Role
from kernel.auth.services import users
from kernel.calls import Call
from kernel.forms import mistakes
from kernel.i18n import _, label, listed
from kernel.identity import record_id
from kernel.parties.codes import OrganisationKind
from kernel.web import flash_done, paginate, redirect_to, render

LINK = "one_time_link"


def index(call: Call) -> str:
    """List the users."""
    state = call.args.get("state", "")
    query = queries.visible(
        call.actor, search=call.args.get("q", ""), role=call.args.get("role", ""),
        active={"active": True, "inactive": False}.get(state),
    )  # fmt: skip
    every = Role.SECURITY_ADMIN in call.actor.roles
    return render(
        "kernel/users.html", pager=paginate(call.session, query), every=every, role_names=role_names,
        roles_shown=[(role.value, label(role)) for role in Role],
    )  # fmt: skip


def role_names(user: User) -> str:
    """Name a user's roles."""
    return listed(label(role) for role in sorted(user.role_set))


def show(call: Call, user_id: int) -> str:
    """Show a user; a link that was just made is shown this once."""
    user = queries.one(call.session, user_id, call.actor)
    return render(
        "kernel/user.html", user=user, possible=rules.ROLES_OF[user.organisation.kind], link_once=session.pop(LINK, ""),
        errors=mistakes(call.error), own=user.id == call.actor.user_id, hours=rules.POLICY.value("link.hours"),
        by_command=user.organisation.kind is OrganisationKind.OPERATOR,
    )  # fmt: skip


def _organisation_id(call: Call) -> int | None:
    return call.args.get("organisation", type=record_id) or call.form.get("organisation", type=record_id)


def invite(call: Call) -> str:
    """Ask who is to be invited."""
    organisation = queries.organisation_for_users(call.session, _organisation_id(call), call.actor)
    return render(
        "kernel/user_form.html", organisation=organisation, possible=rules.ROLES_OF[organisation.kind],
        errors=mistakes(call.error), form=call.form, hours=rules.POLICY.value("link.hours"),
    )  # fmt: skip


def invite_post(call: Call) -> Response:
    """Add the account and make its link."""
    entered = schemas.invited(call.form)
    user, token = users.invite(
        call.session, organisation_id=_organisation_id(call), login=entered.login, name=entered.name,
        roles=entered.roles, actor=call.actor, at=call.at,
    )  # fmt: skip
    return _with_link(user.id, token)


def reset(call: Call, user_id: int) -> Response:
    """Make a link for a user who forgot the password."""
    user, token = users.send_reset(call.session, user_id=user_id, actor=call.actor, at=call.at)
    return _with_link(user.id, token)


def _with_link(user_id: int, token: str) -> Response:
    session[LINK] = url_for("kernel.set_password", token=token, _external=True)
    return redirect_to("kernel.user", user_id=user_id)


def change_roles(call: Call, user_id: int) -> Response:
    """Give a user other roles."""
    user = users.change_roles(
        call.session, user_id=user_id, roles=schemas.roles(call.form), actor=call.actor, at=call.at
    )
    flash_done(_("The roles of %(name)s are changed; open sessions ended.", name=user.name))
    return redirect_to("kernel.user", user_id=user_id)


def deactivate(call: Call, user_id: int) -> Response:
    """Close an account."""
    user = users.deactivate(call.session, user_id=user_id, actor=call.actor, at=call.at)
    flash_done(_("%(name)s can no longer sign in.", name=user.name))
    return redirect_to("kernel.user", user_id=user_id)


def reactivate(call: Call, user_id: int) -> Response:
    """Open an account again."""
    user = users.reactivate(call.session, user_id=user_id, actor=call.actor, at=call.at)
    flash_done(_("%(name)s can sign in again.", name=user.name))
    return redirect_to("kernel.user", user_id=user_id)
