"""The rounds that a finding would touch: who may not bid any more, what was bid, what was won."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, joinedload

from catalogue.drugs.models import Product
from kernel.auth.actor import Actor
from kernel.paging import Page
from kernel.sets import among
from procurement.agreements.models import Agreement
from procurement.bids.models import Bid, Box, OpenedLine
from procurement.demand.models import BaseVolume, Lot, LotSpecification
from procurement.rounds.flow import RoundState, Stage, SupplyRole
from procurement.rounds.models.awards import Award, AwardVolume, Pick
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rounds
from procurement.supply.effects.flow import InRound
from procurement.supply.effects.queries.asked import Asked
from procurement.supply.effects.queries.reach import reaches

TO_BID = (RoundState.DRAFT, RoundState.PUBLISHED, RoundState.BIDDING)
DECIDING = (RoundState.OPENED, RoundState.EVALUATED, RoundState.ANNOUNCED)
OVER = (RoundState.AWARDED, RoundState.CLOSED)
"""States of rounds; a draft is shown to those who set rounds up."""


class Place(NamedTuple):
    """What the company is in a lot of a round; `main` and `backup` count the regions it serves there."""

    round_: Round
    lot: Lot
    company_id: int
    standing: InRound
    main: int
    backup: int


def _makers(asked: Asked) -> Select[Any]:
    """Return what could be bid and may not: by company and specification."""
    query: Any = select(Product.company_id, Product.specification_id)
    found: Select[Any] = query.where(among(Product.id, sorted(asked.reach.products)), Product.active)
    return found


def places(asked: Asked, actor: Actor) -> Select[Any]:
    """Return the query of lots with a company and its standing, the newest round first."""
    own, seen = _makers(asked).distinct().subquery(), _seen(actor)
    asks = exists().where(BaseVolume.lot_id == Lot.id, reaches(asked, BaseVolume.region_code))
    unlocked = ~exists().where(BaseVolume.lot_id == Lot.id)
    base = select(Round.id.label("round_id"), Lot.id.label("lot_id"), own.c.company_id)
    to_bid = (
        base.add_columns(literal(InRound.MAY_BID.value).label("standing"))
        .join(Lot, Lot.call_id == Round.call_id)
        .join(LotSpecification, LotSpecification.lot_id == Lot.id)
        .join(own, own.c.specification_id == LotSpecification.specification_id)
        .join(Box, Box.id == Round.box_id)
        .where(Round.state.in_(TO_BID), Round.id.in_(seen), or_(asks, unlocked))
        .where(or_(Box.deadline.is_(None), Box.deadline > asked.at))
        .distinct()
    )
    has_bid = (
        base.add_columns(literal(InRound.HAS_BID.value).label("standing"))
        .join(Lot, Lot.call_id == Round.call_id)
        .join(OpenedLine, OpenedLine.lot_id == Lot.id)
        .join(Bid, (Bid.id == OpenedLine.bid_id) & (Bid.box_id == Round.box_id))
        .join(own, (own.c.company_id == OpenedLine.company_id)
              & (own.c.specification_id == OpenedLine.specification_id))
        .where(Round.state.in_(DECIDING), Round.id.in_(seen), or_(asks, unlocked))
        .distinct()
    )  # fmt: skip
    found = union_all(to_bid, has_bid, _won(asked, seen)).subquery()
    return select(found).order_by(found.c.round_id.desc(), found.c.lot_id, found.c.company_id)


def _seen(actor: Actor) -> Select[Any]:
    """Return the rounds the actor may see, without those that are held to practise."""
    query: Any = rounds.visible(actor).where(~Box.rehearsal)
    found: Select[Any] = query.order_by(None).with_only_columns(Round.id)
    return found


def _won(asked: Asked, seen: Select[Any]) -> Select[Any]:
    """Return the awards that are carried out or about to be, in a region that the finding reaches."""
    own = _makers(asked).distinct().subquery()
    here = exists().where(AwardVolume.award_id == Award.id, reaches(asked, AwardVolume.region_code))
    nowhere = ~exists().where(AwardVolume.award_id == Award.id)
    runs = exists().where(Agreement.award_id == Award.id, Agreement.ends > asked.day)
    unmade = ~exists().where(Agreement.award_id == Award.id)
    query: Any = select(Award.round_id, Award.lot_id, Award.company_id, literal(InRound.WINNER.value).label("standing"))
    found: Select[Any] = (
        query.join(Round, Round.id == Award.round_id)
        .join(own, (own.c.company_id == Award.company_id) & (own.c.specification_id == Award.specification_id))
        .where(Round.state.in_(OVER), Round.id.in_(seen), or_(here, nowhere), or_(runs, unmade))
        .where(or_(Award.product_id.is_(None), among(Award.product_id, sorted(asked.reach.products))))
        .distinct()
    )
    return found


def page(session: Session, asked: Asked, actor: Actor, number: int, size: int = 50) -> Page:
    """Return a page of them."""
    total = count(session, asked, actor)
    number = min(max(1, number), max(1, -(-total // size)))
    rows = session.execute(places(asked, actor).limit(size).offset((number - 1) * size)).all()
    return Page(placed(session, asked, rows), total, number, size)


def count(session: Session, asked: Asked, actor: Actor) -> int:
    """Count them."""
    return session.scalar(select(func.count()).select_from(places(asked, actor).order_by(None).subquery())) or 0


def placed(session: Session, asked: Asked, rows: Sequence[Any]) -> list[Place]:
    """Return rows of ids with their rounds and lots, and how many regions the company serves."""
    query = select(Round).where(among(Round.id, [row.round_id for row in rows]))
    known = {one.id: one for one in session.scalars(query)}
    lots = select(Lot).where(among(Lot.id, [row.lot_id for row in rows])).options(joinedload(Lot.variety))
    held = {one.id: one for one in session.scalars(lots).unique()}
    served: dict[tuple[int, int, int, SupplyRole], int] = defaultdict(int)
    picks = select(Pick.round_id, Pick.lot_id, Pick.company_id, Pick.role).where(
        among(Pick.round_id, list(known)), among(Pick.company_id, list(asked.makers)),
        reaches(asked, Pick.region_code),
    )  # fmt: skip
    for row in session.execute(picks):
        served[row.round_id, row.lot_id, row.company_id, row.role] += 1
    return [
        Place(known[round_], held[lot], company, InRound(standing), served[round_, lot, company, SupplyRole.MAIN],
              served[round_, lot, company, SupplyRole.BACKUP])
        for round_, lot, company, standing in rows
    ]  # fmt: skip


def stage_of(round_: Round, at: datetime) -> Stage:
    """Return what a round waits for."""
    return rounds.stage_of(round_, at)
