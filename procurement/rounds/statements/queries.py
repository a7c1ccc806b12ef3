"""Statements as they may be read: by the company that owes one, and by the agency that evaluates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import NotFound
from kernel.parties.codes import OrganisationKind
from procurement.demand.models import Lot
from procurement.rounds.models.evaluations import Decision
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results
from procurement.rounds.statements.flow import StatementState, settled
from procurement.rounds.statements.models import Statement

PARENT = "price_statement"
"""The parent kind of a statement's attachments."""
OPEN = (StatementState.ASKED, StatementState.RETURNED)


def is_agency(actor: Actor) -> bool:
    """Say whether the actor reads every statement: whoever evaluates, at the agency itself."""
    return actor.organisation_kind is OrganisationKind.AGENCY and actor.may(P.ROUND_EVALUATE)


def visible(actor: Actor) -> Select[Statement]:
    """Return the statements an actor may read: its own company's, or all of them at the agency."""
    query = select(Statement)
    if is_agency(actor):
        return query
    if not actor.may(P.BID_SUBMIT) or actor.organisation_id is None:
        return query.where(false())
    return query.where(Statement.company_id == actor.organisation_id)


def _whole(query: Select[Statement]) -> Select[Statement]:
    return query.options(
        joinedload(Statement.round_), joinedload(Statement.lot).joinedload(Lot.variety), joinedload(Statement.company),
        joinedload(Statement.specification), selectinload(Statement.costs),
    )  # fmt: skip


def one(session: Session, statement_id: int, actor: Actor) -> Statement:
    """Return a statement, or NotFound."""
    found = session.scalars(_whole(visible(actor).where(Statement.id == statement_id))).one_or_none()
    if found is None:
        raise NotFound(statement=statement_id)
    return found


def of_round(session: Session, round_id: int, actor: Actor) -> Sequence[Statement]:
    """Return a round's statements by lot and price, as far as the actor may read them."""
    query = visible(actor).join(Lot, Lot.id == Statement.lot_id).where(Statement.round_id == round_id)
    return session.scalars(_whole(query.order_by(Lot.number, Statement.unit_price, Statement.id))).all()


def own(session: Session, actor: Actor) -> Sequence[Statement]:
    """Return the statements of the actor's company, the latest deadline first."""
    query = select(Statement).where(Statement.company_id == (actor.organisation_id or 0))
    return session.scalars(_whole(query.order_by(Statement.due_at.desc(), Statement.id))).all()


def owed(session: Session, actor: Actor, at: datetime) -> list[Statement]:
    """Return what the actor's company still owes, nearest deadline first."""
    found = [each for each in own(session, actor) if settled(each.state, each.due_at, at) in OPEN]
    return sorted(found, key=lambda each: (each.due_at, each.id))


def to_decide(session: Session, actor: Actor) -> Sequence[Statement]:
    """Return the submitted statements that wait for the agency, oldest first."""
    query = visible(actor).where(Statement.state == StatementState.SUBMITTED)
    return session.scalars(_whole(query.order_by(Statement.submitted_at, Statement.id))).all()


def unasked(session: Session, round_: Round) -> list[Decision]:
    """Return the bids that owe a statement by the newest evaluation and were not asked for it."""
    evaluation = results.latest(session, round_)
    if evaluation is None:
        return []
    query = select(Statement.lot_id, Statement.company_id).where(Statement.round_id == round_.id)
    asked = {(lot_id, company_id) for lot_id, company_id in session.execute(query)}
    found = [one for one in results.decisions(session, evaluation) if one.statement_due]
    return [one for one in found if (one.lot_id, one.company_id) not in asked and one.unit_price is not None]


def overdue(session: Session, at: datetime, *, round_id: int | None = None) -> Sequence[Statement]:
    """Return, locked, the statements whose deadline has passed without one, not yet written down."""
    query = select(Statement).where(Statement.state.in_(OPEN), Statement.due_at <= at)
    if round_id is not None:
        query = query.where(Statement.round_id == round_id)
    return session.scalars(query.order_by(Statement.id).with_for_update()).all()


def lacking(session: Session, round_: Round) -> dict[tuple[int, int], str]:
    """Return, by lot and company, the statements that are missing or refused, as the rules read them."""
    words = {StatementState.MISSED: "missing", StatementState.REFUSED: "refused"}
    query = select(Statement.lot_id, Statement.company_id, Statement.state).where(
        Statement.round_id == round_.id, or_(*(Statement.state == state for state in words))
    )
    return {(lot_id, company_id): words[state] for lot_id, company_id, state in session.execute(query)}


def open_by_round(session: Session, ids: Sequence[int]) -> list[tuple[int, StatementState, int, datetime]]:
    """Count the statements of rounds that wait, by round and state, with the nearest due moment."""
    states = (*OPEN, StatementState.SUBMITTED)
    query = (
        select(Statement.round_id, Statement.state, func.count(), func.min(Statement.due_at))
        .where(Statement.round_id.in_(ids), Statement.state.in_(states))
        .group_by(Statement.round_id, Statement.state)
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(query)]
