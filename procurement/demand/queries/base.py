"""Read the locked base: what was reported, added up, and who reported it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from catalogue.drugs.models import Specification
from kernel.parties.models import Organisation, Region
from kernel.sets import among
from kernel.wholes import whole
from procurement.demand.flow import ReportState
from procurement.demand.models import BaseVolume, Call, Lot, LotSpecification, Report, ReportLine
from procurement.demand.queries.calls import volunteer_ids
from procurement.demand.rules import add_up

_HOLDS = (Report.state == ReportState.ACCEPTED) & (ReportLine.quantity > 0)
"""That a line of a report counts."""


@dataclass(frozen=True, slots=True)
class BaseLine:
    """A base quantity in units of its own specification; `volume_factor` leads to the reference specification."""

    lot_id: int
    specification_id: int
    region_code: str
    company_id: int | None
    quantity: Decimal
    volume_factor: Decimal


@dataclass(frozen=True, slots=True)
class HospitalLine:
    """What one hospital's accepted report asks of a specification; no company means any company's product."""

    hospital_id: int
    region_code: str
    specification_id: int
    company_id: int | None
    quantity: Decimal
    volume_factor: Decimal


def base_by_lot(session: Session, call_id: int) -> dict[int, list[BaseLine]]:
    """Return the locked base per lot, by specification, region and company; empty before the lock."""
    factor = LotSpecification.volume_factor
    query = (
        select(BaseVolume, factor)
        .join(Lot, Lot.id == BaseVolume.lot_id)
        .join(LotSpecification, _same_specification(BaseVolume))
        .where(Lot.call_id == call_id)
        .order_by(Lot.number, BaseVolume.specification_id, BaseVolume.region_code, BaseVolume.company_id)
    )
    found: dict[int, list[BaseLine]] = defaultdict(list)
    for row, volume_factor in session.execute(query):
        line = BaseLine(
            row.lot_id, row.specification_id, row.region_code, row.company_id, row.quantity, volume_factor
        )  # fmt: skip
        found[row.lot_id].append(line)
    return dict(found)


def brand_demand(session: Session, call_id: int) -> dict[tuple[int, int], Decimal]:
    """Return what was reported for each company's brand, in reference units, by (lot, company)."""
    parts: dict[tuple[int, int], list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for lines in base_by_lot(session, call_id).values():
        for line in lines:
            if line.company_id is not None:
                parts[(line.lot_id, line.company_id)].append((line.quantity, line.volume_factor))
    return {key: add_up(pairs) for key, pairs in parts.items()}


def lot_totals(session: Session, call_id: int) -> dict[int, Decimal]:
    """Return each lot's base in reference units."""
    return {
        lot_id: add_up((line.quantity, line.volume_factor) for line in lines)
        for lot_id, lines in base_by_lot(session, call_id).items()
    }


def region_totals(session: Session, call_id: int) -> dict[tuple[int, str], Decimal]:
    """Return each lot's base per region in reference units, by (lot, region code)."""
    parts: dict[tuple[int, str], list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for lines in base_by_lot(session, call_id).values():
        for line in lines:
            parts[(line.lot_id, line.region_code)].append((line.quantity, line.volume_factor))
    return {key: add_up(pairs) for key, pairs in parts.items()}


def hospital_base(session: Session, call_id: int) -> dict[int, list[HospitalLine]]:
    """Return what each accepted report that the base counts holds, by lot, for agreements."""
    return _accepted(session, _counted(call_id))


def hospital_volumes(session: Session, call_id: int, hospitals: Sequence[int]) -> Iterable[tuple[int, int, int, int]]:
    """Return hospital, lot, quantity and volume factor (whole numbers of their last place) of what the base counts."""
    query = (
        select(Report.hospital_id, ReportLine.lot_id, whole(ReportLine.quantity), whole(LotSpecification.volume_factor))
        .join(Report, Report.id == ReportLine.report_id)
        .join(LotSpecification, _same_specification(ReportLine))
        .where(_counted(call_id), among(Report.hospital_id, hospitals), _HOLDS)
    )
    found: Iterable[tuple[int, int, int, int]] = session.execute(query)
    return found


def _counted(call_id: int) -> ColumnElement[bool]:
    """Reports that the base counts: those of the hospitals asked, and where the collection says so of those joined."""
    counts = select(Call.id).where(Call.id == call_id, Call.joined_count).exists()
    return (Report.call_id == call_id) & (counts | Report.hospital_id.not_in(volunteer_ids()))


def _accepted(session: Session, condition: ColumnElement[bool]) -> dict[int, list[HospitalLine]]:
    query = (
        select(
            ReportLine.lot_id, Report.hospital_id, Organisation.region_code, ReportLine.specification_id,
            ReportLine.company_id, ReportLine.quantity, LotSpecification.volume_factor,
        )
        .join(Report, Report.id == ReportLine.report_id)
        .join(Organisation, Organisation.id == Report.hospital_id)
        .join(LotSpecification, _same_specification(ReportLine))
        .where(condition, _HOLDS)
        .order_by(Report.hospital_id, ReportLine.specification_id, ReportLine.company_id)
    )  # fmt: skip
    found: dict[int, list[HospitalLine]] = defaultdict(list)
    for lot, hospital, region, specification, company, quantity, factor in session.execute(query):
        found[lot].append(HospitalLine(hospital, region or "", specification, company, quantity, factor))
    return found


def joined_totals(session: Session, call_id: int) -> dict[int, Decimal]:
    """Return what those who joined reported of each lot, in reference units, whether or not the base counts it."""
    found = _accepted(session, (Report.call_id == call_id) & Report.hospital_id.in_(volunteer_ids()))
    return {lot: add_up((line.quantity, line.volume_factor) for line in lines) for lot, lines in found.items()}


@dataclass(frozen=True, slots=True)
class Detail:
    """A base line with the names people read."""

    lot: Lot
    specification: Specification
    region: Region
    company: Organisation | None
    quantity: Decimal
    volume_factor: Decimal


def detail(session: Session, call_id: int) -> list[Detail]:
    """Return the locked base with names, by lot, specification, region and company."""
    query = (
        select(Lot, Specification, Region, Organisation, BaseVolume.quantity, LotSpecification.volume_factor)
        .select_from(BaseVolume)
        .join(Lot, Lot.id == BaseVolume.lot_id)
        .join(Specification, Specification.id == BaseVolume.specification_id)
        .join(Region, Region.code == BaseVolume.region_code)
        .join(LotSpecification, _same_specification(BaseVolume))
        .outerjoin(Organisation, Organisation.id == BaseVolume.company_id)
        .where(Lot.call_id == call_id)
        .order_by(Lot.number, LotSpecification.id, Region.code, Organisation.name)
        .options(joinedload(Lot.variety))
    )
    return [
        Detail(lot, specification, region, company, quantity, factor)
        for lot, specification, region, company, quantity, factor in session.execute(query)
    ]


def accepted_sums(call_id: int) -> Select[int, int, str | None, int | None, Decimal]:
    """Return the query that adds accepted reports up per lot, specification, region and company."""
    columns = (ReportLine.lot_id, ReportLine.specification_id, Organisation.region_code, ReportLine.company_id)
    return (
        select(*columns, func.sum(ReportLine.quantity).label("quantity"))
        .join(Report, Report.id == ReportLine.report_id)
        .join(Organisation, Organisation.id == Report.hospital_id)
        .where(_counted(call_id), Report.state == ReportState.ACCEPTED, ReportLine.quantity > 0)
        .group_by(*columns)
    )


def hospitals_without_region(session: Session, call_id: int) -> Sequence[str]:
    """Name the hospitals with an accepted report that lie in no region."""
    query = (
        select(Organisation.name)
        .join(Report, Report.hospital_id == Organisation.id)
        .where(_counted(call_id), Report.state == ReportState.ACCEPTED, Organisation.region_code.is_(None))
        .order_by(Organisation.name)
    )
    return session.scalars(query).all()


def _same_specification(table: type[BaseVolume] | type[ReportLine]) -> Any:
    return (LotSpecification.lot_id == table.lot_id) & (LotSpecification.specification_id == table.specification_id)
