"""How far a collection is: hospital by hospital, and lot by lot against last year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from kernel.parties.models import Organisation
from procurement.demand.flow import ReportState
from procurement.demand.joining import queries as joining
from procurement.demand.joining.models import Joining
from procurement.demand.models import Call, Lot, LotSpecification, PastUse, Report, ReportLine
from procurement.demand.queries.calls import hospitals, volunteer_ids
from procurement.demand.queries.lots import lots, packs, past_use
from procurement.demand.rules import Asked, Odd, Place, add_up, odd_lines

HANDED_IN = (ReportState.SUBMITTED, ReportState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A hospital and where its report stands (None has not begun), the lots it fills, and how much in it is odd."""

    hospital: Organisation
    report: Report | None
    lots: int = 0
    odd: int = 0
    joined: Joining | None = None


def board(session: Session, *, call: Call, odd: Mapping[int, Sequence[Odd]] | None = None) -> list[BoardRow]:
    """Return every hospital that is asked, or has joined or reported, with its report."""
    filled = _filled(session, Report.call_id == call.id)
    strange = odd_by_report(session, call=call) if odd is None else odd
    whole = joinedload(Report.hospital).joinedload(Organisation.region)
    reports = session.scalars(select(Report).where(Report.call_id == call.id).options(whole)).unique().all()
    by_hospital = {report.hospital_id: report for report in reports}
    asked_for = list(session.scalars(hospitals().options(joinedload(Organisation.region))))
    known = {hospital.id for hospital in asked_for}
    members = joining.joined(session, call.id)
    joined = Organisation.id.in_(members.keys() | by_hospital.keys() - known)
    others = session.scalars(
        select(Organisation).where(joined).options(joinedload(Organisation.region)).order_by(Organisation.name)
    ).all()
    everyone = [*asked_for, *(each for each in others if each.id not in known)]
    rows = []
    for hospital in everyone:
        report = by_hospital.get(hospital.id)
        counts = (filled.get(report.id, 0), len(strange.get(report.id, ()))) if report else (0, 0)
        rows.append(BoardRow(hospital, report, *counts, members.get(hospital.id)))
    return rows


def filled_lots(session: Session, report_id: int) -> int:
    """Return how many lots a report has a quantity for."""
    return _filled(session, Report.id == report_id).get(report_id, 0)


def _filled(session: Session, condition: Any) -> dict[int, int]:
    query = (
        select(ReportLine.report_id, func.count(ReportLine.lot_id.distinct()))
        .join(Report, Report.id == ReportLine.report_id)
        .where(condition)
        .group_by(ReportLine.report_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def odd_by_report(session: Session, *, call: Call) -> dict[int, list[Odd]]:
    """Return what is odd in each report that was handed in; a few queries for all of them."""
    reports = session.execute(
        select(Report.id, Report.hospital_id).where(Report.call_id == call.id, Report.state.in_(HANDED_IN))
    ).all()
    sold = packs(session, call.id)
    bare = [_place(row, sold) for lot in lots(session, call.id) for row in lot.specifications]
    years = (call.year - 1, call.year - 2)
    used = past_use(session, call_id=call.id, years=years)
    lines = _lines(session, call.id)
    return {
        report_id: odd_lines(lines[report_id], [_with_past(place, hospital_id, years, used) for place in bare])
        for report_id, hospital_id in reports
    }


def _lines(session: Session, call_id: int) -> dict[int, list[Asked]]:
    columns = (ReportLine.report_id, ReportLine.specification_id, ReportLine.company_id, ReportLine.quantity)
    query = select(*columns, ReportLine.reason).join(Report, Report.id == ReportLine.report_id)
    query = query.where(Report.call_id == call_id)
    found: dict[int, list[Asked]] = defaultdict(list)
    for report_id, specification_id, company_id, quantity, reason in session.execute(query):
        found[report_id].append(Asked(specification_id, company_id, quantity, reason))
    return found


def _place(row: LotSpecification, sold: Mapping[int, tuple[int, ...]]) -> Place:
    return Place(
        row.lot_id, row.lot.number, row.lot.variety.name, row.specification_id, row.specification.text,
        row.specification.unit, row.volume_factor, packs=sold.get(row.specification_id, ()),
    )  # fmt: skip


def _with_past(
    place: Place, hospital_id: int, years: Sequence[int], used: dict[tuple[int, int, int], Decimal]
) -> Place:
    past = [used.get((hospital_id, place.specification_id, year)) for year in years]
    return replace(place, last_year=past[0], year_before=past[1])


@dataclass(frozen=True, slots=True)
class LotProgress:
    """A lot's demand as handed in so far and last year's use by all hospitals, both in reference units.

    `by_joined` is what those reported who joined of their own accord; it is in `reported` where the base counts it.
    """

    lot: Lot
    reported: Decimal
    last_year: Decimal
    by_joined: Decimal = Decimal(0)

    @property
    def share(self) -> Decimal | None:
        """Return demand over last year's use, None where nothing was used."""
        return self.reported / self.last_year if self.last_year else None


def lot_progress(session: Session, *, call: Call) -> list[LotProgress]:
    """Return each lot's demand as handed in so far beside last year's use."""
    handed_in = (
        select(ReportLine.specification_id, func.sum(ReportLine.quantity))
        .join(Report, Report.id == ReportLine.report_id)
        .where(Report.call_id == call.id, Report.state.in_(HANDED_IN))
        .group_by(ReportLine.specification_id)
    )
    joined = _sums(session, handed_in.where(Report.hospital_id.in_(volunteer_ids())))
    counted = handed_in if call.joined_count else handed_in.where(Report.hospital_id.not_in(volunteer_ids()))
    reported = _sums(session, counted)
    used = _sums(
        session,
        select(PastUse.specification_id, func.sum(PastUse.quantity))
        .where(PastUse.year == call.year - 1)
        .group_by(PastUse.specification_id),
    )
    return [
        LotProgress(lot, _total(lot, reported), _total(lot, used), _total(lot, joined))
        for lot in lots(session, call.id)
    ]


def _sums(session: Session, query: Any) -> dict[int, Decimal]:
    return {row[0]: row[1] for row in session.execute(query)}


def _total(lot: Lot, quantities: dict[int, Decimal]) -> Decimal:
    return add_up((quantities.get(row.specification_id, Decimal(0)), row.volume_factor) for row in lot.specifications)
