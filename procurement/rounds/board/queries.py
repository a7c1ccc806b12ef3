"""What the board reads, for all rounds at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from kernel.auth.actor import Actor
from procurement.demand.flow import CallState, ReportState
from procurement.demand.models import Call, Report
from procurement.demand.queries import calls
from procurement.rounds.flow import ExtensionState, RoundState
from procurement.rounds.models.evaluations import Evaluation, LotResult
from procurement.rounds.models.rounds import Extension, Round
from procurement.rounds.queries import rounds

OVER = (RoundState.CLOSED, RoundState.VOID)
SHOWN_OVER = 12


def live(session: Session, actor: Actor) -> Sequence[Round]:
    """Return every round that is not over, and the last few that are."""
    query = rounds.visible(actor).options(selectinload(Round.call))
    over = session.scalars(query.where(Round.state.in_(OVER)).limit(SHOWN_OVER)).all()
    return [*session.scalars(query.where(Round.state.not_in(OVER))).all(), *over]


def by_id(session: Session, ids: Collection[int]) -> dict[int, Round]:
    """Return rounds by id; the board has asked for those the reader may see."""
    return {one.id: one for one in session.scalars(select(Round).where(Round.id.in_(ids)))}


def ties(session: Session, ids: Collection[int]) -> dict[int, int]:
    """Count the lots whose tie waits for a draw in each round's newest evaluation."""
    newest = select(func.max(Evaluation.id)).where(Evaluation.round_id.in_(ids)).group_by(Evaluation.round_id)
    query = (
        select(Evaluation.round_id, LotResult.ties)
        .join(LotResult, LotResult.evaluation_id == Evaluation.id)
        .where(Evaluation.id.in_(newest))
    )
    found: dict[int, int] = {}
    for round_id, open_ties in session.execute(query):
        if open_ties:
            found[round_id] = found.get(round_id, 0) + 1
    return found


def asked_extensions(session: Session, ids: Collection[int]) -> dict[int, Extension]:
    """Return the later deadlines that wait for a second person, by round."""
    query = select(Extension).where(Extension.round_id.in_(ids), Extension.state == ExtensionState.ASKED)
    return {one.round_id: one for one in session.scalars(query)}


@dataclass(frozen=True, slots=True)
class Collecting:
    """A collection of demand that runs or waits for its review."""

    call: Call
    waiting: int
    accepted: int

    @property
    def due(self) -> datetime:
        """Return when hospitals have to have reported."""
        return self.call.deadline


def collections(session: Session, actor: Actor) -> list[Collecting]:
    """Return the collections that are not locked yet, with how many reports wait for the agency."""
    states = (CallState.DRAFT, CallState.COLLECTING, CallState.REVIEWING)
    found = session.scalars(calls.visible_calls(actor).where(Call.state.in_(states))).all()
    query = select(Report.call_id, Report.state, func.count()).where(Report.call_id.in_([one.id for one in found]))
    counted = {(row[0], row[1]): row[2] for row in session.execute(query.group_by(Report.call_id, Report.state))}
    return [
        Collecting(one, counted.get((one.id, ReportState.SUBMITTED), 0), counted.get((one.id, ReportState.ACCEPTED), 0))
        for one in found
    ]
