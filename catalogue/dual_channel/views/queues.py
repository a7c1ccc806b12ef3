"""What of dual channel waits for whom, on the first page and in the side bar."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import url_for
from sqlalchemy.orm import Session

from catalogue.dual_channel.flow import DesignationState, PrescriptionState
from catalogue.dual_channel.models.places import Designation
from catalogue.dual_channel.queries import coverage, places, prescriptions, regions, stock
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.i18n import _, _n, label
from kernel.parties.codes import OrganisationKind
from kernel.web import Queue, QueueRow

AHEAD = timedelta(days=30)
SHOWN = 3


def place_count(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count the designations that wait for this person, and say whether a review is overdue."""
    if not actor.may(P.DUAL_DESIGNATE):
        return 0, False
    due = places.reviews_due(session, actor, today(at))
    return len(places.waiting(session, actor, today(at))) + len(due), bool(due)


def place_queue(session: Session, actor: Actor, at: datetime) -> Queue:
    """Designations to decide and reviews that come due, the oldest first."""
    day = today(at)
    waiting, due = places.waiting(session, actor, day), places.reviews_due(session, actor, day + AHEAD)
    rows = [_due(row, day) for row in due if row.review_due and row.review_due <= day]
    rows += [_place(row, label(row.state)) for row in waiting]
    rows += [_due(row, day) for row in due if row.review_due and row.review_due > day]
    return Queue(
        _("Dual-channel designations"), "", rows[:SHOWN], len(rows), url_for("catalogue.dual_places"),
        _("No designation waits for you and no review is due within 30 days"),
    )  # fmt: skip


def _place(row: Designation, detail: str, due: str = "", tone: str = "") -> QueueRow:
    url = url_for("catalogue.dual_place", designation_id=row.id)
    return QueueRow(row.organisation.shown_name, url, due, tone, detail)


def _due(row: Designation, day: date) -> QueueRow:
    assert row.review_due is not None
    late = row.review_due <= day
    return _place(row, _("Yearly review"), row.review_due.isoformat(), "bad" if late else "warn")


def prescription_count(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count the prescriptions that wait for this organisation."""
    kinds = {OrganisationKind.PHARMACY: PrescriptionState.CHOSEN, OrganisationKind.HOSPITAL: PrescriptionState.ISSUED}
    state = kinds.get(actor.organisation_kind) if actor.organisation_kind else None
    return (prescriptions.state_counts(session, actor).get(state, 0), False) if state else (0, False)


def dispense_queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Prescriptions that wait in this pharmacy, and those to settle."""
    if actor.organisation_kind is not OrganisationKind.PHARMACY:
        return None
    return _prescriptions(session, actor, at, PrescriptionState.CHOSEN, _("Prescriptions to dispense"))


def choose_queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Prescriptions of this hospital for which no pharmacy was chosen."""
    if actor.organisation_kind is not OrganisationKind.HOSPITAL:
        return None
    return _prescriptions(session, actor, at, PrescriptionState.ISSUED, _("Prescriptions without a pharmacy"))


def _prescriptions(session: Session, actor: Actor, at: datetime, state: PrescriptionState, title: str) -> Queue:
    found = prescriptions.in_state(session, actor, state)
    rows = [
        QueueRow(
            row.entry.name, url_for("catalogue.dual_prescription", prescription_id=row.id),
            str(_n("%(num)s day", "%(num)s days", days) if (days := (at - row.issued_at).days) else _("today")), "",
            f"{row.number} {row.hospital.shown_name}",
        )
        for row in found[:SHOWN]
    ]  # fmt: skip
    url = url_for("catalogue.dual_prescriptions", state=state.value)
    return Queue(title, "", rows, len(found), url, _("No prescription waits"))


def stock_queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """The stock report that is due, and the drugs that nobody near has."""
    if actor.organisation_kind is not OrganisationKind.PHARMACY or actor.organisation_id is None:
        return None
    row = places.of_organisation(session, actor.organisation_id)
    if row is None or row.state is not DesignationState.DESIGNATED:
        return None
    rows = [line for line in (_report_due(session, actor, today(at)),) if line]
    near = coverage.near(session, row.organisation, today(at))
    url = url_for("catalogue.dual_gaps")
    lacking = near[1] if near else ()
    rows += [QueueRow(drug.entry.name, url, detail=_("nobody in the district has it")) for drug in lacking]
    return Queue(
        _("Stock and gaps near me"), "", rows[:SHOWN], len(rows), url_for("catalogue.dual_stock"),
        _("Every listed drug can be had in the district"),
    )  # fmt: skip


def _report_due(session: Session, actor: Actor, day: date) -> QueueRow | None:
    """The report that is due by the region's own figure; where it has none, nothing is due."""
    parameter = regions.parameters(session, actor.region or None)["stock.most_days"]
    if not parameter.is_set or actor.organisation_id is None:
        return None
    last = stock.reported_on(session, [actor.organisation_id]).get(actor.organisation_id)
    due = last + timedelta(days=int(parameter.value)) if last else day
    if due > day:
        return None
    said = _("last reported %(day)s", day=last.isoformat()) if last else _("never reported")
    return QueueRow(_("Report stock and prices"), url_for("catalogue.dual_stock"), due.isoformat(), "warn", said)
