"""Find collections. Agency, bureau and supervisors see all, hospitals and pharmacies those that were started.

Public hospitals are asked; private hospitals and retail pharmacies may join. Others see none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import Session

from kernel.auth import scopes
from kernel.auth.actor import Actor
from kernel.errors import NotFound
from kernel.parties.codes import OrganisationKind, OrganisationState, Ownership
from kernel.parties.models import Organisation
from procurement.demand.flow import CallState
from procurement.demand.models import Call, Lot


def visible_calls(actor: Actor) -> Select[Call]:
    """Return the collections the actor may see, newest first."""
    query = select(Call).order_by(Call.deadline.desc(), Call.id.desc())
    if scopes.sees_all(actor):
        return query
    if actor.buys:
        return query.where(Call.state != CallState.DRAFT)
    return query.where(false())


def one_call(session: Session, call_id: int, actor: Actor) -> Call:
    """Return a collection, or NotFound."""
    found = session.scalars(visible_calls(actor).where(Call.id == call_id)).one_or_none()
    if found is None:
        raise NotFound(call=call_id)
    return found


def one_whole(session: Session, call_id: int, actor: Actor) -> Call:
    """Return a collection whose every report the actor may see, or NotFound: sums of a region give a hospital away."""
    if not scopes.sees_all(actor):
        raise NotFound(call=call_id)
    return one_call(session, call_id, actor)


def held_call(session: Session, call_id: int, actor: Actor, *, shared: bool = False) -> Call:
    """Return a collection with its row locked, read anew; reports hold it shared, so that they don't queue."""
    query = visible_calls(actor).where(Call.id == call_id).with_for_update(read=shared, of=Call)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(call=call_id)
    return found


def code_taken(session: Session, code: str) -> bool:
    """Say whether a collection has the code."""
    return session.scalar(select(Call.id).where(Call.code == code)) is not None


def due(session: Session, at: datetime) -> Sequence[Call]:
    """Return the collections whose deadline has passed and that nobody has closed yet."""
    query = select(Call).where(Call.state == CallState.COLLECTING, Call.deadline <= at).order_by(Call.id)
    return session.scalars(query).all()


def collecting(session: Session, at: datetime) -> Sequence[Call]:
    """Return the collections that still receive reports."""
    query = select(Call).where(Call.state == CallState.COLLECTING, Call.deadline > at).order_by(Call.deadline)
    return session.scalars(query).all()


def lot_counts(session: Session, call_ids: Sequence[int]) -> dict[int, int]:
    """Return how many lots each collection has."""
    query = select(Lot.call_id, func.count()).where(Lot.call_id.in_(call_ids)).group_by(Lot.call_id)
    return {row[0]: row[1] for row in session.execute(query)}


def hospitals() -> Select[Organisation]:
    """Return the hospitals that are asked to report: all active ones that are not private, by region and name."""
    return (
        select(Organisation)
        .where(Organisation.state == OrganisationState.ACTIVE, Organisation.kind == OrganisationKind.HOSPITAL)
        .where(~_private())
        .order_by(Organisation.region_code, Organisation.name, Organisation.id)
    )


def volunteer_ids() -> Select[int]:
    """Return the query of the ids of those who are never asked, and whose demand is shown apart."""
    return select(Organisation.id).where(_private() | (Organisation.kind == OrganisationKind.PHARMACY))


def _private() -> ColumnElement[bool]:
    """A hospital whose owner nobody has stated counts as public."""
    return (Organisation.kind == OrganisationKind.HOSPITAL) & (
        func.coalesce(Organisation.ownership, Ownership.PUBLIC) == Ownership.PRIVATE
    )


def hospital_ids(session: Session) -> list[int]:
    """Return the ids of the hospitals that are asked to report."""
    return [organisation.id for organisation in session.scalars(hospitals())]


def all_visible(session: Session, actor: Actor) -> Sequence[Call]:
    """Return every collection the actor may see, the latest deadline first."""
    return session.scalars(visible_calls(actor)).all()


def filtered(actor: Actor, state: CallState | None, at: datetime) -> Select[Call]:
    """Return the visible collections in a state, as it follows from the time."""
    query = visible_calls(actor)
    if state is CallState.COLLECTING:
        return query.where(Call.state == state, Call.deadline > at)
    if state is CallState.REVIEWING:
        over = (Call.state == CallState.COLLECTING) & (Call.deadline <= at)
        return query.where((Call.state == state) | over)
    return query.where(Call.state == state) if state else query
