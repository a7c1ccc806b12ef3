"""The boxes in which a company has lots, and how far it is with its bids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.auth.actor import Actor
from procurement.bids.flow import BidState
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
    boxes = session.scalars(
        boxes_with_products(actor.organisation_id).order_by(Box.deadline.desc(), Box.id.desc())
    ).all()
    return [CompanyBox(found, *_counts(session, found, actor)) for found in boxes]


def _counts(session: Session, found: Box, actor: Actor) -> tuple[int, int]:
    lots = (
        select(LotSpecification.lot_id)
        .join(Lot, Lot.id == LotSpecification.lot_id)
        .join(Product, Product.specification_id == LotSpecification.specification_id)
        .where(Lot.call_id == found.call_id, Product.company_id == actor.organisation_id, Product.active)
        .where(Lot.id.not_in(joints.led_by_others(found.id, actor.organisation_id)))
    )
    live = select(func.count()).where(
        Bid.box_id == found.id, Bid.company_id == actor.organisation_id,
        Bid.state.in_((BidState.SUBMITTED, BidState.OPENED)),
    )  # fmt: skip
    return session.scalar(select(func.count()).select_from(lots.distinct().subquery())) or 0, session.scalar(live) or 0


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
    found = [each for each in company_boxes(session, actor) if is_receiving(each.box, at)]
    return sorted(found, key=lambda each: (each.box.deadline or at, each.box.id))
