"""Find reports. A hospital or pharmacy sees its own, those who run the platform see all, others none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from kernel.auth import scopes
from kernel.auth.actor import Actor
from kernel.auth.models import User
from kernel.errors import NotFound
from kernel.parties.codes import OrganisationState
from kernel.parties.models import Organisation
from procurement.demand.flow import EDITABLE, OPEN, CallState, ReportState, closes_at, may_write
from procurement.demand.joining import queries as joining
from procurement.demand.models import Call, Report, ReportLine
from procurement.demand.queries.calls import hospitals, volunteer_ids
from procurement.demand.rules import Asked


def visible_reports(actor: Actor) -> Select[Report]:
    """Return the reports the actor may see."""
    return scopes.own(actor, select(Report).order_by(Report.id), buyer=Report.hospital_id)


def one_report(session: Session, report_id: int, actor: Actor) -> Report:
    """Return a report with its collection and hospital, or NotFound."""
    query = visible_reports(actor).where(Report.id == report_id)
    whole = joinedload(Report.hospital).joinedload(Organisation.region)
    found = session.scalars(query.options(joinedload(Report.call), whole)).unique().one_or_none()
    if found is None:
        raise NotFound(report=report_id)
    return found


def held_report(session: Session, report_id: int, actor: Actor) -> Report:
    """Return a report with its row locked, read anew. Hold its collection first."""
    query = visible_reports(actor).where(Report.id == report_id).with_for_update(of=Report)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(report=report_id)
    return found


def report_of(session: Session, *, call_id: int, hospital_id: int) -> Report | None:
    """Return a hospital's report, None where it has not begun."""
    query = select(Report).where(Report.call_id == call_id, Report.hospital_id == hospital_id)
    return session.scalars(query).one_or_none()


def held_report_of(session: Session, *, call_id: int, hospital_id: int) -> Report | None:
    """Return a hospital's report with its row locked, read anew."""
    query = (
        select(Report).where(Report.call_id == call_id, Report.hospital_id == hospital_id).with_for_update(of=Report)
    )
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def lines(session: Session, report_id: int | None) -> list[ReportLine]:
    """Return a report's lines."""
    query = select(ReportLine).where(ReportLine.report_id == report_id).order_by(ReportLine.id)
    return list(session.scalars(query)) if report_id is not None else []


def asked(session: Session, report_id: int | None) -> list[Asked]:
    """Return a report's lines as values."""
    columns = (ReportLine.specification_id, ReportLine.company_id, ReportLine.quantity, ReportLine.reason)
    query = select(*columns).where(ReportLine.report_id == report_id).order_by(ReportLine.id)
    return [Asked(*row) for row in session.execute(query)] if report_id is not None else []


def state_counts(session: Session, call_ids: Sequence[int]) -> dict[int, dict[ReportState, int]]:
    """Return how many reports of each state the collections have."""
    query = (
        select(Report.call_id, Report.state, func.count())
        .where(Report.call_id.in_(call_ids))
        .group_by(Report.call_id, Report.state)
    )
    found: dict[int, dict[ReportState, int]] = {}
    for call_id, state, count in session.execute(query):
        found.setdefault(call_id, {})[state] = count
    return found


def waiting(session: Session, actor: Actor) -> Sequence[Report]:
    """Return the submitted reports that nobody has reviewed, oldest first."""
    query = (
        visible_reports(actor)
        .where(Report.state == ReportState.SUBMITTED)
        .order_by(None)
        .order_by(Report.submitted_at, Report.id)
        .options(joinedload(Report.call), joinedload(Report.hospital))
    )
    return session.scalars(query).unique().all()


def to_report(session: Session, actor: Actor, at: datetime) -> list[tuple[Call, Report | None]]:
    """Return the collections that wait for the actor's hospital, the nearest deadline first.

    Nothing waits for those who are not asked, before they join.
    """
    query = (
        select(Call, Report)
        .outerjoin(Report, (Report.call_id == Call.id) & (Report.hospital_id == actor.organisation_id))
        .where(Call.state.in_(OPEN))
        .order_by(Call.deadline)
    )
    volunteer = session.scalar(volunteer_ids().where(Organisation.id == actor.organisation_id)) is not None
    if volunteer:
        query = query.where(Call.id.in_(joining.calls_of(actor.organisation_id)))
    return [
        (call, report)
        for call, report in session.execute(query)
        if may_write(call.state, report.state if report else None,
                     closes_at(call.deadline, report.due_at if report else None), at)
    ]  # fmt: skip


def not_submitted(session: Session, call_id: int) -> list[int]:
    """Return the hospitals that are asked, and those who joined, that have submitted nothing."""
    done = select(Report.hospital_id).where(
        Report.call_id == call_id, Report.state.in_((ReportState.SUBMITTED, ReportState.ACCEPTED))
    )
    asked_for = hospitals().with_only_columns(Organisation.id).order_by(None)
    missing = select(Organisation.id).where(
        Organisation.state == OrganisationState.ACTIVE, Organisation.id.not_in(done),
        Organisation.id.in_(asked_for) | Organisation.id.in_(joining.members(call_id)),
    )  # fmt: skip
    return list(session.scalars(missing.order_by(Organisation.id)))


def earlier(session: Session, *, call: Call, hospital_id: int) -> dict[tuple[int, int], Decimal]:
    """Return what the hospital handed in for the year before, by place: of the latest collection of that year.

    A specification that no collection of that year had is absent.
    """
    query = (
        select(ReportLine.specification_id, ReportLine.company_id, ReportLine.quantity)
        .join(Report, Report.id == ReportLine.report_id)
        .join(Call, Call.id == Report.call_id)
        .where(Report.hospital_id == hospital_id, Report.state.in_((ReportState.SUBMITTED, ReportState.ACCEPTED)))
        .where(Call.year == call.year - 1, Call.state != CallState.VOID)
        .order_by(Call.deadline, Call.id, ReportLine.id)
    )
    found: dict[tuple[int, int], Decimal] = {}
    for specification_id, company_id, quantity in session.execute(query):
        found[(specification_id, company_id or 0)] = quantity
    return found


def with_own_moment(session: Session, at: datetime) -> Sequence[tuple[Call, Report]]:
    """Return the unsubmitted reports that close later than their collection, at a moment of their own still to come."""
    query = (
        select(Call, Report)
        .join(Report, Report.call_id == Call.id)
        .where(Call.state.in_(OPEN), Report.state.in_(EDITABLE), Report.due_at > Call.deadline, Report.due_at > at)
        .order_by(Report.due_at, Report.id)
    )
    return [(call, report) for call, report in session.execute(query)]


def people(session: Session, *ids: int | None) -> dict[int, str]:
    """Return the names of users."""
    known = [each for each in ids if each is not None]
    return {row[0]: row[1] for row in session.execute(select(User.id, User.name).where(User.id.in_(known)))}


def own_by_call(session: Session, call_ids: Sequence[int], actor: Actor) -> dict[int, Report]:
    """Return the reports of the actor's hospital by collection."""
    if not actor.buys:
        return {}
    query = visible_reports(actor).where(Report.call_id.in_(call_ids))
    return {report.call_id: report for report in session.scalars(query)}
