"""What the evaluations decided, as their readers may see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from kernel.auth.actor import Actor
from kernel.errors import NotFound
from kernel.parties.models import Organisation
from procurement.demand.models import Lot
from procurement.rounds.flow import Outcome
from procurement.rounds.models.evaluations import Decision, Draw, Evaluation, LotResult
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rounds
from procurement.rounds.queries.rounds import shows_results
from procurement.rounds.rules.difference import FIELDS, Changed, Place, differences

WINNERS = (Outcome.WON, Outcome.WON_WITHOUT_VOLUME)
LAST = 10**6


def evaluations(session: Session, round_: Round) -> Sequence[Evaluation]:
    """Return a round's evaluations, newest first."""
    query = select(Evaluation).where(Evaluation.round_id == round_.id).order_by(Evaluation.number.desc())
    return session.scalars(query).all()


def latest(session: Session, round_: Round) -> Evaluation | None:
    """Return the evaluation that counts."""
    query = select(Evaluation).where(Evaluation.round_id == round_.id).order_by(Evaluation.number.desc())
    return session.scalars(query.limit(1)).one_or_none()


def for_reader(session: Session, round_: Round, actor: Actor) -> Evaluation | None:
    """Return the evaluation that counts if the reader may see it, None before there is one, NotFound otherwise."""
    found = latest(session, round_)
    if found is not None and not shows_results(round_, actor):
        raise NotFound(round=round_.id)
    return found


def lot_results(session: Session, evaluation: Evaluation) -> Sequence[LotResult]:
    """Return the lots' results by number and unit."""
    query = (
        select(LotResult)
        .join(Lot, Lot.id == LotResult.lot_id)
        .where(LotResult.evaluation_id == evaluation.id)
        .options(joinedload(LotResult.lot).joinedload(Lot.variety))
        .order_by(Lot.number, LotResult.unit)
    )
    return session.scalars(query).all()


def decisions(
    session: Session, evaluation: Evaluation, *, lot_id: int | None = None, company_id: int | None = None
) -> Sequence[Decision]:
    """Return decisions by lot and rank; unranked ones last."""
    query = (
        select(Decision)
        .join(Lot, Lot.id == Decision.lot_id)
        .where(Decision.evaluation_id == evaluation.id)
        .options(joinedload(Decision.company), joinedload(Decision.lot).joinedload(Lot.variety),
                 joinedload(Decision.specification))
        .order_by(
            Lot.number, Decision.unit, func.coalesce(Decision.rank, LAST), Decision.comparable_price, Decision.id
        )
    )  # fmt: skip
    if lot_id is not None:
        query = query.where(Decision.lot_id == lot_id)
    if company_id is not None:
        query = query.where(Decision.company_id == company_id)
    return session.scalars(query).all()


def winners(session: Session, evaluation: Evaluation) -> list[Decision]:
    """Return the proposed winners by lot and rank."""
    return [one for one in decisions(session, evaluation) if one.outcome in WINNERS]


def totals(session: Session, evaluation: Evaluation) -> dict[Outcome, int]:
    """Count the decisions by outcome."""
    query = select(Decision.outcome, func.count()).where(Decision.evaluation_id == evaluation.id)
    return {row[0]: row[1] for row in session.execute(query.group_by(Decision.outcome))}


def winners_by_lot(session: Session, evaluation: Evaluation) -> dict[int, int]:
    """Count the proposed winners of each lot."""
    query = select(Decision.lot_id, func.count()).where(
        Decision.evaluation_id == evaluation.id, Decision.outcome.in_(WINNERS)
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(Decision.lot_id))}


def changes(session: Session, round_: Round, number: int) -> list[Changed]:
    """List what an evaluation decides otherwise than the one before it; empty for the first."""
    by_number = {one.number: one for one in evaluations(session, round_)}
    if number not in by_number or number - 1 not in by_number:
        return []
    return between(session, by_number[number - 1], by_number[number])


def between(session: Session, before: Evaluation, after: Evaluation) -> list[Changed]:
    """List what one evaluation decides otherwise than another."""
    return differences(_fields(session, before), _fields(session, after))


def _fields(session: Session, evaluation: Evaluation) -> dict[Place, dict[str, Any]]:
    columns = [getattr(Decision, name) for name in FIELDS]
    query = select(Decision.lot_id, Decision.company_id, Decision.specification_id, *columns)
    rows = session.execute(query.where(Decision.evaluation_id == evaluation.id))
    return {(row[0], row[1], row[2]): dict(zip(FIELDS, row[3:], strict=True)) for row in rows}


@dataclass(frozen=True, slots=True)
class Difference:
    """What an evaluation decides otherwise about a company of a lot."""

    lot: Lot
    company_id: int
    company: str
    parts: list[Changed]


def described_changes(session: Session, round_: Round, number: int) -> list[Difference]:
    """List what an evaluation decides otherwise than the one before it, by lot and company."""
    made = described(session, round_, changes(session, round_, number))
    found = [Difference(lot, parts[0].place[1], company, parts) for lot, company, parts in made]
    return sorted(found, key=lambda one: one.lot.number)


def described(session: Session, round_: Round, found: Sequence[Changed]) -> list[tuple[Lot, str, list[Changed]]]:
    """Group what changed by lot and company."""
    lots = {lot.id: lot for lot in rounds.lots(session, round_)}
    ids = {change.place[1] for change in found}
    rows = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
    names = {row[0]: row[1] for row in rows}
    grouped = groupby(found, key=lambda one: one.place)
    return [(lots[place[0]], names[place[1]], list(parts)) for place, parts in grouped]


def companies(session: Session, evaluation: Evaluation) -> set[int]:
    """Return the companies that the evaluation decided about."""
    return set(session.scalars(select(Decision.company_id).where(Decision.evaluation_id == evaluation.id)))


def own(session: Session, evaluation: Evaluation | None, actor: Actor) -> Sequence[Decision]:
    """Return the decisions about the actor's company."""
    if evaluation is None or actor.organisation_id is None:
        return []
    return decisions(session, evaluation, company_id=actor.organisation_id)


def undrawn(session: Session, evaluation: Evaluation) -> list[LotResult]:
    """Return the lots in which a tie across the last place waits for a draw."""
    return [one for one in lot_results(session, evaluation) if one.ties]


def tied_groups(found: Iterable[Decision]) -> list[list[Decision]]:
    """Return the bids of a lot that share a rank, group by group: whom a draw may part."""
    by_rank: dict[tuple[str, int], list[Decision]] = {}
    for one in found:
        if one.rank is not None:
            by_rank.setdefault((one.unit, one.rank), []).append(one)
    return [group for group in by_rank.values() if len({one.company_id for one in group}) > 1]


def draws(session: Session, round_: Round) -> dict[int, Draw]:
    """Return the recorded draws by lot."""
    return {one.lot_id: one for one in session.scalars(select(Draw).where(Draw.round_id == round_.id))}
