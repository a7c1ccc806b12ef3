"""Find who takes part of his own accord."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.parties.codes import OrganisationKind, OrganisationState
from kernel.parties.models import Organisation
from procurement.demand.joining.models import Joining
from procurement.demand.joining.rules import may_join, volunteers
from procurement.demand.models import Call
from procurement.demand.queries.calls import volunteer_ids


def members(call_id: int) -> Select[int]:
    """Return the query of the ids of those who joined a collection and have not left it."""
    return select(Joining.organisation_id).where(Joining.call_id == call_id, Joining.left_at.is_(None))


def calls_of(organisation_id: int | None) -> Select[int]:
    """Return the query of the ids of the collections that an organisation joined and has not left."""
    return select(Joining.call_id).where(Joining.organisation_id == organisation_id, Joining.left_at.is_(None))


def welcome(call: Call) -> Select[int]:
    """Return the query of the ids of those who may join a collection: the active ones its switches let in."""
    kinds = [
        *([OrganisationKind.PHARMACY] if call.pharmacies_join else []),
        *([OrganisationKind.HOSPITAL] if call.private_join else []),
    ]
    return volunteer_ids().where(Organisation.state == OrganisationState.ACTIVE, Organisation.kind.in_(kinds))


def of(session: Session, *, call_id: int, organisation_id: int) -> Joining | None:
    """Return how an organisation joined a collection, None where it never did."""
    query = select(Joining).where(Joining.call_id == call_id, Joining.organisation_id == organisation_id)
    return session.scalars(query).one_or_none()


def joined(session: Session, call_id: int) -> dict[int, Joining]:
    """Return those who take part in a collection of their own accord, by organisation."""
    query = select(Joining).where(Joining.call_id == call_id, Joining.left_at.is_(None))
    return {row.organisation_id: row for row in session.scalars(query)}


def is_missing(session: Session, *, call_id: int, organisation_id: int) -> bool:
    """Say whether an organisation would have to join before it reports."""
    found = session.get_one(Organisation, organisation_id)
    if not volunteers(found.kind, found.ownership):
        return False
    row = of(session, call_id=call_id, organisation_id=organisation_id)
    return row is None or row.left_at is not None


def may(session: Session, *, call: Call, actor: Actor) -> bool:
    """Say whether the actor's organisation may join a collection, or has."""
    found = session.get(Organisation, actor.organisation_id) if actor.organisation_id else None
    return found is not None and may_join(
        found.kind, found.ownership, private=call.private_join, pharmacies=call.pharmacies_join
    )  # fmt: skip
