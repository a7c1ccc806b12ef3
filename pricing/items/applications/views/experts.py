"""An expert's pages: applications to review, the declaration of interests, the scores."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.files import queries as files
from kernel.forms import mistakes
from kernel.i18n import _, label
from kernel.sending import attachment
from kernel.templating import minute
from kernel.web import Queue, QueueRow, flash_done, redirect_to, render
from pricing.items.applications import schemas
from pricing.items.applications.flow import Criterion, PlaceState
from pricing.items.applications.queries import panels
from pricing.items.applications.queries.about import PARENT
from pricing.items.applications.services import panels as verbs


def index(call: Call) -> str:
    """List the applications on which the reader has a place."""
    found = panels.my_seats(call.session, call.actor)
    return render("pricing/new_item_seats.html", found=found, owed=panels.owed(found, call.at))


def show(call: Call, application_id: int) -> str:
    """Show an application to one of its experts: to declare about, then to score; other scores after one's own."""
    seat = panels.my_seat(call.session, application_id, call.actor)
    every = panels.seats(call.session, application_id)
    mine = seat.state is PlaceState.SUBMITTED
    return render(
        "pricing/new_item_score.html", seat=seat, one=seat.application, form=call.form, errors=mistakes(call.error),
        files=files.of_parent(call.session, PARENT, application_id) if seat.state in panels.READS else [],
        works=panels.works(seat, call.at), criteria=[(one.value, label(one)) for one in Criterion],
        others=every if mine and panels.may_be_read(seat.application, every, call.at) else [],
    )  # fmt: skip


def declare(call: Call, application_id: int) -> Response:
    """Declare interests."""
    verbs.declare(
        call.session, application_id=application_id, conflict=schemas.answer(call.form, "conflict"),
        ground=call.form.get("ground", ""), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("Your declaration is on record."))
    return redirect_to("pricing.new_item_score", application_id=application_id)


def score(call: Call, application_id: int) -> Response:
    """Submit scores for good."""
    verbs.score(
        call.session, application_id=application_id, marks=schemas.marks(call.form), note=call.form.get("note", ""),
        recommends=schemas.answer(call.form, "recommends"), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("Your scores are submitted."))
    return redirect_to("pricing.new_item_score", application_id=application_id)


def download(call: Call, application_id: int, file_id: int) -> Response:
    """Send a file of an application to one of its experts without a conflict of interest."""
    panels.my_reading(call.session, application_id, call.actor)
    return attachment(files.one(call.session, file_id, parent_kind=PARENT, parent_id=application_id))


def queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show an expert the new items that wait for it."""
    if not actor.may(P.EXPERT_SCORE):
        return None
    found = panels.owed(panels.my_seats(session, actor), at)
    rows = [
        QueueRow(
            what=seat.application.name, url=url_for("pricing.new_item_score", application_id=seat.application_id),
            due=minute(seat.application.due_at)[5:], detail=label(seat.state),
        )
        for seat in found[:3]
    ]  # fmt: skip
    url = url_for("pricing.new_item_seats")
    return Queue(_("New items to review"), "", rows, len(found), url, str(_("No new item waits for your scores")))


def count(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count the applications that wait for the reader's declaration or scores."""
    return len(panels.owed(panels.my_seats(session, actor), at)), False
