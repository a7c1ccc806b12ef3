"""Sign-in, sign-out and one's own account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import current_app, g, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from kernel.auth import queries, rules, schemas
from kernel.auth.guard import TOKEN
from kernel.auth.services import keys, passwords
from kernel.auth.services import sign_in as sessions
from kernel.auth.tokens import digest
from kernel.calls import Call
from kernel.config import Settings
from kernel.forms import mistakes
from kernel.home import local_path
from kernel.i18n import _, _n
from kernel.problems import sentence
from kernel.web import flash_done, redirect_to, render

KEY = "key-once"


def settings() -> Settings:
    """Return the installation's settings."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def demands() -> rules.PasswordRules:
    """Return what this installation asks of a password."""
    return rules.password_rules(settings().password_profile)


def sign_in(call: Call) -> ResponseReturnValue:
    """Ask who it is."""
    target = local_path(call.args.get("next", "/"))
    if call.actor.signed_in:
        return redirect(target, 303)
    return render("kernel/sign_in.html", next=target, login="", refused="")


def sign_in_post(call: Call) -> ResponseReturnValue:
    """Open a session, with a cookie that knew nothing of the one before."""
    target, login = local_path(call.form.get("next", "/")), call.form.get("login", "")
    outcome = sessions.sign_in(
        call.session, login=login, password=call.form.get("password", ""), address=request.remote_addr or "",
        at=call.at, lives=timedelta(hours=settings().session_hours), old_token=session.get(TOKEN, ""),
        production=settings().production,
    )  # fmt: skip
    if isinstance(outcome, sessions.Failed):
        return render("kernel/sign_in.html", next=target, login=login, refused=sentence(outcome.refusal)), 422
    start_browser_session(outcome.token)
    return redirect(target, 303)


def start_browser_session(token: str) -> None:
    """Empty the cookie, keep the language, put in the new token."""
    locale = session.get("locale")
    session.clear()
    session[TOKEN] = token
    if locale:
        session["locale"] = locale


def sign_out(call: Call) -> Response:
    """End the session."""
    sessions.sign_out(call.session, token=session.pop(TOKEN, ""), actor=call.actor, at=call.at)
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale
    return redirect_to("kernel.home")


def set_password(call: Call) -> str:
    """Let the holder of a link set a password."""
    token = call.form.get("token") or call.args.get("token", "")
    user = queries.live_link(call.session, token, call.at).user
    where: dict[str, Any] = {"action": url_for("kernel.set_password_post"), "token": token, "field": "password"}
    return render(
        "kernel/set_password.html", user=user, rules=demands(), errors=mistakes(call.error), by_link=True, **where
    )


def set_password_post(call: Call) -> Response:
    """Set it, and use the link up."""
    passwords.set_by_link(
        call.session, token=call.form.get("token", ""), password=schemas.new_password(call.form),
        profile=settings().password_profile, locale=str(get_locale()), at=call.at,
    )  # fmt: skip
    flash_done(_("The password is set. Sign in with it."))
    return redirect_to("kernel.sign_in")


def password(call: Call) -> str:
    """Show the form for changing one's own password."""
    return render(
        "kernel/set_password.html", rules=demands(), errors=mistakes(call.error), by_link=False, due=g.password_due,
        action=url_for("kernel.password_post"), field="new",
    )  # fmt: skip


def password_post(call: Call) -> Response:
    """Change one's own password; every session ends, and one signs in with the new one."""
    passwords.change_own(
        call.session, current=call.form.get("current", ""), new=schemas.new_password(call.form, "new"),
        actor=call.actor, profile=settings().password_profile, at=call.at,
    )  # fmt: skip
    session.pop(TOKEN, None)
    flash_done(_("The password is changed and every session ended. Sign in with the new one."))
    return redirect_to("kernel.sign_in")


def account(call: Call) -> str:
    """Show one's own account and where it is signed in."""
    return render(
        "kernel/account.html", sessions=queries.own_sessions(call.session, call.actor, call.at),
        this=digest(session.get(TOKEN, "")), rules=demands(), form=call.form, errors=mistakes(call.error),
        may_hold=rules.may_hold_keys(call.actor.organisation_kind), days=rules.POLICY.value("key.days"),
        keys=queries.own_keys(call.session, call.actor, call.at), key_once=session.pop(KEY, ""),
    )  # fmt: skip


def key_issue(call: Call) -> Response:
    """Make an access key; its token is shown on the next page, this once."""
    writes = call.form.get("writes") == "1"
    _made, token = keys.issue(
        call.session, name=call.form.get("name", ""), writes=writes, actor=call.actor, at=call.at
    )  # fmt: skip
    session[KEY] = token
    return redirect_to("kernel.account")


def key_revoke(call: Call, key_id: int) -> Response:
    """End one of one's own keys."""
    found = keys.revoke(call.session, key_id=key_id, actor=call.actor, at=call.at)
    flash_done(_("The key %(name)s is revoked.", name=found.name))
    return redirect_to("kernel.account")


def sessions_end(call: Call) -> Response:
    """End one's other sessions."""
    ended = sessions.end_others(call.session, token=session.get(TOKEN, ""), actor=call.actor, at=call.at)
    flash_done(_n("%(num)s other session ended.", "%(num)s other sessions ended.", ended))
    return redirect_to("kernel.account")
