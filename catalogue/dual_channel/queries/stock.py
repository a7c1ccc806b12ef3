"""What pharmacies reported last, and a pharmacy's own sheet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.dual_channel.models.drugs import ListedDrug
from catalogue.dual_channel.models.records import StockLine
from catalogue.dual_channel.queries import drugs, regions
from kernel.parties.models import Organisation

_S = StockLine


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """A drug that the pharmacy may sell and what it reported of it last."""

    drug: ListedDrug
    last: StockLine | None


def latest(session: Session, pharmacy_ids: Collection[int]) -> dict[tuple[int, str], StockLine]:
    """Return each pharmacy's last line of each drug."""
    newest = (
        select(_S.pharmacy_id, _S.drug_key, func.max(_S.day).label("day"))
        .where(_S.pharmacy_id.in_(pharmacy_ids))
        .group_by(_S.pharmacy_id, _S.drug_key)
        .subquery()
    )
    query = select(_S).join(
        newest, (_S.pharmacy_id == newest.c.pharmacy_id) & (_S.drug_key == newest.c.drug_key) & (_S.day == newest.c.day)
    )
    return {(line.pharmacy_id, line.drug_key): line for line in session.scalars(query)}


def shelf(session: Session, pharmacy: Organisation, day: date) -> list[ShelfRow]:
    """Return every drug that a pharmacy may sell with its last report."""
    lines = latest(session, [pharmacy.id])
    selling = drugs.on_sale(session, regions.upward(session, pharmacy.region_code), day)
    return [ShelfRow(drug, lines.get((pharmacy.id, key))) for key, drug in selling.items()]


def lines_on(session: Session, pharmacy_id: int, day: date) -> dict[str, StockLine]:
    """Return what a pharmacy reported on a day, by drug."""
    query = select(_S).where(_S.pharmacy_id == pharmacy_id, _S.day == day)
    return {line.drug_key: line for line in session.scalars(query)}


def reported_on(session: Session, pharmacy_ids: Collection[int]) -> Mapping[int, date]:
    """Return the day of each pharmacy's last report."""
    query = select(_S.pharmacy_id, func.max(_S.day)).where(_S.pharmacy_id.in_(pharmacy_ids)).group_by(_S.pharmacy_id)
    return {row[0]: row[1] for row in session.execute(query)}


def history(session: Session, pharmacy_id: int, drug_key: str, limit: int = 30) -> Sequence[StockLine]:
    """Return a pharmacy's last reports of a drug, newest first."""
    query = select(_S).where(_S.pharmacy_id == pharmacy_id, _S.drug_key == drug_key)
    return session.scalars(query.order_by(_S.day.desc()).limit(limit)).all()
