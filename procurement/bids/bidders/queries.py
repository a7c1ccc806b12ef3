"""Who took part, once nobody can any more: names alone, no price and nothing of a bid's content (ADR 0021)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.bids.flow import BidState, BoxState, settled
from procurement.bids.models import Bid, Box

TOOK_PART = (BidState.SUBMITTED, BidState.OPENED, BidState.SPOILT)


def is_over(box: Box, at: datetime) -> bool:
    """Say whether the deadline has passed: from that instant on no bid comes in, changes or goes."""
    return settled(box.state, box.deadline, at) in (BoxState.CLOSED, BoxState.OPENED)


def bidders(session: Session, box: Box, at: datetime) -> dict[int, list[int]]:
    """Return the companies with a live bid by lot; nothing before the deadline."""
    if not is_over(box, at):
        return {}
    query = select(Bid.lot_id, Bid.company_id).where(Bid.box_id == box.id, Bid.state.in_(TOOK_PART))
    found: dict[int, list[int]] = {}
    for lot_id, company_id in session.execute(query.order_by(Bid.lot_id, Bid.company_id)):
        found.setdefault(lot_id, []).append(company_id)
    return found
