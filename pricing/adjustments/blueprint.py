"""The map of adjustment plans."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import NotFound
from kernel.i18n import _, _l
from kernel.identity import record_id
from kernel.routes import Pages
from kernel.web import NavItem, Queue, QueueRow, home_queue, nav_item, subject_link
from pricing.adjustments import exports, labels
from pricing.adjustments.flow import PlanState
from pricing.adjustments.queries import plans
from pricing.adjustments.views import complexes, lines, steps
from pricing.adjustments.views import plans as views

READ, WRITE, SAY, POST = P.ADJUSTMENT_READ, P.ADJUSTMENT_WRITE, P.ADJUSTMENT_SAY, ("POST",)
ONE = "/adjustments/<int:plan_id>"
SHOWN = 3
assert labels and exports  # importing them registers names, sentences and workbooks


def mount(pages: Pages) -> None:
    """Add the area's rows to the package's table, its line to the side bar and its queue to the first page."""
    pages.add("adjustments", "/adjustments", views.index, P.PUBLIC)
    pages.add("adjustment_new", "/adjustments/new", views.new, WRITE)
    pages.add("adjustment_create", "/adjustments/new", views.create, WRITE, methods=POST, again=views.new)
    pages.add("adjustment", ONE, views.show, P.PUBLIC)
    pages.add("adjustment_fill", f"{ONE}/fill", views.fill, WRITE, methods=POST, again=views.show)
    pages.add("adjustment_put_off", f"{ONE}/day", views.put_off, WRITE, methods=POST, again=views.show)
    pages.add("adjustment_effect", f"{ONE}/effect", views.effect, READ)
    pages.add("adjustment_paper", f"{ONE}/notes/<int:note_id>/<int:file_id>", views.paper, READ)
    for name, view in (("act", steps.act), ("ask", steps.ask), ("vote", steps.vote)):
        pages.add(f"adjustment_{name}", f"{ONE}/{name}", view, WRITE, methods=POST, again=views.show)
    pages.add("adjustment_say", f"{ONE}/say", steps.say, SAY, methods=POST, again=views.show, long=("text",))
    pages.add("adjustment_reply", f"{ONE}/statements/<int:statement_id>/reply", steps.reply, WRITE, methods=POST)
    _lines(pages)
    nav_item(
        NavItem(_l("Service prices"), _l("Price adjustments"), "pricing.adjustments", "graph-up", P.PUBLIC, _count, 75)
    )
    home_queue(WRITE, _queue, order=25)
    subject_link("adjustment_plan", _subject)


def _lines(pages: Pages) -> None:
    pages.add("adjustment_lines", f"{ONE}/lines", lines.show, P.PUBLIC)
    pages.add("adjustment_save", f"{ONE}/lines", lines.save, WRITE, methods=POST, again=lines.show, long=("lines",))
    pages.add("adjustment_add", f"{ONE}/lines/add", lines.add, WRITE, methods=POST, again=lines.show)
    pages.add("adjustment_complex", f"{ONE}/complex", complexes.show, P.SIGNED_IN)
    for name, view, permission in (("mark", complexes.mark, WRITE), ("round", complexes.open_round, WRITE),
                                   ("price", complexes.propose, SAY), ("adopt", complexes.adopt, WRITE)):  # fmt: skip
        pages.add(f"adjustment_{name}", f"{ONE}/complex/{name}", view, permission, methods=POST, again=complexes.show)


def _count(session: Session, actor: Actor, _at: datetime) -> tuple[int, bool]:
    """Count the plans that wait for the actor's vote."""
    return (plans.waiting(session, actor) if actor.may(WRITE) else 0), False


def _queue(session: Session, actor: Actor, _at: datetime) -> Queue | None:
    """Plans that wait for votes; hidden where there is none for the reader."""
    count = plans.waiting(session, actor)
    if not count:
        return None
    found = session.scalars(plans.to_vote(actor).limit(SHOWN)).all()
    rows = [QueueRow(one.title, url_for("pricing.adjustment", plan_id=one.id), "", "", one.code) for one in found]
    address = url_for("pricing.adjustments", state=PlanState.DECISION.value)
    return Queue(_("Price plans to vote on"), "", rows, count, address, "")


def _subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Name a plan for the audit pages."""
    try:
        found = plans.one(session, record_id(identity) or 0, actor)
    except NotFound:
        return None
    return f"{found.code} {found.title}", url_for("pricing.adjustment", plan_id=found.id)
