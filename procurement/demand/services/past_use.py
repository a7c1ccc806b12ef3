"""Keep what hospitals used in past years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.db import upsert
from kernel.parties.models import Organisation
from procurement.demand.models import PastUse
from procurement.tags import Tag


@dataclass(frozen=True, slots=True)
class Used:
    """What a hospital used of a specification in a calendar year, smallest units."""

    hospital_id: int
    specification_id: int
    year: int
    quantity: Decimal


def record_past_use(
    session: Session, *, rows: Sequence[Used], source: Mapping[str, Any] | None = None, actor: Actor, at: datetime
) -> int:
    """Write quantities, replacing those known; one event a hospital. Return how many changed."""
    if not rows:
        return 0
    session.flush()
    columns: dict[str, list[Any]] = {
        "hospital_id": [row.hospital_id for row in rows], "specification_id": [row.specification_id for row in rows],
        "year": [row.year for row in rows], "quantity": [row.quantity for row in rows],
    }  # fmt: skip
    key = ("hospital_id", "specification_id", "year")
    changed = upsert(session, PastUse.__table__, key=key, columns=columns)
    counts = Counter(row.hospital_id for row in rows)
    for hospital in session.scalars(select(Organisation).where(Organisation.id.in_(counts)).order_by(Organisation.id)):
        record(session, Tag.PAST_USE_RECORDED, hospital, actor, at, {"rows": counts[hospital.id], **(source or {})})
    return changed
