"""At the opening the panel's work ends: means become review facts with their working, once, by nobody's choice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import SYSTEM, Actor
from kernel.errors import FileRefused, Issue
from kernel.notices.services import notify
from kernel.scores import mean
from procurement.bids.bidders.queries import is_over
from procurement.rounds.experts import queries
from procurement.rounds.experts.flow import PANEL_FLOW, PanelAction, PanelState, SeatState
from procurement.rounds.experts.models import Panel
from procurement.rounds.experts.queries import Board
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import facts as review
from procurement.rounds.queries import rounds
from procurement.rounds.rules import cells
from procurement.rounds.services import facts
from procurement.rounds.services.facts import Fact
from procurement.tags import Tag


class PanelUnfinished(FileRefused):
    """Prices are opened after the experts have scored; `issues` say what is still to come."""

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__(issues)
        self.code = "panel-unfinished"


def at_work(session: Session, round_: Round) -> Panel | None:
    """Return the panel that works for a round."""
    found = queries.panel(session, round_, fresh=True)
    return found if found is not None and found.state is PanelState.WORKING else None


def must_be_finished(session: Session, *, round_: Round, now: datetime) -> None:
    """Refuse an opening before the experts have scored: all sheets in, or the time is up and each lot has enough."""
    if issues := unfinished(session, round_=round_, now=now):
        raise PanelUnfinished(issues)


def unfinished(session: Session, *, round_: Round, now: datetime) -> list[Issue]:
    """Return what of the experts' work an opening still waits for."""
    panel = at_work(session, round_)
    if panel is None:
        return []
    found = queries.board(session, panel, now)
    numbers = {lot.id: lot.number for lot in rounds.lots(session, round_)}
    issues = [Issue("lot-without-scores", facts={"lot": numbers[lot]}) for lot in found.uncovered]
    if now < panel.due_at and found.bidders:
        issues += [Issue("seat-unconfirmed", facts={"number": seat.number}) for seat in found.proposed]
        issues += [Issue("expert-undeclared", facts={"number": seat.number}) for seat in found.undeclared]
        missing = sorted((seat.number, numbers[lot]) for seat, lot in found.missing)
        issues += [Issue("sheet-missing", facts={"number": seat, "lot": lot}) for seat, lot in missing]
    return issues


def hand_over(session: Session, *, round_: Round, actor: Actor, at: datetime) -> int:
    """Write the means of an opened round's scores as review facts; return how many."""
    panel = at_work(session, round_)
    if panel is None:
        return 0
    found = queries.board(session, panel, at)
    panel.state = PANEL_FLOW.after(panel.state, PanelAction.HAND_OVER)
    panel.ended_at, panel.ended_by_id = at, actor.user_id
    made = facts_of(session, round_, found)
    changed = facts.record(session, round_id=round_.id, facts=made, actor=actor, at=at, by_panel=True)
    counted = sum(len(found.submitted(lot)) for lot in found.bidders)
    left = sorted({seat.number for seat, _lot in found.missing} | {seat.number for seat in found.undeclared})
    told = {"round": round_.code, "sheets": counted, "facts": changed, "without": left}
    record(session, Tag.PANEL_HANDED_OVER, panel, actor, at, told)
    return changed


def facts_of(session: Session, round_: Round, found: Board) -> list[Fact]:
    """Return the mean of every company and item as facts of its opened bids; the source names every score."""
    places = sorted(review.places(session, round_))
    made = []
    for (lot, company, item), given in queries.scores(found).items():
        value = mean([score for _seat, score in given], found.manner.trim, found.manner.decimals)
        source = "专家评分：" + "、".join(f"{seat.number}号 {cells.written(score)}" for seat, score in given)
        made += [
            Fact(*place, f"score_{item}", cells.written(value), source[: facts.LONGEST])
            for place in places
            if place[:2] == (lot, company)
        ]
    return made


def tell_due(session: Session, *, at: datetime) -> int:
    """Tell the experts of panels whose bidding is over that they can begin; return how many panels."""
    query = select(Panel).where(Panel.state == PanelState.WORKING, Panel.told_at.is_(None)).with_for_update(of=Panel)
    count = 0
    for panel in session.scalars(query).unique():
        serving = [seat.user_id for seat in panel.seats if seat.state is SeatState.SERVING]
        if not serving or not is_over(panel.round_.box, at):
            continue
        panel.told_at = at
        facts = {"round": panel.round_.code, "title": panel.round_.title, "due": panel.due_at.isoformat()}
        url = f"/procurement/rounds/{panel.round_id}/scoring"
        notify(session, code="expert-begin", facts=facts, at=at, users=serving, url=url)
        record(session, Tag.PANEL_TOLD, panel, SYSTEM, at, {"round": panel.round_.code, "experts": len(serving)})
        count += 1
    return count
