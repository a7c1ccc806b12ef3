"""Reassignments as their readers may see them: the agency and its supervisors all, a hospital its own volumes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from catalogue.drugs.rules.codes import Part
from kernel.auth.actor import Actor
from kernel.errors import NotFound
from kernel.parties.models import Organisation
from procurement.agreements.reassignment.flow import ChoiceState, ReassignmentState
from procurement.agreements.reassignment.models import Choice, HospitalVolume, Reassignment
from procurement.agreements.reassignment.rules import ZERO, Line, given
from procurement.demand.models import Lot
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results, supply
from procurement.rounds.rules.volumes import Reassign

Key = tuple[int, int]
"""A product as demand names it: company (0: by name alone) and specification."""


@dataclass(frozen=True, slots=True)
class Winner:
    """A product that takes volume: its award, whether it won in the top unit, and its place by price in the lot."""

    award: Award
    top: bool
    order: tuple[Decimal, int, int]

    @property
    def key(self) -> Key:
        """Return the product."""
        return self.award.company_id, self.award.specification_id


def winners(session: Session, round_: Round) -> dict[int, list[Winner]]:
    """Return, by lot, the products that take volume, by price from the lowest."""
    evaluation = results.latest(session, round_)
    found = [one for one in results.winners(session, evaluation) if one.carries_volume] if evaluation else []
    exact = {(one.lot_id, one.company_id, one.specification_id): one for one in found}
    of_company = {(one.lot_id, one.company_id): one for one in reversed(found)}
    made: dict[int, list[Winner]] = {}
    for award in supply.award_rows(session, round_):
        part, lot, company = award.specification.part, award.lot_id, award.company_id
        one = exact.get((lot, company, award.specification_id)) or of_company.get((lot, company))
        if one is None or part is Part.SERVICE or (part is Part.COMPONENT and not award.specification.is_reference):
            continue
        price = one.winning_comparable if one.winning_comparable is not None else award.price
        top = one.unit.split(" ")[-1] == "A"
        made.setdefault(lot, []).append(Winner(award, top, (price, one.rank or 0, award.id)))
    return {lot: sorted(each, key=lambda one: one.order) for lot, each in made.items()}


def of_round(session: Session, round_id: int) -> Reassignment | None:
    """Return a round's reassignment, None before it was started."""
    return session.scalars(select(Reassignment).where(Reassignment.round_id == round_id)).one_or_none()


def held(session: Session, round_id: int, *, shared: bool = False) -> Reassignment:
    """Return a round's reassignment with its row locked, read anew, or NotFound; hospitals hold it shared."""
    query = select(Reassignment).where(Reassignment.round_id == round_id).with_for_update(read=shared)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(round=round_id)
    return found


def hospital_of(actor: Actor) -> int:
    """Return the hospital the actor divides for, or NotFound."""
    if actor.organisation_id is None or not actor.buys:
        raise NotFound()
    return actor.organisation_id


def choice_of(session: Session, found: Reassignment, hospital_id: int) -> Choice | None:
    """Return a hospital's division, None where it has none."""
    query = select(Choice).where(Choice.reassignment_id == found.id, Choice.hospital_id == hospital_id)
    return session.scalars(query).one_or_none()


def choices(session: Session, found: Reassignment) -> dict[int, Choice]:
    """Return the divisions by hospital."""
    query = select(Choice).where(Choice.reassignment_id == found.id)
    return {one.hospital_id: one for one in session.scalars(query)}


