"""What warnings are made from, and the warnings a reader may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, joinedload

from catalogue.drugs.models import Specification
from kernel.auth import scopes
from kernel.auth.actor import Actor
from kernel.columns import Amount, Quantity
from kernel.parties.models import Organisation
from procurement.agreements.alerts.flow import AlertKind
from procurement.agreements.alerts.models import VolumeAlert
from procurement.agreements.ledger.flow import Book
from procurement.agreements.ledger.models import VolumeAccount
from procurement.agreements.models import Agreement
from procurement.demand.models import Lot
from procurement.rounds.models.awards import Award


@dataclass(frozen=True, slots=True)
class Held:
    """An agreement in force and what was bought of it, in units and yuan."""

    agreement_id: int
    hospital_id: int
    region_code: str
    lot_id: int
    variety_id: int
    days: tuple[date, date]
    agreed: Decimal
    bought: Decimal
    worth: Decimal


def in_force(session: Session, day: date) -> Iterator[Held]:
    """Return every agreement of the day with what was bought within and beyond it."""
    one = VolumeAccount
    bought = func.coalesce(func.sum(one.ordered - one.cancelled - one.returned, type_=Quantity()), Decimal(0))
    worth = func.sum(one.worth, type_=Amount())
    query = (
        select(Agreement.id, Agreement.hospital_id, Organisation.region_code, Award.lot_id, Lot.variety_id,
               Agreement.starts, Agreement.ends, Agreement.agreed, bought, worth)
        .join(one, one.agreement_id == Agreement.id)
        .join(Award, Award.id == Agreement.award_id)
        .join(Lot, Lot.id == Award.lot_id)
        .join(Organisation, Organisation.id == Agreement.hospital_id)
        .where(Agreement.starts <= day, Agreement.ends > day)
        .group_by(Agreement.id, Organisation.region_code, Award.lot_id, Lot.variety_id)
        .order_by(Agreement.id)
    )  # fmt: skip
    for key, hospital, region, lot, variety, starts, ends, agreed, units, yuan in session.execute(query):
        yield Held(key, hospital, region or "", lot, variety, (starts, ends), agreed, units, yuan)


def others(session: Session, year: int) -> dict[tuple[int, int], Decimal]:
    """Return, by hospital and variety, what was bought without an agreement in a calendar year, in yuan."""
    one = VolumeAccount
    query = (
        select(one.hospital_id, Specification.variety_id, func.sum(one.worth, type_=Amount()))
        .join(Specification, Specification.id == one.specification_id)
        .where(one.book == Book.OPEN, one.year == year)
        .group_by(one.hospital_id, Specification.variety_id)
    )
    return {(hospital, variety): worth for hospital, variety, worth in session.execute(query)}


def visible(actor: Actor) -> Select[VolumeAlert]:
    """Return the warnings the actor may see that are not over: a hospital its own, the agency all."""
    query = select(VolumeAlert).where(VolumeAlert.ended.is_(None))
    return scopes.own(actor, query, buyer=VolumeAlert.hospital_id)


def listing(actor: Actor, kind: str = "") -> Select[VolumeAlert]:
    """Return the query of the list, the gravest kind and the widest gap first."""
    query = visible(actor).options(
        joinedload(VolumeAlert.hospital), joinedload(VolumeAlert.lot).joinedload(Lot.variety)
    )
    if kind in set(AlertKind):
        query = query.where(VolumeAlert.kind == AlertKind(kind))
    grave = case((VolumeAlert.kind == AlertKind.BEHIND, 1), else_=0)
    return query.order_by(grave, VolumeAlert.value - VolumeAlert.bound, VolumeAlert.id)
