"""Find prescriptions: a hospital sees those it issued, a pharmacy those brought to it, the platform's people all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import Session, joinedload

from catalogue.dual_channel.flow import PrescriptionState
from catalogue.dual_channel.models.places import ResponsibleDoctor
from catalogue.dual_channel.models.records import Prescription
from kernel.auth.actor import Actor
from kernel.auth.scopes import sees_all
from kernel.errors import NotFound
from kernel.parties.codes import OrganisationKind

_P = Prescription
DISPENSED = (PrescriptionState.DISPENSED, PrescriptionState.SETTLED)


class Use(NamedTuple):
    """What was dispensed of a drug: prescriptions, units, yuan, and patients told apart by their references."""

    drug_key: str
    prescriptions: int
    patients: int
    quantity: Decimal
    amount: Decimal


def visible(actor: Actor) -> Select[Prescription]:
    """Return the prescriptions an actor may see."""
    query = select(_P)
    if sees_all(actor):
        return query
    if actor.organisation_kind is OrganisationKind.HOSPITAL:
        return query.where(_P.hospital_id == actor.organisation_id)
    if actor.organisation_kind is OrganisationKind.PHARMACY:
        return query.where(_P.pharmacy_id == actor.organisation_id)
    return query.where(false())


def found(actor: Actor, state: PrescriptionState | None = None) -> Select[Prescription]:
    """Return the query of the list, newest first."""
    query = visible(actor).options(joinedload(_P.hospital), joinedload(_P.pharmacy))
    if state is not None:
        query = query.where(_P.state == state)
    return query.order_by(_P.issued_at.desc(), _P.id.desc())


def one(session: Session, prescription_id: int, actor: Actor) -> Prescription:
    """Return a prescription, or NotFound."""
    row = session.scalars(found(actor).where(_P.id == prescription_id)).unique().one_or_none()
    if row is None:
        raise NotFound(prescription=prescription_id)
    return row


def held(session: Session, prescription_id: int, actor: Actor) -> Prescription:
    """Return a prescription with its row locked, read anew."""
    query = visible(actor).where(_P.id == prescription_id).with_for_update(of=_P)
    row = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound(prescription=prescription_id)
    return row


def number_taken(session: Session, hospital_id: int, number: str) -> bool:
    """Say whether a hospital has issued a prescription of that number."""
    return session.scalar(select(_P.id).where(_P.hospital_id == hospital_id, _P.number == number)) is not None


def in_state(session: Session, actor: Actor, state: PrescriptionState) -> Sequence[Prescription]:
    """Return the visible prescriptions in a state, the oldest first."""
    query = visible(actor).where(_P.state == state).options(joinedload(_P.hospital))
    return session.scalars(query.order_by(_P.issued_at, _P.id)).unique().all()


def state_counts(session: Session, actor: Actor) -> dict[PrescriptionState, int]:
    """Count the visible prescriptions by state."""
    query = visible(actor).with_only_columns(_P.state, func.count()).group_by(_P.state)
    return {row[0]: row[1] for row in session.execute(query)}


def doctor(session: Session, row: Prescription) -> ResponsibleDoctor:
    """Return who prescribed; for the checks, not for showing."""
    return session.get_one(ResponsibleDoctor, row.doctor_id)


def use(session: Session, actor: Actor, regions: Collection[str], since: datetime) -> list[Use]:
    """Return what was dispensed under the rules of regions since a moment, the largest amount first."""
    query = (
        visible(actor)
        .where(_P.region_code.in_(regions), _P.state.in_(DISPENSED), _P.dispensed_at >= since)
        .with_only_columns(
            _P.drug_key, func.count(), func.count(_P.patient.distinct()), func.sum(_P.quantity), func.sum(_P.amount)
        )
        .group_by(_P.drug_key)
    )
    rows = [Use(*row[:4], row[4] or Decimal(0)) for row in session.execute(query)]
    return sorted(rows, key=lambda row: (-row.amount, row.drug_key))


def over_time(region_code: str, before: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that a region's prescription was issued before a moment."""
    return _P.region_code == region_code, _P.issued_at < before


def older(session: Session, region_code: str, before: datetime) -> int:
    """Count the prescriptions of a region that were issued before a moment."""
    return session.scalar(select(func.count()).select_from(_P).where(*over_time(region_code, before))) or 0