def volumes(
    session: Session, found: Reassignment, hospital_id: int | None = None, *, lock: bool = False
) -> Sequence[HospitalVolume]:
    """Return the volumes of a hospital, or of all, by hospital, lot and product; locked and read anew where asked."""
    query = (
        select(HospitalVolume)
        .join(Lot, Lot.id == HospitalVolume.lot_id)
        .where(HospitalVolume.reassignment_id == found.id)
        .options(
            joinedload(HospitalVolume.hospital).joinedload(Organisation.region), joinedload(HospitalVolume.company),
            joinedload(HospitalVolume.lot).joinedload(Lot.variety), joinedload(HospitalVolume.specification),
            joinedload(HospitalVolume.award),
        )
        .order_by(HospitalVolume.hospital_id, Lot.number, HospitalVolume.id)
    )  # fmt: skip
    if hospital_id is not None:
        query = query.where(HospitalVolume.hospital_id == hospital_id)
    if lock:
        query = query.with_for_update(of=HospitalVolume).execution_options(populate_existing=True)
    return session.scalars(query).all()


@dataclass(slots=True)
class Share:
    """A hospital's volumes of one lot; `winners` in the order of their prices."""

    lot: Lot
    rows: list[HospitalVolume] = field(default_factory=list)

    @property
    def own(self) -> Decimal:
        """Return the hospital's own volume of the lot."""
        return sum((row.own for row in self.rows), ZERO)

    @property
    def agreed(self) -> Decimal:
        """Return what it agrees with the winners it reported."""
        return sum((row.agreed for row in self.rows), ZERO)

    @property
    def pool(self) -> Decimal:
        """Return what is to be reassigned."""
        return self.own - self.agreed

    @property
    def winners(self) -> list[HospitalVolume]:
        """Return the products that may take some of it."""
        return [row for row in self.rows if row.award_id is not None]

    @property
    def unit(self) -> str:
        """Return the unit the lot counts in."""
        return self.rows[0].specification.asked_unit if self.rows else ""


def by_hospital(rows: Iterable[HospitalVolume]) -> dict[int, list[Share]]:
    """Group volumes by hospital and lot."""
    found: dict[int, dict[int, Share]] = {}
    for row in rows:
        lots = found.setdefault(row.hospital_id, {})
        lots.setdefault(row.lot_id, Share(row.lot)).rows.append(row)
    return {hospital: list(lots.values()) for hospital, lots in found.items()}


def by_rule(share: Share, ordered: Sequence[Winner], how: Reassign) -> dict[Key, Decimal]:
    """Return what a rule gives each winner of a hospital's pool."""
    lines = {(row.company_id or 0, row.specification_id): Line(row.reported, row.own, row.agreed) for row in share.rows}
    tops = {one.key for one in ordered if one.top}
    return given(lines, [one.key for one in ordered], how=how, top_unit=tops)


def waiting(rows: Iterable[HospitalVolume], chosen: dict[int, Choice]) -> set[int]:
    """Return the hospitals that have a pool to divide and have not submitted."""
    having = {hospital for hospital, shares in by_hospital(rows).items() if any(share.pool for share in shares)}
    return {one for one in having if one not in chosen or chosen[one].state is not ChoiceState.SUBMITTED}


def to_divide(session: Session, actor: Actor, at: datetime) -> list[tuple[Round, Reassignment]]:
    """Return the reassignments that wait for the actor's hospital, the nearest deadline first."""
    if not actor.buys:
        return []
    query = (
        select(Round, Reassignment)
        .join(Reassignment, Reassignment.round_id == Round.id)
        .where(
            Reassignment.state == ReassignmentState.OPEN, Reassignment.how == Reassign.BY_HOSPITAL,
            Reassignment.deadline > at,
        )
        .order_by(Reassignment.deadline)
    )  # fmt: skip
    hospital = hospital_of(actor)
    found = []
    for round_, one in session.execute(query):
        own = {hospital: chosen} if (chosen := choice_of(session, one, hospital)) else {}
        if waiting(volumes(session, one, hospital), own):
            found.append((round_, one))
    return found


def open_by_round(session: Session, ids: Sequence[int]) -> Sequence[Reassignment]:
    """Return the reassignments of rounds that are not closed."""
    query = select(Reassignment).where(Reassignment.round_id.in_(ids), Reassignment.state == ReassignmentState.OPEN)
    return session.scalars(query).all()
