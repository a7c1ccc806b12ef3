"""What of credit stands on the first page: the ratings that wait, and a company's own letter of the year."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.i18n import _, label
from kernel.templating import minute, nearness
from kernel.web import Queue, QueueRow
from pricing.credit.queries import unsigned
from pricing.credit.ratings.flow import OPEN
from pricing.credit.ratings.models import CreditRating
from pricing.credit.ratings.queries.ratings import stage_of
from pricing.credit.ratings.queries.waiting import DUE, WAITS, first
from pricing.credit.ratings.rules import NUMBERS


def queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show what of ratings waits for the reader, what is due first first; a company's unsigned letter before it."""
    if not (actor.supplies or actor.may(P.CREDIT_RATE)):
        return None
    found = first(session, actor, at)
    letters, _late = unsigned(session, actor, at)
    rows = [_letter(at)] * letters + [_row(one, actor, at) for one in found.rows]
    url = url_for("pricing.credit_ratings", state=WAITS)
    return Queue(_("Credit"), "", rows[:3], found.total + letters, url, _("Nothing of credit waits for you"))


def _letter(at: datetime) -> QueueRow:
    what = _("Commitment letter of %(year)s, not signed", year=today(at).year)
    detail = _("without it no bid, no new listing and no filed purchase")
    return QueueRow(what, url_for("pricing.commitment"), tone="warn", detail=detail)


def _row(one: CreditRating, actor: Actor, at: datetime) -> QueueRow:
    open_until = one.due_at if one.state in OPEN and one.due_at and one.due_at >= at else None
    due = "".join(NUMBERS[each.number - 1] for each in one.corrections if each.state in DUE) if actor.supplies else ""
    return QueueRow(
        what=f"{one.number} {label(one.matter)}", url=url_for("pricing.credit_rating", rating_id=one.id),
        due=minute(open_until) if open_until else _("corrections %(numbers)s", numbers=due) if due else "",
        tone=nearness(open_until, at).tone if open_until else "",
        detail=label(one.level) if actor.supplies else one.company.shown_name, amount=label(stage_of(one, at)),
    )  # fmt: skip
