"""The notice box."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.notices import queries, services
from kernel.routes import Call
from kernel.web import paginate, redirect_to, render


def index(call: Call) -> str:
    """Show the reader's notices."""
    return render("kernel/notices.html", page=paginate(call.session, queries.visible(call.actor)))


def read(call: Call) -> Response:
    """Mark all as read."""
    services.read_all(call.session, actor=call.actor, at=call.at)
    return redirect_to("kernel.notices")
