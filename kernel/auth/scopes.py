"""What an actor may see of rows that stand between those who buy and those who supply."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Select, false

from kernel.auth.actor import SYSTEM, Actor
from kernel.parties.codes import OrganisationKind

Query = TypeVar("Query", bound=Select[Any])


def sees_all(actor: Actor) -> bool:
    """Say whether the actor sees every organisation's rows."""
    return actor.runs_platform or actor is SYSTEM


def own(actor: Actor, query: Query, *, buyer: Any, maker: Any = None, deliverer: Any = None) -> Query:
    """Narrow a query to what the actor's organisation is a party to; who runs the platform sees all of it.

    The columns hold the organisations: a company makes, a distributor delivers; without a column they see nothing.
    """
    if sees_all(actor):
        return query
    if actor.buys:
        return query.where(buyer == actor.organisation_id)
    column = None
    if actor.supplies:
        column = maker if actor.organisation_kind is OrganisationKind.COMPANY else deliverer
    return query.where(false() if column is None else column == actor.organisation_id)
