"""Record how often hospitals charged items in a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.db import upsert
from kernel.parties.models import Organisation
from pricing.items.models import ItemVolume
from pricing.tags import Tag


@dataclass(frozen=True, slots=True)
class Volume:
    """What a hospital's department charged of an item in a year: how often, and yuan."""

    hospital_id: int
    item_id: int
    year: int
    department: str
    quantity: Decimal
    revenue: Decimal


def record_volumes(
    session: Session, *, rows: Sequence[Volume], actor: Actor, at: datetime, source: Mapping[str, Any] | None = None
) -> int:
    """Record annual volumes, new or corrected; return how many changed."""
    if not rows:
        return 0
    table = ItemVolume.__table__
    names = ("hospital_id", "item_id", "year", "department", "quantity", "revenue")
    columns: dict[str, Sequence[Any]] = {name: [getattr(row, name) for row in rows] for name in names}
    done = upsert(session, table, key=names[:4], columns=columns)
    subject = session.get_one(Organisation, rows[0].hospital_id)
    facts = {**(source or {}), "rows": len(rows), "changed": done}
    record(session, Tag.VOLUMES_RECORDED, subject, actor, at, facts)
    return done
