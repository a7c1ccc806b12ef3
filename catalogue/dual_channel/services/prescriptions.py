"""A prescription's way: issued, a pharmacy chosen, dispensed, settled; forgotten after its time.

Events outlive the record, so they hold neither the prescription's number nor the patient's reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import delete
from sqlalchemy.orm import Session

from catalogue.dual_channel.flow import PRESCRIPTION_FLOW, PrescriptionAction, PrescriptionState
from catalogue.dual_channel.models.records import Prescription
from catalogue.dual_channel.queries import doctors, drugs, places, regions
from catalogue.dual_channel.queries import prescriptions as queries
from catalogue.dual_channel.rules.fixings import (
    AT_CHOICE,
    AT_DISPENSING,
    AT_ISSUE,
    Check,
    Fixing,
    checks,
    failing,
)
from catalogue.dual_channel.rules.payment import amount, must_not_exceed, own_share
from catalogue.dual_channel.rules.references import must_not_name, patient_reference
from catalogue.dual_channel.services.doctors import own_hospital
from catalogue.dual_channel.services.stock import own_pharmacy, standards
from catalogue.tags import Tag
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.errors import Conflict, DomainError, NotFound
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation
from kernel.periods import BEIJING, months_after


@dataclass(frozen=True, slots=True)
class PrescriptionDraft:
    """A prescription as a hospital enters it. `patient` is its own number of the patient: only a digest is kept."""

    number: str
    doctor_id: int
    drug_id: int
    patient: str
    quantity: Decimal


def issue(session: Session, *, draft: PrescriptionDraft, key: bytes, actor: Actor, at: datetime) -> Prescription:
    """Issue a prescription; `key` is the installation's key of patients' references."""
    hospital_id, day = own_hospital(actor), today(at)
    patient = patient_reference(key, hospital_id=hospital_id, number=must_not_name(draft.patient))
    rules = regions.governed(session, hospital_id)
    doctor, drug = doctors.one(session, draft.doctor_id, actor), drugs.one(session, draft.drug_id)
    if queries.number_taken(session, hospital_id, draft.number):
        raise Conflict("dual-prescription-known", number=draft.number)
    row = Prescription(
        hospital_id=hospital_id, number=draft.number, region_code=rules.region_code, doctor_id=doctor.id,
        patient=patient, entry_id=drug.entry_id, drug_key=drug.drug_key, quantity=draft.quantity,
        state=PrescriptionState.ISSUED, issued_at=at,
    )  # fmt: skip
    row.checked = _kept(_pass(session, row, AT_ISSUE, {Fixing.DOCTOR: doctor.responsible_on(day)}, at))
    session.add(row)
    session.flush()  # the event and the address name the id
    record(session, Tag.PRESCRIPTION_ISSUED, row, actor, at, {"name": drug.entry.name})
    return row


def choose(session: Session, *, prescription_id: int, pharmacy_id: int, actor: Actor, at: datetime) -> Prescription:
    """Note the pharmacy that the patient chose; another can be chosen until it is dispensed."""
    row = queries.held(session, prescription_id, actor)
    if row.hospital_id != actor.organisation_id:
        raise NotFound(prescription=prescription_id)
    after = PRESCRIPTION_FLOW.after(row.state, PrescriptionAction.CHOOSE)
    pharmacy = places.place(session, pharmacy_id)
    if pharmacy.kind is not OrganisationKind.PHARMACY:
        raise NotFound(pharmacy=pharmacy_id)
    row.pharmacy_id, row.chosen_at = pharmacy.id, at
    checked = _kept(_pass(session, row, AT_CHOICE, {}, at))
    row.checked = [each for each in row.checked if Fixing(each["fixing"]) not in AT_CHOICE] + checked
    row.state = after
    record(session, Tag.PRESCRIPTION_CHOSEN, row, actor, at, {"pharmacy": pharmacy.shown_name})
    return row


def dispense(
    session: Session, *, prescription_id: int, price: Decimal, patient_seen: bool, actor: Actor, at: datetime
) -> Prescription:
    """Hand the drug out at a price per unit; every fixing that the region uses has to hold once more.

    `patient_seen` says that the pharmacist compared the person with the prescription (实名制).
    """
    own_pharmacy(actor)
    row = queries.held(session, prescription_id, actor)
    after = PRESCRIPTION_FLOW.after(row.state, PrescriptionAction.DISPENSE)
    if row.pharmacy_id != actor.organisation_id:
        raise NotFound(prescription=prescription_id)
    must_not_exceed(price, standards(row.entry))
    doctor = queries.doctor(session, row)
    more = {Fixing.PATIENT: patient_seen, Fixing.DOCTOR: doctor.responsible_on(today(row.issued_at))}
    row.checked = _kept(_pass(session, row, AT_DISPENSING, more, at))
    row.state, row.price, row.amount, row.dispensed_at = after, price, amount(row.quantity, price), at
    facts = {"price": price, "amount": row.amount}
    record(session, Tag.PRESCRIPTION_DISPENSED, row, actor, at, facts)
    return row


def settle(session: Session, *, prescription_id: int, actor: Actor, at: datetime) -> Prescription:
    """Settle what was dispensed: the patient's own share by the region's figure, the rest by the fund."""
    own_pharmacy(actor)
    row = queries.held(session, prescription_id, actor)
    after = PRESCRIPTION_FLOW.after(row.state, PrescriptionAction.SETTLE)
    ratio = regions.parameters(session, row.region_code).value("payment.own_share")
    assert row.amount is not None
    row.state, row.own_share, row.settled_at = after, own_share(row.amount, ratio), at
    facts = {"amount": row.amount, "own_share": row.own_share}
    record(session, Tag.PRESCRIPTION_SETTLED, row, actor, at, facts)
    return row


def forget(session: Session, *, actor: Actor, at: datetime) -> int:
    """Delete the prescriptions that their region keeps no longer; a region that has not said how long keeps all."""
    deleted = 0
    for rules in regions.with_rules(session):
        parameter = regions.parameters(session, rules.region_code)["circulation.keep_months"]
        if not parameter.is_set:
            continue
        day = months_after(today(at), -int(parameter.value))
        before = datetime(day.year, day.month, day.day, tzinfo=BEIJING)
        if count := queries.older(session, rules.region_code, before):
            session.execute(delete(Prescription).where(*queries.over_time(rules.region_code, before)))
            facts = {"count": count, "before": day, "source": parameter.source}
            record(session, Tag.PRESCRIPTIONS_FORGOTTEN, rules, actor, at, facts)
            deleted += count
    return deleted


def _pass(
    session: Session, row: Prescription, stage: tuple[Fixing, ...], more: dict[Fixing, bool], at: datetime
) -> tuple[Check, ...]:
    """Check the fixings of a stage and refuse where one that the region uses does not hold."""
    used = regions.parameters(session, row.region_code).value("fixings.used")
    hospital = session.get_one(Organisation, row.hospital_id)
    selling = drugs.on_sale(session, regions.upward(session, hospital.region_code), today(at))
    holds = {
        Fixing.HOSPITAL: places.is_designated(session, row.hospital_id),
        Fixing.PHARMACY: places.is_designated(session, row.pharmacy_id),
        Fixing.DRUG: row.drug_key in selling, **more,
    }  # fmt: skip
    found = checks(used, holds, stage)
    if wrong := failing(found):
        raise DomainError("dual-fixings-fail", number=row.number, fixings=wrong)
    return found


def _kept(found: tuple[Check, ...]) -> list[dict[str, object]]:
    return [{"fixing": check.fixing, "passed": check.passed} for check in found]
