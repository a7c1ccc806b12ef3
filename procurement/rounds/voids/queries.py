"""Which lots of a round ended without an award, and what waits for a second person."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from kernel.errors import Conflict, NotFound
from procurement.demand.models import Lot
from procurement.rounds.models.evaluations import Evaluation, LotResult
from procurement.rounds.models.rounds import Round
from procurement.rounds.voids.flow import VoidState
from procurement.rounds.voids.models import VoidRequest


def requests(session: Session, round_: Round) -> Sequence[VoidRequest]:
    """Return a round's requests, newest first."""
    query = select(VoidRequest).where(VoidRequest.round_id == round_.id).order_by(VoidRequest.id.desc())
    return session.scalars(query.options(joinedload(VoidRequest.lot).joinedload(Lot.variety))).all()


def asked(session: Session, round_: Round) -> list[VoidRequest]:
    """Return the requests that wait for a second person."""
    return [one for one in requests(session, round_) if one.state is VoidState.ASKED]


def void_lots(session: Session, round_: Round) -> dict[int, VoidRequest]:
    """Return the confirmed voids of single lots by lot."""
    found = requests(session, round_)
    return {one.lot_id: one for one in found if one.state is VoidState.CONFIRMED and one.lot_id is not None}


def lot_ids(session: Session, round_id: int) -> frozenset[int]:
    """Return the lots of a round that are void."""
    query = select(VoidRequest.lot_id).where(
        VoidRequest.round_id == round_id, VoidRequest.state == VoidState.CONFIRMED, VoidRequest.lot_id.is_not(None)
    )
    return frozenset(lot_id for lot_id in session.scalars(query) if lot_id is not None)


def held(session: Session, round_: Round, request_id: int) -> VoidRequest:
    """Return a request of a round with its row locked, or NotFound."""
    query = select(VoidRequest).where(VoidRequest.id == request_id, VoidRequest.round_id == round_.id)
    found = session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(void=request_id)
    return found


def still_evaluated(session: Session, round_: Round, evaluation: Evaluation) -> list[Lot]:
    """Return the void lots that an evaluation still decided about: it has to be made again without them."""
    query = (
        select(Lot)
        .join(LotResult, LotResult.lot_id == Lot.id)
        .where(LotResult.evaluation_id == evaluation.id, Lot.id.in_(lot_ids(session, round_.id)))
        .options(joinedload(Lot.variety))
        .order_by(Lot.number)
    )
    return list(session.scalars(query).unique())


def must_stand(session: Session, round_: Round, evaluation: Evaluation) -> None:
    """Refuse to go on from an evaluation since which facts have changed or lots have become void."""
    if round_.facts_changed_at is not None:
        raise Conflict("facts-changed", number=evaluation.number)
    void = still_evaluated(session, round_, evaluation)
    if void:
        raise Conflict("lots-void-since", number=evaluation.number, lots=tuple(lot.number for lot in void))


def asked_by_round(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """Count the requests that wait for a second person, by round."""
    query = select(VoidRequest.round_id, func.count()).where(
        VoidRequest.round_id.in_(ids), VoidRequest.state == VoidState.ASKED
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(VoidRequest.round_id))}
