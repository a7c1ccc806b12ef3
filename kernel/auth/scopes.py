"""What an actor may see of rows that stand between those who buy and those who supply."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Select, false, or_

from kernel.auth.actor import SYSTEM, Actor

Query = TypeVar("Query", bound=Select[Any])


def sees_all(actor: Actor) -> bool:
    """Say whether the actor sees every organisation's rows."""
    return actor.runs_platform or actor is SYSTEM


def own(actor: Actor, query: Query, *, buyer: Any, suppliers: tuple[Any, ...] = ()) -> Query:
    """Narrow a query to what the actor's organisation is a party to; who runs the platform sees all of it.

    `buyer` and `suppliers` are the columns that hold the organisations; without suppliers they see nothing.
    """
    if sees_all(actor):
        return query
    if actor.buys:
        return query.where(buyer == actor.organisation_id)
    if actor.supplies and suppliers:
        return query.where(or_(*(one == actor.organisation_id for one in suppliers)))
    return query.where(false())
