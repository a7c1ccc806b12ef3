"""Remind companies of a deadline: those that have products in lots for which they have no bid."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.auth.permissions import Role
from kernel.notices.services import notify
from procurement.bids.flow import BidState, BoxState
from procurement.bids.joints import queries as joints
from procurement.bids.models import Bid, Box, Reminder
from procurement.demand.models import Lot, LotSpecification
from procurement.demand.rules import reminder


def remind(session: Session, *, at: datetime) -> int:
    """Tell each company once per deadline and step, as the demand's policy has them; return how many were told."""
    near = select(Box).where(Box.state == BoxState.RECEIVING, Box.deadline > at)
    told = 0
    for box in session.scalars(near.order_by(Box.id)).all():
        hours = reminder(box.deadline, None, at) if box.deadline else None
        if hours is None or box.deadline is None:
            continue
        companies = _silent(session, box) - _told(session, box, hours)
        rows = [
            Reminder(box_id=box.id, company_id=each, hours=hours, deadline=box.deadline, at=at) for each in companies
        ]
        session.add_all(rows)
        if companies:
            facts = {"box": box.title, "hours": hours, "deadline": box.deadline}
            url = f"/procurement/bids/{box.id}"
            notify(
                session, code="bids-due", facts=facts, at=at, url=url, organisations=sorted(companies),
                roles=[Role.MANUFACTURER],
            )  # fmt: skip
        told += len(companies)
    return told


def _silent(session: Session, box: Box) -> set[int]:
    """Return the companies with a product in a lot for which they have no live bid and no lead who bids for them."""
    bid = exists().where(
        Bid.box_id == box.id, Bid.lot_id == Lot.id, Bid.company_id == Product.company_id,
        Bid.state == BidState.SUBMITTED,
    )  # fmt: skip
    query = (
        select(Product.company_id)
        .join(LotSpecification, LotSpecification.specification_id == Product.specification_id)
        .join(Lot, Lot.id == LotSpecification.lot_id)
        .where(Lot.call_id == box.call_id, Product.active, ~bid)
        .where(Lot.id.not_in(joints.led_by_others(box.id, Product.company_id)))
    )
    return set(session.scalars(query.distinct()))


def _told(session: Session, box: Box, hours: int) -> set[int]:
    query = select(Reminder.company_id).where(
        Reminder.box_id == box.id, Reminder.hours == hours, Reminder.deadline == box.deadline
    )
    return set(session.scalars(query))
