"""Annual volumes of items in hospitals."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.sets import among
from pricing.items.models import ItemVolume

Key = tuple[int, int, int, str]


def of_hospitals(
    session: Session, hospital_ids: Collection[int], years: Collection[int]
) -> dict[Key, tuple[Decimal, Decimal]]:
    """Return quantity and revenue (yuan) by hospital, item, year and department."""
    columns = (ItemVolume.hospital_id, ItemVolume.item_id, ItemVolume.year, ItemVolume.department,
               ItemVolume.quantity, ItemVolume.revenue)  # fmt: skip
    query = select(*columns).where(among(ItemVolume.hospital_id, hospital_ids), among(ItemVolume.year, years))
    return {(row[0], row[1], row[2], row[3]): (row[4], row[5]) for row in session.execute(query)}
