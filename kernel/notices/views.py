"""The notice box."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.errors import DomainError
from kernel.notices import queries, services
from kernel.notices.models import Notice
from kernel.problems import sentence
from kernel.web import paginate, redirect_to, render


def index(call: Call) -> str:
    """Show the reader's notices."""
    return render("kernel/notices.html", pager=paginate(call.session, queries.visible(call.actor)), told=told)


def told(notice: Notice) -> str:
    """Say a notice in the reader's language."""
    return sentence(DomainError(notice.code, **notice.facts))


def read(call: Call) -> Response:
    """Mark all as read."""
    services.read_all(call.session, actor=call.actor, at=call.at)
    return redirect_to("kernel.notices")
