"""Non-winning products that hospitals themselves reported to have bought beside the platform, by variety."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Variety
from kernel.sets import among
from kernel.wholes import whole
from procurement.orders.figures.models import OfflinePurchase
from procurement.retention.models.runs import RunLine


def _months(days: tuple[date, date]) -> tuple[ColumnElement[bool], ...]:
    """A month counts in the agreement year in which it begins."""
    return OfflinePurchase.month >= days[0], OfflinePurchase.month < days[1]


def reported(
    session: Session, lots: Mapping[int, int], days: tuple[date, date], hospitals: Sequence[int]
) -> dict[tuple[int, int], int]:
    """Add up what hospitals reported of varieties (`lots` by variety) in an agreement year: fen by hospital and lot.

    What the agency imported of a hospital's variety and agreement year stands in place of the hospital's reports.
    """
    amount = whole(func.sum(OfflinePurchase.amount, type_=OfflinePurchase.amount.type))
    query = (
        select(OfflinePurchase.hospital_id, Variety.id, amount)
        .join(Variety, Variety.code == OfflinePurchase.variety)
        .where(among(OfflinePurchase.hospital_id, hospitals), *_months(days))
        .group_by(OfflinePurchase.hospital_id, Variety.id)
    )
    found = session.execute(query)
    return {(hospital, lots[variety]): total for hospital, variety, total in found if variety in lots}


def of_line(session: Session, row: RunLine) -> list[OfflinePurchase]:
    """Return the reports behind a line, the earliest first."""
    run, code = row.run, row.lot.variety.code
    query = select(OfflinePurchase).where(OfflinePurchase.hospital_id == row.hospital_id)
    query = query.where(OfflinePurchase.variety == code, *_months((run.starts, run.ends)))
    return list(session.scalars(query.order_by(OfflinePurchase.month)))
