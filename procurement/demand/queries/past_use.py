"""Read what hospitals used in past years."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.demand.models import PastUse


def all_by_key(session: Session) -> dict[tuple[int, int, int], Decimal]:
    """Return every quantity by hospital, specification and year."""
    columns = (PastUse.hospital_id, PastUse.specification_id, PastUse.year, PastUse.quantity)
    return {
        (hospital, specification, year): quantity
        for hospital, specification, year, quantity in session.execute(select(*columns))
    }
