"""Find responsible doctors: a hospital sees its own, nobody sees any other's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import Session

from catalogue.dual_channel.models.places import ResponsibleDoctor
from kernel.auth.actor import Actor
from kernel.errors import NotFound
from kernel.parties.codes import OrganisationKind

_D = ResponsibleDoctor


def visible(actor: Actor) -> Select[ResponsibleDoctor]:
    """Return the doctors of the actor's hospital, those who are still responsible first."""
    query = select(_D).order_by(_D.until.is_not(None), _D.name, _D.id)
    if actor.organisation_kind is OrganisationKind.HOSPITAL:
        return query.where(_D.hospital_id == actor.organisation_id)
    return query.where(false())


def one(session: Session, doctor_id: int, actor: Actor) -> ResponsibleDoctor:
    """Return a doctor of the actor's hospital, or NotFound."""
    found = session.scalars(visible(actor).where(_D.id == doctor_id)).one_or_none()
    if found is None:
        raise NotFound(doctor=doctor_id)
    return found


def responsible(session: Session, actor: Actor, day: date) -> Sequence[ResponsibleDoctor]:
    """Return the doctors who may prescribe on a day."""
    query = visible(actor).where(_D.since <= day, or_(_D.until.is_(None), _D.until > day))
    return session.scalars(query).all()


def known(session: Session, hospital_id: int, licence: str) -> ResponsibleDoctor | None:
    """Return the doctor who has a licence at a hospital."""
    query = select(_D).where(_D.hospital_id == hospital_id, _D.licence == licence)
    return session.scalars(query).one_or_none()


def number(session: Session, hospital_id: int, day: date) -> int:
    """Count a hospital's responsible doctors, which is all that others may know."""
    query = select(func.count()).where(_D.hospital_id == hospital_id, or_(_D.until.is_(None), _D.until > day))
    return session.scalar(query) or 0
