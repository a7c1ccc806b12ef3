"""Gather what the board shows; a fixed number of queries for all reports of a collection."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.parties.models import Organisation
from procurement.demand.board.rules import HANDED_IN, RegionCount, Standing, by_day, by_region, late
from procurement.demand.flow import ReportState
from procurement.demand.models import Call, Lot, LotSpecification, PastUse, Report, ReportLine
from procurement.demand.queries import board as reports
from procurement.demand.queries.board import BoardRow, LotProgress
from procurement.demand.rules import Odd, add_up

FLOOR = "demand-below-floor"


@dataclass(frozen=True, slots=True)
class Variety:
    """A lot on the board: demand beside use, and how many reports are odd in it: below the floor, or doubtful."""

    progress: LotProgress
    below: int
    doubtful: int

    @property
    def odd(self) -> int:
        """Return how many reports are odd in it."""
        return self.below + self.doubtful


@dataclass(frozen=True, slots=True)
class Overview:
    """A collection at an instant."""

    rows: Sequence[BoardRow]
    late: frozenset[int]
    odd: Mapping[int, Sequence[Odd]]
    regions: Sequence[RegionCount]
    varieties: Sequence[Variety]
    days: Sequence[tuple[date, int | None, int | None]]

    @property
    def missing(self) -> int:
        """Return how many have not handed in."""
        return sum(1 for row in self.rows if row.report is None or row.report.state not in HANDED_IN)

    @property
    def odd_cells(self) -> Counter[tuple[str, int]]:
        """Return how many reports are odd by region and lot."""
        region = {row.report.id: region_name(row.hospital) for row in self.rows if row.report}
        return Counter(
            (region[report], lot)
            for report, found in self.odd.items()
            for lot in {each.lot_id for each in found if each.lot_id}
        )


def overview(session: Session, *, call: Call, at: datetime) -> Overview:
    """Return the board of a collection, odd varieties and incomplete regions first."""
    odd = reports.odd_by_report(session, call=call)
    rows = reports.board(session, call=call, odd=odd)
    standing = {row.hospital.id: _standing(row) for row in rows}
    delayed = frozenset(key for key, each in standing.items() if late(each, call.deadline, at))
    return Overview(
        rows, delayed, odd, by_region(standing.values(), call.deadline, at), _varieties(session, call, odd),
        _days(rows, call, at),
    )  # fmt: skip


def _standing(row: BoardRow) -> Standing:
    report, region = row.report, region_name(row.hospital)
    if report is None:
        return Standing(region, None)
    return Standing(region, report.state, report.due_at, report.submitted_at, row.odd)


def region_name(organisation: Organisation) -> str:
    """Return the region's name; an empty one lies in none."""
    return organisation.region.name if organisation.region else ""


def _varieties(session: Session, call: Call, odd: Mapping[int, Sequence[Odd]]) -> list[Variety]:
    below, doubtful = Counter[int](), Counter[int]()
    for found in odd.values():
        low = {each.lot_id for each in found if each.issue.code == FLOOR and each.lot_id}
        below.update(low)
        doubtful.update({each.lot_id for each in found if each.lot_id} - low)
    rows = [
        Variety(progress, below[progress.lot.id], doubtful[progress.lot.id])
        for progress in reports.lot_progress(session, call=call)
    ]
    return sorted(rows, key=lambda row: (-row.odd, _apart(row.progress), row.progress.lot.number))


def _apart(progress: LotProgress) -> Decimal:
    """Smaller where demand lies further from last year's use."""
    return -abs(progress.share - 1) if progress.share is not None else Decimal(0)


def _days(rows: Sequence[BoardRow], call: Call, at: datetime) -> list[tuple[date, int | None, int | None]]:
    handed = [row.report for row in rows if row.report and row.report.state in HANDED_IN and row.report.submitted_at]
    taken = [report for report in handed if report.state is ReportState.ACCEPTED and report.reviewed_at]
    came = [clock.today(report.submitted_at) for report in handed if report.submitted_at]
    passed = [clock.today(report.reviewed_at) for report in taken if report.reviewed_at]
    today, last = clock.today(at), clock.today(call.deadline)
    first = min([clock.today(call.created_at), *came])
    return by_day(came, passed, first, max([last, *passed]), today)


@dataclass(frozen=True, slots=True)
class Share:
    """What one organisation asks of a lot beside what it used last year, in reference units."""

    hospital: Organisation
    report_id: int
    state: ReportState
    reported: Decimal
    last_year: Decimal | None
    odd: Sequence[Odd]

    @property
    def share(self) -> Decimal | None:
        """Return demand over last year's use, None where nothing was used."""
        return self.reported / self.last_year if self.last_year else None


def of_lot(session: Session, *, call: Call, lot: Lot) -> list[Share]:
    """Return the reports that were handed in, as far as one lot goes, odd ones first."""
    odd = reports.odd_by_report(session, call=call)
    asked = _sums(session, call, lot)
    used = _used(session, call, lot)
    query = (
        select(Report.id, Report.state, Organisation)
        .join(Organisation, Organisation.id == Report.hospital_id)
        .where(Report.call_id == call.id, Report.state.in_(HANDED_IN))
        .order_by(Organisation.region_code, Organisation.name)
    )
    found = [
        Share(
            hospital, report_id, state, add_up(asked.get(report_id, ())),
            add_up(used[hospital.id]) if hospital.id in used else None,
            [each for each in odd.get(report_id, ()) if each.lot_id == lot.id],
        )
        for report_id, state, hospital in session.execute(query)
    ]  # fmt: skip
    return sorted(found, key=lambda each: not each.odd)


Parts = dict[int, list[tuple[Decimal, Decimal]]]


def _sums(session: Session, call: Call, lot: Lot) -> Parts:
    query = (
        select(ReportLine.report_id, func.sum(ReportLine.quantity), LotSpecification.volume_factor)
        .join(Report, Report.id == ReportLine.report_id)
        .join(
            LotSpecification,
            (LotSpecification.lot_id == ReportLine.lot_id)
            & (LotSpecification.specification_id == ReportLine.specification_id),
        )
        .where(Report.call_id == call.id, ReportLine.lot_id == lot.id)
        .group_by(ReportLine.report_id, LotSpecification.id, LotSpecification.volume_factor)
    )
    return _parts((row[0], row[1], row[2]) for row in session.execute(query))


def _used(session: Session, call: Call, lot: Lot) -> Parts:
    query = (
        select(PastUse.hospital_id, PastUse.quantity, LotSpecification.volume_factor)
        .join(LotSpecification, LotSpecification.specification_id == PastUse.specification_id)
        .where(LotSpecification.lot_id == lot.id, PastUse.year == call.year - 1)
    )
    return _parts((row[0], row[1], row[2]) for row in session.execute(query))


def _parts(rows) -> Parts:  # type: ignore[no-untyped-def]  # an iterator of rows as both queries give them
    found: Parts = defaultdict(list)
    for key, quantity, factor in rows:
        found[key].append((quantity, factor))
    return found


def held_waiting(session: Session, call_id: int, region: str | None) -> Sequence[Report]:
    """Return a collection's submitted reports with their rows locked, read anew; of one region where it is named."""
    query = select(Report).where(Report.call_id == call_id, Report.state == ReportState.SUBMITTED).order_by(Report.id)
    if region is not None:
        there = select(Organisation.id).where(func.coalesce(Organisation.region_code, "") == region)
        query = query.where(Report.hospital_id.in_(there))
    query = query.with_for_update(of=Report)
    return session.scalars(query.execution_options(populate_existing=True)).all()
