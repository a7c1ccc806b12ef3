"""The first page, the language switch and the health check."""

from __future__ import annotations

from flask import jsonify, redirect, request, session
from sqlalchemy import text
from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.i18n import LOCALES
from kernel.web import registry, render


def index(call: Call) -> str:
    """Show what waits for this reader; strangers see what is public."""
    if not call.actor.signed_in:
        return render("kernel/welcome.html")
    made = [
        make(call.session, call.actor, call.at)
        for _order, permission, make in sorted(registry.queues, key=lambda row: row[0])
        if call.actor.may(permission)
    ]
    return render("kernel/home.html", queues=[queue for queue in made if queue is not None], at=call.at)


def language(call: Call, locale: str) -> Response:
    """Switch the language and go back to the page."""
    if locale in LOCALES:
        session["locale"] = locale
    return redirect(local_path(request.args.get("next", "/")), 303)


def local_path(path: str) -> str:
    """Return the path if it stays on this site, else the first page.

    Browsers drop control characters and read backslashes as slashes, so "/\\t/elsewhere" would leave the site.
    """
    harmless = path.startswith("/") and path.isprintable() and "\\" not in path
    return path if harmless and not path.startswith("//") else "/"


def health(call: Call) -> Response:
    """Answer when the database answers."""
    call.session.execute(text("select 1"))
    return jsonify({"status": "ok"})
