"""The map of voids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.i18n import _, _n
from kernel.routes import Api, Pages
from kernel.waits import Wait, waits
from procurement.rounds.voids import labels, queries, views

assert labels  # importing it registers names and sentences

POST, ALL = ("POST",), "/rounds/<int:round_id>/voids"


def mount(pages: Pages, _api: Api) -> None:
    """Add the area's rows to the package's table."""
    pages.add("round_voids", ALL, views.show, P.ROUND_PUBLISH)
    pages.add("round_void_ask", ALL, views.ask, P.ROUND_PUBLISH, methods=POST, again=views.show)
    one = f"{ALL}/<int:request_id>"
    pages.add("round_void_confirm", f"{one}/confirm", views.confirm, P.ROUND_PUBLISH, methods=POST)
    pages.add("round_void_refuse", f"{one}/refuse", views.refuse, P.ROUND_PUBLISH, methods=POST)
    waits("round", of_rounds)


def of_rounds(session: Session, actor: Actor, ids: Sequence[int], _at: datetime) -> Iterator[Wait]:
    """Say on the agency's board which voids wait for a second person."""
    for round_id, count in queries.asked_by_round(session, ids).items():
        url = url_for("procurement.round_voids", round_id=round_id) if actor.may(P.ROUND_PUBLISH) else ""
        yield Wait(
            round_id, _n("%(num)s void to confirm", "%(num)s voids to confirm", count), _("Second person"), None, url
        )
