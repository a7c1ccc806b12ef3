"""The map of panels of experts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.i18n import _, _l, _n
from kernel.routes import Pages
from kernel.waits import Wait, waits
from kernel.web import NavItem, home_queue, nav_item
from procurement.rounds.experts import labels, queries
from procurement.rounds.experts.views import panels, papers, scoring

assert labels  # importing it registers names and sentences

POST = ("POST",)
ONE = "/rounds/<int:round_id>"
PANEL = f"{ONE}/experts"
SHEET = f"{ONE}/scoring/<int:number>"


def mount(pages: Pages) -> None:
    """Add the sub-area's rows, the experts' line and queue."""
    pages.add("expert_rounds", "/experts", scoring.index, P.EXPERT_SCORE)
    pages.add("expert_scoring", f"{ONE}/scoring", scoring.show, P.EXPERT_SCORE)
    pages.add("expert_declare", f"{ONE}/scoring", scoring.declare, P.EXPERT_SCORE, methods=POST, again=scoring.show)
    pages.add("expert_sheet", SHEET, scoring.sheet, P.EXPERT_SCORE)
    pages.add(
        "expert_file", f"{SHEET}/documents/<int:document_id>/files/<int:file_id>", papers.give_out, P.EXPERT_SCORE
    )
    pages.add("expert_sheet_save", SHEET, scoring.save, P.EXPERT_SCORE, methods=POST, again=scoring.sheet)
    pages.add("round_experts", PANEL, panels.show, P.BID_READ)
    pages.add("round_scores", f"{ONE}/scores", panels.own, P.BID_SUBMIT)
    for name, url, view in (
        ("round_experts_draw", PANEL, panels.draw_up),
        ("round_experts_confirm", f"{PANEL}/confirmation", panels.confirm),
        ("round_experts_replace", f"{PANEL}/seats/<int:seat_id>/replacement", panels.replace),
        ("round_experts_postpone", f"{PANEL}/due", panels.postpone),
        ("round_experts_dissolve", f"{PANEL}/dissolution", panels.dissolve),
        ("round_experts_return", f"{PANEL}/sheets/<int:sheet_id>/return", panels.give_back),
    ):
        pages.add(name, url, view, P.ROUND_EVALUATE, methods=POST, again=panels.again)
    nav_item(
        NavItem(
            _l("Procurement"), _l("Expert reviews"), "procurement.expert_rounds", "list-check", P.EXPERT_SCORE,
            count=scoring.count, order=22,
        )
    )  # fmt: skip
    home_queue(P.EXPERT_SCORE, scoring.queue, order=10)
    waits("round", of_rounds)


def of_rounds(session: Session, _actor: Actor, ids: Sequence[int], _at: datetime) -> Iterator[Wait]:
    """Say on the agency's board which panels rounds wait for."""
    for round_id, due, proposed in queries.working_by_round(session, ids):
        url = url_for("procurement.round_experts", round_id=round_id)
        if proposed:
            what = _n("%(num)s expert to confirm", "%(num)s experts to confirm", proposed)
            yield Wait(round_id, what, _("Second person"), None, url)
        yield Wait(round_id, _("Score sheets"), _("Experts"), due, url)
