"""Experts' places on applications."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session, joinedload

from kernel.auth.actor import Actor
from kernel.auth.models import User, UserRole
from kernel.auth.permissions import Role
from kernel.errors import NotFound
from kernel.parties.codes import OrganisationState
from kernel.parties.models import Organisation
from kernel.scores import mean
from pricing.items.applications.flow import ApplicationState, Criterion, PlaceState
from pricing.items.applications.models import (
    ItemApplication,
    ItemSeat,
)


def seats(session: Session, application_id: int) -> Sequence[ItemSeat]:
    """Return the experts' places on an application, in the order of their numbers."""
    query = select(ItemSeat).where(ItemSeat.application_id == application_id).order_by(ItemSeat.number)
    return session.scalars(query.options(joinedload(ItemSeat.scores))).unique().all()


def may_be_read(application: ItemApplication, found: Sequence[ItemSeat], now: datetime) -> bool:
    """Say whether scores may be read: once every expert who stayed has submitted, or the time is up."""
    due = application.due_at
    if application.state is not ApplicationState.PANEL or (due is not None and due <= now):
        return True
    staying = [seat for seat in found if seat.state is not PlaceState.LEFT]
    return bool(staying) and all(seat.state is PlaceState.SUBMITTED for seat in staying)


def means(found: Sequence[ItemSeat]) -> list[tuple[Criterion, Decimal]]:
    """Return the mean of the submitted scores by criterion, with 2 decimals."""
    given = [(score.criterion, score.score) for seat in found for score in seat.scores]
    return [
        (criterion, mean([score for each, score in given if each is criterion], decimals=2))
        for criterion in Criterion
        if any(each is criterion for each, _score in given)
    ]


def my_seats(session: Session, actor: Actor) -> Sequence[ItemSeat]:
    """Return the actor's places on applications that experts review now, and on those they did, newest first."""
    query = select(ItemSeat).where(ItemSeat.user_id == actor.user_id).order_by(ItemSeat.id.desc())
    return session.scalars(query.options(joinedload(ItemSeat.scores))).unique().all()


def my_seat(session: Session, application_id: int, actor: Actor) -> ItemSeat:
    """Return the actor's own place on an application, or NotFound."""
    query = select(ItemSeat).where(ItemSeat.application_id == application_id, ItemSeat.user_id == actor.user_id)
    found = session.scalars(query.options(joinedload(ItemSeat.scores))).unique().one_or_none()
    if found is None or actor.user_id is None:
        raise NotFound(application=application_id)
    return found


def candidates(session: Session, application: ItemApplication) -> Sequence[User]:
    """Return the experts who may be named: active, and not of the hospital that applies."""
    of_role = exists().where(and_(UserRole.user_id == User.id, UserRole.role == Role.EXPERT))
    query = select(User).join(Organisation).where(
        User.active, of_role, Organisation.state == OrganisationState.ACTIVE, Organisation.id != application.hospital_id
    )  # fmt: skip
    return session.scalars(query.options(joinedload(User.organisation)).order_by(User.name, User.id)).all()


READS = (PlaceState.DECLARED, PlaceState.SUBMITTED)
"""Who has no conflict of interest reads the papers."""


def works(seat: ItemSeat, now: datetime) -> bool:
    """Say whether an expert may still declare or score."""
    due = seat.application.due_at
    return seat.application.state is ApplicationState.PANEL and (due is None or now < due)


def owed(found: Sequence[ItemSeat], now: datetime) -> list[ItemSeat]:
    """Return the places whose holders still have to declare or to score."""
    open_ = (PlaceState.NAMED, PlaceState.DECLARED)
    return [seat for seat in found if seat.state in open_ and works(seat, now)]


def my_reading(session: Session, application_id: int, actor: Actor) -> ItemSeat:
    """Return the actor's place where it may read the papers, or NotFound."""
    seat = my_seat(session, application_id, actor)
    if seat.state not in READS:
        raise NotFound(application=application_id)
    return seat
