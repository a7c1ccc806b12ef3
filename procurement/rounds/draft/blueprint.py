"""The map of region drafts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.i18n import _
from kernel.routes import Pages
from kernel.waits import Wait, waits
from kernel.web import home_queue, subject_link
from procurement.rounds.draft import labels, queries
from procurement.rounds.draft.flow import DraftState, settled
from procurement.rounds.draft.views import board, home, plan

assert labels  # registers names and sentences

POST = ("POST",)
ALL = "/rounds/<int:round_id>/draft"
ONE = f"{ALL}/<int:number>"


def mount(pages: Pages) -> None:
    """Add the pages of drafts."""
    pages.add("draft_new", f"{ALL}/new", plan.new, P.ROUND_AWARD)
    pages.add("draft_create", f"{ALL}/new", plan.create, P.ROUND_AWARD, methods=POST, again=plan.new)
    pages.add("draft_board", ONE, board.show, P.ROUND_READ)
    pages.add("draft_live", f"{ONE}/live", board.live, P.ROUND_READ)
    pages.add("draft_record", f"{ONE}/record.<form>", plan.record, P.ROUND_READ)
    pages.add("draft_choose", f"{ONE}/lots/<int:lot>/choose", board.choose, P.BID_SUBMIT, methods=POST)
    pages.add("draft_enter", f"{ONE}/lots/<int:lot>/enter", board.enter, P.ROUND_AWARD, methods=POST)
    for name in ("start", "pause", "resume", "cancel"):
        pages.add(f"draft_{name}", f"{ONE}/{name}", getattr(board, name), P.ROUND_AWARD, methods=POST)
    home_queue(P.BID_SUBMIT, home.queue, order=12)
    subject_link("region_draft", subject)
    waits("round", of_rounds)


def of_rounds(session: Session, _actor: Actor, ids: Sequence[int], at: datetime) -> Iterator[Wait]:
    """Say on the agency's board which drafts of regions are planned or under way, and when their clock moves next."""
    for one in queries.live_by_round(session, ids):
        url = url_for("procurement.draft_board", round_id=one.round_id, number=one.number)
        state = settled(one.state, one.starts_at, at)
        if state is DraftState.PLANNED:
            yield Wait(one.round_id, _("Draft of regions begins"), _("Companies"), one.starts_at, url)
        elif state is DraftState.PAUSED:
            yield Wait(one.round_id, _("Draft of regions, paused"), _("Agency"), None, url)
        else:
            yield Wait(one.round_id, _("Draft of regions under way"), _("Companies"), one.due_at, url)


def subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Say how a draft is called and where it is, to whoever may see it."""
    found = queries.named(session, int(identity), actor)
    if found is None:
        return None
    round_, draft = found
    return round_.title, url_for("procurement.draft_board", round_id=round_.id, number=draft.number)
