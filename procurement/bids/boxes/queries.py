"""The boxes in which a company has lots, and how far it is with its bids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.auth.actor import Actor
from procurement.bids.flow import BidState, BoxState
from procurement.bids.joints import queries as joints
from procurement.bids.models import Bid, Box, Submission
from procurement.bids.queries import SHOWN, is_receiving
from procurement.demand.models import Lot, LotSpecification


@dataclass(frozen=True, slots=True)
class CompanyBox:
    """A box as a company sees it: in how many lots it has products, and in how many a live bid."""

    box: Box
    lots: int
    live: int


def company_boxes(session: Session, actor: Actor) -> list[CompanyBox]:
    """Return the boxes of the actor's company, the latest deadline first."""
    query = boxes_with_products(actor.organisation_id).order_by(Box.deadline.desc(), Box.id.desc())
    return _counted(session, session.scalars(query).all(), actor)


def _counted(session: Session, found: Sequence[Box], actor: Actor) -> list[CompanyBox]:
    ids, company = [box.id for box in found], actor.organisation_id
    lots = (
        select(Box.id, func.count(LotSpecification.lot_id.distinct()))
        .join(Lot, Lot.call_id == Box.call_id)
        .join(LotSpecification, LotSpecification.lot_id == Lot.id)
        .join(Product, Product.specification_id == LotSpecification.specification_id)
        .where(Box.id.in_(ids), Product.company_id == company, Product.active)
        .where(Lot.id.not_in(joints.led_by_others(Box.id, company)))
        .group_by(Box.id)
    )
    live = (
        select(Bid.box_id, func.count())
        .where(Bid.box_id.in_(ids), Bid.company_id == company)
        .where(Bid.state.in_((BidState.SUBMITTED, BidState.OPENED)))
        .group_by(Bid.box_id)
    )
    offered, bid = ({row[0]: row[1] for row in session.execute(query)} for query in (lots, live))
    return [CompanyBox(box, offered.get(box.id, 0), bid.get(box.id, 0)) for box in found]


def boxes_with_products(company_id: int | None) -> Select[Box]:
    """Return the boxes in whose lots a company has products or has bid."""
    lots = (
        select(Lot.call_id)
        .join(LotSpecification, LotSpecification.lot_id == Lot.id)
        .join(Product, Product.specification_id == LotSpecification.specification_id)
        .where(Product.company_id == company_id, Product.active)
    )
    done = select(Submission.box_id).where(Submission.company_id == company_id)
    return select(Box).where(Box.state.in_(SHOWN), or_(Box.call_id.in_(lots), Box.id.in_(done)))


def due(session: Session, actor: Actor, at: datetime) -> list[CompanyBox]:
    """Return the boxes that take bids now and in which the actor's company has lots, nearest deadline first."""
    query = boxes_with_products(actor.organisation_id).where(Box.state == BoxState.RECEIVING, Box.deadline > at)
    found = [box for box in session.scalars(query.order_by(Box.deadline, Box.id)) if is_receiving(box, at)]
    return _counted(session, found, actor)
