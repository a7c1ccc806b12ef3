"""Let a backup supplier take agreed volume over, where it is in line for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.errors import Invalid, Issue
from procurement.agreements.takeovers import queries as takeovers
from procurement.agreements.takeovers.models import Takeover
from procurement.agreements.takeovers.services import propose
from procurement.supply.shortages import queries
from procurement.supply.shortages.models import Shortage


def proposed(
    session: Session, shortage: Shortage, backup_id: int | None, *, reason: str, actor: Actor, at: datetime
) -> Takeover | None:
    """Propose that the backup takes the region's agreements over; None where only its own product can be bought.

    Raises Invalid where it is neither in line for them nor makes a substitute.
    """
    award, line = queries.in_line(session, shortage, actor, at)
    if award is not None and backup_id in {one.id for one in line}:
        lot, region = award.lot_id, shortage.region_code
        known = takeovers.open_one(session, lot, region)
        if known is not None and known.to_company_id == backup_id:
            return known
        return propose(
            session, round_id=award.round_id, lot_id=lot, region_code=region, from_company_id=shortage.company_id,
            to_company_id=backup_id or 0, reason=f"{shortage.number} {reason}", actor=actor, at=at,
        )  # fmt: skip
    makers = {one.product.company_id for one in queries.substitutes(session, shortage, at)} - {shortage.company_id}
    if backup_id not in makers:
        raise Invalid({"backup_id": Issue("take-over-no-maker")})
    return None
