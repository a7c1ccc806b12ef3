"""The page of the national list."""

from __future__ import annotations

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.clock import today
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.identity import record_id
from kernel.paging import Page
from kernel.web import flash_done, page_number, redirect_to, render
from pricing.credit.national import queries, services
from pricing.credit.national.models import NationalRating
from pricing.credit.ratings.queries.ratings import governs
from pricing.credit.ratings.views.ratings import day_of, quarters

SIZE = 50


def subject(session: Session, _actor: Actor, identity: str) -> tuple[str, str] | None:
    """Say how a rating is called and where it stands."""
    found = session.get(NationalRating, record_id(identity) or 0)
    return (f"{found.number} {found.company}", url_for("pricing.credit_national")) if found else None


def index(call: Call) -> str:
    """Show the serious ratings of all provinces on a day, today's where none is named."""
    now, number = today(call.at), page_number()
    on = day_of(call.args.get("on", ""), now)
    found = queries.entries(call.session, on, call.args.get("q", "").strip()[:80])
    number = min(max(1, number), max(1, -(-len(found) // SIZE)))
    return render(
        "pricing/credit_national.html", on=on, today=now, quarters=quarters(now), rates=call.actor.may(P.CREDIT_RATE),
        brings=governs(call.actor, None), me=call.actor.user_id, errors=mistakes(call.error),
        unconfirmed=queries.unconfirmed(call.session, call.actor),
        list=Page(queries.shown(call.session, found[(number - 1) * SIZE : number * SIZE]), len(found), number, SIZE),
    )  # fmt: skip


def confirm(call: Call, end_id: int) -> Response:
    """Confirm what was told of a rating."""
    services.confirm(call.session, end_id=end_id, actor=call.actor, at=call.at)
    flash_done(_("Confirmed: it holds here as the province told it."))
    return redirect_to("pricing.credit_national")


def again(call: Call, end_id: int) -> str:
    """Show the list again where a confirmation was refused."""
    return index(call)
