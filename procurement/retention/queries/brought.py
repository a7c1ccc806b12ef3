"""What people have brought in for runs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session, joinedload

from procurement.agreements.models import Agreement
from procurement.demand.models import Lot
from procurement.retention.models.inputs import OtherUse, PoolShare, PriorPurchase
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round


def shares(session: Session) -> Sequence[PoolShare]:
    """Return the shares of the pooling areas, the latest year first."""
    query = select(PoolShare).options(joinedload(PoolShare.area))
    return session.scalars(query.order_by(PoolShare.year.desc(), PoolShare.area_code)).all()


@dataclass(frozen=True, slots=True)
class Brought:
    """A round with agreements: of how many of its won lots prices are known, and rows of use beside the platform."""

    round: Round
    won: int
    priced: int
    other: int


def rounds(session: Session) -> list[Brought]:
    """Return what was brought in of every round that has agreements, the latest first."""
    bought = select(Award.round_id, func.count(distinct(Award.lot_id))).join(Agreement, Agreement.award_id == Award.id)
    won: dict[int, int] = dict(session.execute(bought.group_by(Award.round_id)).all())
    known = select(Lot.call_id, func.count(distinct(Lot.id))).join(PriorPurchase, PriorPurchase.lot_id == Lot.id)
    priced: dict[int, int] = dict(session.execute(known.group_by(Lot.call_id)).all())
    beside = select(Lot.call_id, func.count()).join(OtherUse, OtherUse.lot_id == Lot.id).group_by(Lot.call_id)
    other: dict[int, int] = dict(session.execute(beside).all())
    found = session.scalars(select(Round).where(Round.id.in_(won)).order_by(Round.id.desc())).all()
    return [Brought(one, won[one.id], priced.get(one.call_id, 0), other.get(one.call_id, 0)) for one in found]


def prior(session: Session, lots: Collection[int]) -> dict[tuple[int, str, str], tuple[Decimal, Decimal]]:
    """Return price and quantity of what was bought before a round, by lot, area and product."""
    query = select(PriorPurchase).where(PriorPurchase.lot_id.in_(lots))
    return {(one.lot_id, one.area_code, one.product): (one.price, one.quantity) for one in session.scalars(query)}


def other(session: Session, lots: Collection[int]) -> dict[tuple[int, int, int], tuple[Decimal, Decimal, Decimal]]:
    """Return the amounts of use beside the platform, by hospital, lot and agreement year."""
    query = select(OtherUse).where(OtherUse.lot_id.in_(lots))
    found = session.scalars(query)
    return {(one.hospital_id, one.lot_id, one.year): (one.amount, one.passed, one.drg) for one in found}
