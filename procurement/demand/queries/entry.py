"""What a hospital fills in: one row per specification by generic name, and one per company that makes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.parties.models import Organisation
from procurement.demand.flow import LineReason
from procurement.demand.models import Call, Lot, LotSpecification
from procurement.demand.queries.lots import lots, makers, packs, past_use, reportable
from procurement.demand.queries.reports import asked, report_of
from procurement.demand.rules import Asked, Place


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A row to fill in. `item` is the lot's number and the specification's place in it: 3-2."""

    item: str
    lot: Lot
    row: LotSpecification
    company: Organisation | None
    last_year: Decimal | None
    year_before: Decimal | None
    quantity: Decimal | None
    reason: LineReason | None
    packs: tuple[int, ...] = ()

    @property
    def place(self) -> Place:
        """Return the specification with the last two years' use, as the rules look at it."""
        specification = self.row.specification
        return Place(
            self.lot.id, self.lot.number, self.lot.variety.name, specification.id, specification.text,
            specification.unit, self.row.volume_factor, last_year=self.last_year, year_before=self.year_before,
            packs=self.packs,
        )  # fmt: skip

    @property
    def key(self) -> tuple[int, int]:
        """Return the row's place in a report."""
        return self.row.specification_id, self.company.id if self.company else 0

    @property
    def used(self) -> bool:
        """Say whether there is anything in the row."""
        return bool(self.last_year or self.year_before or self.quantity is not None)


def entry(session: Session, *, call: Call, hospital_id: int) -> list[EntryRow]:
    """Return the rows of a hospital's report in lot order. The last two years stand at the generic name only."""
    report = report_of(session, call_id=call.id, hospital_id=hospital_id)
    filled = {line.key: line for line in asked(session, report.id if report else None)}
    by_specification = makers(session, call.id)
    _add_reported(session, filled, by_specification)
    years = (call.year - 1, call.year - 2)
    used = past_use(session, call_id=call.id, years=years, hospital_ids=(hospital_id,))
    sold = packs(session, call.id)
    rows = []
    for lot, row, item in items(session, call.id):
        past = [used.get((hospital_id, row.specification_id, year)) for year in years]
        companies: list[Organisation | None] = [None, *by_specification.get(row.specification_id, ())]
        if lot.variety.is_consumable and len(companies) > 1 and (row.specification_id, 0) not in filled:
            del companies[0]  # consumables are reported by company
        for company in companies:
            line = filled.get((row.specification_id, company.id if company else 0))
            rows.append(_row(item, lot, row, company, past if company is None else [None, None], line, sold))
    return rows


def items(session: Session, call_id: int) -> Iterator[tuple[Lot, LotSpecification, str]]:
    """Go through a collection's specifications with the code by which a workbook names them."""
    for lot in lots(session, call_id):
        for place, row in enumerate(reportable(lot), 1):
            yield lot, row, f"{lot.number}-{place}"


def _row(
    item: str,
    lot: Lot,
    row: LotSpecification,
    company: Organisation | None,
    past: list[Decimal | None],
    line: Asked | None,
    sold: Mapping[int, tuple[int, ...]],
) -> EntryRow:
    quantity, reason = (line.quantity, line.reason) if line else (None, None)
    return EntryRow(item, lot, row, company, past[0], past[1], quantity, reason, sold.get(row.specification_id, ()))


def _add_reported(
    session: Session, filled: Mapping[tuple[int, int], Asked], by_specification: dict[int, list[Organisation]]
) -> None:
    """A company that was reported stays a row, also where it makes another specification of the variety."""
    query = select(Organisation).where(Organisation.id.in_({company_id for _, company_id in filled if company_id}))
    companies = {company.id: company for company in session.scalars(query)}
    for specification_id, company_id in filled:
        known = by_specification.setdefault(specification_id, [])
        if company_id and all(company.id != company_id for company in known):
            known.append(companies[company_id])
