"""What pharmacies reported last, and a pharmacy's own sheet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Select, func, select
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


class Shelved(NamedTuple):
    """Whether a pharmacy said it had a drug, and when."""

    pharmacy_id: int
    drug_key: str
    day: date
    in_stock: bool


def shelves(session: Session, pharmacy_ids: Collection[int]) -> list[Shelved]:
    """Return each pharmacy's last line of each drug, bare: a province has a hundred thousand of them."""
    columns = (_S.pharmacy_id, _S.drug_key, _S.day, _S.quantity > 0)
    return [Shelved(*row) for row in session.execute(_latest(pharmacy_ids).with_only_columns(*columns))]


def latest(session: Session, pharmacy_ids: Collection[int]) -> dict[tuple[int, str], StockLine]:
    """Return each pharmacy's last line of each drug."""
    return {(line.pharmacy_id, line.drug_key): line for line in session.scalars(_latest(pharmacy_ids))}


def _latest(pharmacy_ids: Collection[int]) -> Select[StockLine]:
    return select(_S).where(_S.pharmacy_id.in_(pharmacy_ids), _S.current.is_(True))


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
    query = select(_S.pharmacy_id, func.max(_S.day)).where(_S.pharmacy_id.in_(pharmacy_ids), _S.current.is_(True))
    query = query.group_by(_S.pharmacy_id)
    return {row[0]: row[1] for row in session.execute(query)}
