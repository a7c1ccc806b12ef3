"""A hospital names its responsible doctors. Events hold no name: they are read by others than the hospital."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from catalogue.dual_channel.models.places import ResponsibleDoctor
from catalogue.dual_channel.queries import doctors as queries
from catalogue.tags import Tag
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.errors import Conflict, DomainError, NotFound
from kernel.parties.codes import OrganisationKind


def name_doctor(
    session: Session, *, name: str, licence: str, since: date, actor: Actor, at: datetime
) -> ResponsibleDoctor:
    """Make a doctor of the actor's hospital responsible from a day on; one who stopped can begin again."""
    hospital_id = own_hospital(actor)
    doctor = queries.known(session, hospital_id, licence)
    if doctor is not None and doctor.until is None:
        raise Conflict("dual-doctor-known", licence=licence)
    if doctor is None:
        doctor = ResponsibleDoctor(hospital_id=hospital_id, licence=licence)
        session.add(doctor)
    doctor.name, doctor.since, doctor.until = name, since, None
    session.flush()  # the event names the id
    record(session, Tag.DUAL_DOCTOR_NAMED, doctor, actor, at, {"since": since})
    return doctor


def end_doctor(session: Session, *, doctor_id: int, until: date, actor: Actor, at: datetime) -> ResponsibleDoctor:
    """End a doctor's responsibility; `until` is the first day without it."""
    doctor = queries.one(session, doctor_id, actor)
    if until <= doctor.since:
        raise DomainError("empty-period", since=doctor.since, until=until)
    doctor.until = until
    record(session, Tag.DUAL_DOCTOR_ENDED, doctor, actor, at, {"until": until})
    return doctor


def own_hospital(actor: Actor) -> int:
    """Return the actor's hospital, or NotFound."""
    if actor.organisation_id is None or actor.organisation_kind is not OrganisationKind.HOSPITAL:
        raise NotFound()
    return actor.organisation_id
