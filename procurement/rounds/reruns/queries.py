"""Which lots may be run again, and how rounds follow from one another."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from procurement.demand.flow import CallState
from procurement.demand.models import Call, Lot
from procurement.rounds.flow import RoundState
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rounds
from procurement.rounds.voids import queries as voids


def free_lots(session: Session, round_: Round) -> list[Lot]:
    """Return the lots that ended without an award, and that no live round runs again yet."""
    if round_.call.state is not CallState.LOCKED:
        return []
    running = (
        select(Lot.variety_id)
        .join(Round, Round.call_id == Lot.call_id)
        .where(Round.rerun_of_id == round_.id, Round.state != RoundState.VOID)
    )
    taken = set(session.scalars(running))
    return [lot for lot in _ended(session, round_) if lot.variety_id not in taken]


def _ended(session: Session, round_: Round) -> list[Lot]:
    lots = rounds.lots(session, round_)
    if round_.state is RoundState.VOID:
        return list(lots)
    if round_.state in (RoundState.AWARDED, RoundState.CLOSED):
        awarded = set(session.scalars(select(Award.lot_id).where(Award.round_id == round_.id)))
        return [lot for lot in lots if lot.id not in awarded]
    void = voids.lot_ids(session, round_.id)
    return [lot for lot in lots if lot.id in void]


def origin(session: Session, round_: Round, actor: Actor) -> Round | None:
    """Return the round that is run again here, where the actor may see it."""
    return rounds.find(session, round_.rerun_of_id, actor) if round_.rerun_of_id is not None else None


def reruns(session: Session, round_: Round, actor: Actor) -> Sequence[Round]:
    """Return the rounds that run lots of this one again, as far as the actor may see them."""
    query = rounds.visible(actor).where(Round.rerun_of_id == round_.id)
    return session.scalars(query).all()


def copies(session: Session, call: Call) -> int:
    """Count the collections that took a collection's base over."""
    return session.scalar(select(func.count(Call.id)).where(Call.copied_from_id == call.id)) or 0
