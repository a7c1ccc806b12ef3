"""Rounds as their readers may see them: drafts are the agency's own, published ones everybody's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session, contains_eager, selectinload

from catalogue.drugs.models import Variety
from kernel.auth.actor import Actor
from kernel.auth.models import User
from kernel.auth.permissions import P
from kernel.errors import NotFound
from procurement.bids.models import Box
from procurement.demand.flow import CallState
from procurement.demand.models import BaseVolume, Call, Lot, LotSpecification
from procurement.rounds.flow import RoundState, Stage, stage
from procurement.rounds.models.rounds import Round

RESULTS = frozenset({RoundState.ANNOUNCED, RoundState.AWARDED, RoundState.CLOSED})
DECIDED = RESULTS | {RoundState.EVALUATED}
STAGES: dict[str, tuple[RoundState, ...]] = {
    "draft": (RoundState.DRAFT,),
    "bidding": (RoundState.PUBLISHED, RoundState.BIDDING),
    "evaluation": (RoundState.OPENED, RoundState.EVALUATED),
    "publicity": (RoundState.ANNOUNCED,),
    "done": (RoundState.AWARDED, RoundState.CLOSED),
    "void": (RoundState.VOID,),
}


def _may_see(actor: Actor) -> ColumnElement[bool]:
    if sees_drafts(actor):
        return true()
    return Round.published_at.is_not(None)


def sees_drafts(actor: Actor) -> bool:
    """Say whether unpublished rounds are visible: to whoever sets rounds up, and to their supervisors."""
    return actor.may(P.ROUND_SET_UP) or (actor.runs_platform and actor.may(P.BID_READ))


def visible(actor: Actor) -> Select[Round]:
    """Return the rounds an actor may see, newest first."""
    query = select(Round).join(Round.box).options(contains_eager(Round.box)).where(_may_see(actor))
    return query.order_by(Round.created_at.desc(), Round.id.desc())


def listing(actor: Actor, *, stage_name: str = "", text: str = "") -> Select[Round]:
    """Return the query of the list page: one stage, or those whose code or title holds the text."""
    query = visible(actor)
    if stage_name in STAGES:
        query = query.where(Round.state.in_(STAGES[stage_name]))
    if text:
        query = query.where(Round.title.contains(text, autoescape=True) | Round.code.contains(text, autoescape=True))
    return query


def counts(session: Session, actor: Actor) -> dict[str, int]:
    """Count the visible rounds by stage of the list."""
    found = session.execute(select(Round.state, func.count()).where(_may_see(actor)).group_by(Round.state))
    by_state: dict[RoundState, int] = {row[0]: row[1] for row in found}
    return {name: sum(by_state.get(state, 0) for state in states) for name, states in STAGES.items()}


def find(session: Session, round_id: int, actor: Actor) -> Round | None:
    """Return a round with its collection, None where the actor may not see it."""
    query = visible(actor).where(Round.id == round_id).options(selectinload(Round.call))
    return session.scalars(query).one_or_none()


def one(session: Session, round_id: int, actor: Actor) -> Round:
    """Return a round with its collection, or NotFound."""
    found = find(session, round_id, actor)
    if found is None:
        raise NotFound(round=round_id)
    return found


def stage_of(round_: Round, at: datetime) -> Stage:
    """Return what the round waits for."""
    return stage(
        round_.state,
        receives_from=round_.box.receives_from,
        deadline=round_.box.deadline,
        publicity_ends=round_.publicity_ends,
        at=at,
    )


def shows_results(round_: Round, actor: Actor) -> bool:
    """Say whether decisions may be shown: to the agency and supervisors once evaluated, to all once announced."""
    if round_.state in RESULTS:
        return True
    return round_.state in DECIDED and is_inside(actor)


def is_inside(actor: Actor) -> bool:
    """Say whether the actor works on the evaluation or supervises it."""
    return actor.runs_platform and actor.may(P.BID_READ)


def lots(session: Session, round_: Round) -> Sequence[Lot]:
    """Return the round's lots with varieties and specifications, by number."""
    query = (
        select(Lot)
        .where(Lot.call_id == round_.call_id)
        .options(
            selectinload(Lot.variety).selectinload(Variety.specifications),
            selectinload(Lot.specifications).selectinload(LotSpecification.specification),
        )
        .order_by(Lot.number)
    )
    return session.scalars(query).all()


def lot(session: Session, round_: Round, number: int) -> Lot:
    """Return one lot by its number, or NotFound."""
    found = next((each for each in lots(session, round_) if each.number == number), None)
    if found is None:
        raise NotFound(round=round_.id, lot=number)
    return found


def lot_counts(session: Session, call_ids: Sequence[int]) -> dict[int, int]:
    """Count the lots of collections."""
    query = select(Lot.call_id, func.count()).where(Lot.call_id.in_(call_ids)).group_by(Lot.call_id)
    return {row[0]: row[1] for row in session.execute(query)}


def calls(session: Session, *, rehearsal: bool = False) -> Sequence[Call]:
    """Return the collections a round may grow from: collecting, reviewing or locked, and in no live round yet.

    A rehearsal may use any of them, and keeps none of them from a round.
    """
    taken = select(Round.call_id).join(Round.box).where(Round.state != RoundState.VOID, ~Box.rehearsal)
    states = (CallState.COLLECTING, CallState.REVIEWING, CallState.LOCKED)
    query = select(Call).where(Call.state.in_(states))
    return session.scalars((query if rehearsal else query.where(Call.id.not_in(taken))).order_by(Call.id.desc())).all()


def region_codes(session: Session, round_: Round) -> list[str]:
    """Return the regions that the locked base names."""
    query = select(BaseVolume.region_code).join(Lot, Lot.id == BaseVolume.lot_id).where(Lot.call_id == round_.call_id)
    return sorted(set(session.scalars(query)))


def names(session: Session, user_ids: Sequence[int | None]) -> dict[int, str]:
    """Return the names of users, for who did what."""
    ids = [user_id for user_id in user_ids if user_id is not None]
    if not ids:
        return {}
    found = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row[0]: row[1] for row in found}


def due(session: Session, actor: Actor) -> Sequence[Round]:
    """Return the rounds that something is still due in, oldest first."""
    over = (RoundState.AWARDED, RoundState.CLOSED, RoundState.VOID)
    query = visible(actor).where(Round.state.not_in(over)).order_by(None).order_by(Box.deadline, Round.id)
    return session.scalars(query).all()
