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
from kernel.parties.models import Organisation
from kernel.sets import among
from procurement.agreements.models import Agreement
from procurement.bids.joints import queries as joints
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
    """What the company is in a lot of a round; `main` and `backup` count the regions it serves there.

    `lead`: whose bid it is, where the company bid jointly through another one's; the regions are the lead's then.
    """

    round_: Round
    lot: Lot
    company_id: int
    standing: InRound
    main: int
    backup: int
    lead: str = ""


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
    base = select(
        Round.id.label("round_id"), Lot.id.label("lot_id"), own.c.company_id, own.c.company_id.label("lead_id")
    )  # fmt: skip
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
    found = union_all(to_bid, has_bid, _joined(asked, seen), *_won(asked, seen)).subquery()
    return select(found).order_by(found.c.round_id.desc(), found.c.lot_id, found.c.company_id, found.c.lead_id)


def _joined(asked: Asked, seen: Select[Any]) -> Select[Any]:
    """Return the lots that a company bid for jointly, through another one's bid: whatever it could supply of them."""
    own, bound = _makers(asked).distinct().subquery(), joints.bound().subquery()
    asks = exists().where(BaseVolume.lot_id == bound.c.lot_id, reaches(asked, BaseVolume.region_code))
    unlocked = ~exists().where(BaseVolume.lot_id == bound.c.lot_id)
    query: Any = select(
        Round.id.label("round_id"), bound.c.lot_id, bound.c.company_id, bound.c.lead_id,
        literal(InRound.HAS_BID.value).label("standing"),
    )  # fmt: skip
    found: Select[Any] = _of_its_own(query.join(bound, bound.c.box_id == Round.box_id), own, bound)
    return found.where(Round.state.in_(DECIDING), Round.id.in_(seen), or_(asks, unlocked)).distinct()


def _of_its_own(query: Any, own: Any, bound: Any) -> Any:
    """Leave of joint bids those of which the company makes a specification that the finding reaches."""
    query = query.join(LotSpecification, LotSpecification.lot_id == bound.c.lot_id)
    same = own.c.specification_id == LotSpecification.specification_id
    return query.join(own, (own.c.company_id == bound.c.company_id) & same)


def _seen(actor: Actor) -> Select[Any]:
    """Return the rounds the actor may see, without those that are held to practise."""
    query: Any = rounds.visible(actor).where(~Box.rehearsal)
    found: Select[Any] = query.order_by(None).with_only_columns(Round.id)
    return found


def _won(asked: Asked, seen: Select[Any]) -> tuple[Select[Any], Select[Any]]:
    """Return the awards that are carried out or about to be, in a region that the finding reaches: own and joint."""
    own, bound = _makers(asked).distinct().subquery(), joints.bound().subquery()
    here = exists().where(AwardVolume.award_id == Award.id, reaches(asked, AwardVolume.region_code))
    nowhere = ~exists().where(AwardVolume.award_id == Award.id)
    runs = exists().where(Agreement.award_id == Award.id, Agreement.ends > asked.day)
    unmade = ~exists().where(Agreement.award_id == Award.id)
    won: Any = select(Award.round_id, Award.lot_id).join(Round, Round.id == Award.round_id)
    won = won.where(Round.state.in_(OVER), Round.id.in_(seen), or_(here, nowhere), or_(runs, unmade)).distinct()
    winner = literal(InRound.WINNER.value).label("standing")
    alone = (
        won.add_columns(Award.company_id, Award.company_id.label("lead_id"), winner)
        .join(own, (own.c.company_id == Award.company_id) & (own.c.specification_id == Award.specification_id))
        .where(or_(Award.product_id.is_(None), among(Award.product_id, sorted(asked.reach.products))))
    )
    led = (bound.c.box_id == Round.box_id) & (bound.c.lot_id == Award.lot_id) & (bound.c.lead_id == Award.company_id)
    joint = _of_its_own(
        won.add_columns(bound.c.company_id, bound.c.lead_id, winner).join(bound, led), own, bound
    )  # fmt: skip
    return alone, joint


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
        among(Pick.round_id, list(known)), among(Pick.company_id, sorted({row.lead_id for row in rows})),
        reaches(asked, Pick.region_code),
    )  # fmt: skip
    for row in session.execute(picks):
        served[row.round_id, row.lot_id, row.company_id, row.role] += 1
    names = _names(session, {row.lead_id for row in rows if row.lead_id != row.company_id})
    return [
        Place(known[one.round_id], held[one.lot_id], one.company_id, InRound(one.standing),
              served[one.round_id, one.lot_id, one.lead_id, SupplyRole.MAIN],
              served[one.round_id, one.lot_id, one.lead_id, SupplyRole.BACKUP],
              "" if one.lead_id == one.company_id else names[one.lead_id])
        for one in rows
    ]  # fmt: skip


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    query = select(Organisation.id, Organisation.name).where(among(Organisation.id, sorted(ids)))
    return dict(session.execute(query).all())


def stage_of(round_: Round, at: datetime) -> Stage:
    """Return what a round waits for."""
    return rounds.stage_of(round_, at)
