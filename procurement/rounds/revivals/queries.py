"""Revivals as their readers may see them: a company its own offers, the agency and supervisors all of a round."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from kernel.auth.actor import Actor
from kernel.errors import NotFound
from procurement.demand.models import Lot
from procurement.rounds.flow import Outcome, RoundState
from procurement.rounds.models.evaluations import Decision, Evaluation
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries.results import latest
from procurement.rounds.queries.rounds import is_inside
from procurement.rounds.revivals.flow import OfferState, settled
from procurement.rounds.revivals.models import RevivalOffer, RevivalStage
from procurement.rounds.revivals.rules import Board, Candidate, Place, Sent, Terms, board

WON = (Outcome.WON, Outcome.WON_WITHOUT_VOLUME)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An accepted offer as the table of bids reads it."""

    specification: int
    kind: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class Priced:
    """One specification of an offer: what was bid, and the price if it is accepted, yuan per unit."""

    text: str
    bid: Decimal | None
    price: Decimal | None


def prices_of(offer: RevivalOffer) -> list[Priced]:
    """Return an offer's prices, that of the specification it stands with first."""
    found = [Priced(one["text"], _decimal(one["price"]), _decimal(one["follows_at"])) for one in offer.prices]
    return found or [Priced(offer.specification.text, None, offer.price)]


def own_demand(offer: RevivalOffer) -> Decimal | None:
    """Return the demand reported for the bidder's brand, where the offer asked for one."""
    found = (step.get("value") for step in offer.conditions if step["code"] == "revival-demand")
    return _decimal(next(found, None))


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def state_of(offer: RevivalOffer, at: datetime) -> OfferState:
    """Return an offer's state at an instant."""
    return settled(offer.state, offer.stage.deadline, at)


def place_of(one: Decision | RevivalOffer) -> Place:
    """Return what a decision or an offer is about."""
    return one.lot_id, one.company_id, one.specification_id


def concerned(session: Session, evaluation: Evaluation) -> Sequence[Decision]:
    """Return the decisions that the rules have a revival for, allowed or not, by lot and rank."""
    query = (
        select(Decision)
        .join(Lot, Lot.id == Decision.lot_id)
        .where(Decision.evaluation_id == evaluation.id, Decision.revival.is_not(None))
        .options(joinedload(Decision.company), joinedload(Decision.lot).joinedload(Lot.variety),
                 joinedload(Decision.specification))
        .order_by(Lot.number, Decision.unit, Decision.rank, Decision.company_id)
    )  # fmt: skip
    return session.scalars(query).all()


def candidates(found: Iterable[Decision]) -> list[Candidate]:
    """Return those who may revive by terms that are known."""
    return [
        Candidate(place_of(one), (one.lot_id, one.unit), terms, one.outcome in WON)
        for one in found
        if (terms := terms_of(one)) is not None
    ]


def terms_of(one: Decision) -> Terms | None:
    """Return what a decision offers, None where a condition is not met or the price is open."""
    found: dict[str, Any] = one.revival or {}
    if not found.get("allowed") or found["price"] is None:
        return None
    return Terms(found["kind"], Decimal(found["price"]))


def sent(offers: Iterable[RevivalOffer], at: datetime) -> list[Sent]:
    """Return offers as the rules read them."""
    return [Sent(one.id, place_of(one), Terms(one.kind.value, one.price), state_of(one, at)) for one in offers]


def board_of(session: Session, round_: Round, evaluation: Evaluation, at: datetime) -> Board:
    """Return where a round's revivals stand."""
    found = candidates(concerned(session, evaluation))
    return board(found, sent(offers(session, round_), at)) if found else Board()


def boards(session: Session, ids: Collection[int], at: datetime) -> dict[int, tuple[Board, datetime | None]]:
    """Return where the revivals of evaluated rounds stand, with the nearest deadline of an open offer."""
    nearest = select(RevivalStage.round_id, func.min(RevivalStage.deadline)).join(
        RevivalOffer, RevivalOffer.stage_id == RevivalStage.id
    )
    running = nearest.where(RevivalOffer.state == OfferState.OPEN, RevivalStage.deadline > at)
    due = {row[0]: row[1] for row in session.execute(running.group_by(RevivalStage.round_id))}
    found: dict[int, tuple[Board, datetime | None]] = {}
    query = select(Round).where(Round.id.in_(ids), Round.state == RoundState.EVALUATED)
    for round_ in session.scalars(query).all():  # rounds between evaluation and announcement: one or two at a time
        evaluation = latest(session, round_)
        if evaluation is not None:
            found[round_.id] = board_of(session, round_, evaluation, at), due.get(round_.id)
    return found


def offers(session: Session, round_: Round) -> Sequence[RevivalOffer]:
    """Return every offer of a round, newest stage first, by lot."""
    query = _offers().where(RevivalStage.round_id == round_.id)
    return session.scalars(query.order_by(RevivalStage.number.desc(), Lot.number, RevivalOffer.id)).all()


def one(session: Session, round_: Round, offer_id: int) -> RevivalOffer:
    """Return an offer of a round, or NotFound."""
    query = _offers().where(RevivalStage.round_id == round_.id, RevivalOffer.id == offer_id)
    return _found(session, query, offer_id)


def own(session: Session, actor: Actor) -> Sequence[RevivalOffer]:
    """Return the offers to the actor's company, newest first."""
    query = _own(actor).order_by(RevivalStage.sent_at.desc(), Lot.number, RevivalOffer.id)
    return session.scalars(query).all()


def own_one(session: Session, offer_id: int, actor: Actor) -> RevivalOffer:
    """Return an offer to the actor's own company, or NotFound."""
    return _found(session, _own(actor).where(RevivalOffer.id == offer_id), offer_id)


def listing(actor: Actor, *, round_id: int | None) -> Select[RevivalOffer]:
    """Return the query of an export: a company's own offers, every one to the agency and supervisors."""
    query = _offers() if is_inside(actor) else _own(actor)
    if round_id is not None:
        query = query.where(RevivalStage.round_id == round_id)
    return query.order_by(RevivalStage.round_id, RevivalStage.number, Lot.number, RevivalOffer.id)


def known(session: Session, offer_id: int, actor: Actor) -> RevivalOffer | None:
    """Return an offer that the actor may read, None otherwise."""
    return session.scalars(listing(actor, round_id=None).where(RevivalOffer.id == offer_id)).one_or_none()


def readable(session: Session, offer_id: int, actor: Actor) -> RevivalOffer:
    """Return an offer that the actor may read, or NotFound."""
    return _found(session, listing(actor, round_id=None).where(RevivalOffer.id == offer_id), offer_id)


def due(session: Session, actor: Actor, at: datetime) -> list[RevivalOffer]:
    """Return the offers that the actor's company may answer now, the nearest deadline first."""
    query = _own(actor).where(
        RevivalOffer.state == OfferState.OPEN, RevivalStage.deadline > at, Round.state == RoundState.EVALUATED
    )
    return list(session.scalars(query.order_by(RevivalStage.deadline, Lot.number, RevivalOffer.id)))


def accepted(session: Session, round_: Round) -> dict[tuple[int, int], list[Acceptance]]:
    """Return the acceptances that stand, by lot and company."""
    query = (
        select(RevivalOffer)
        .join(RevivalStage, RevivalStage.id == RevivalOffer.stage_id)
        .where(RevivalStage.round_id == round_.id, RevivalOffer.state == OfferState.ACCEPTED)
    )
    found: dict[tuple[int, int], list[Acceptance]] = {}
    for each in session.scalars(query):
        told = Acceptance(each.specification_id, each.kind.value, each.price)
        found.setdefault((each.lot_id, each.company_id), []).append(told)
    return found


def accepted_in(session: Session, round_: Round) -> dict[tuple[int, int], RevivalOffer]:
    """Return the newest acceptance of each company in each lot: by what a change of its decision came about."""
    kept = [one for one in offers(session, round_) if one.state is OfferState.ACCEPTED]
    return {(one.lot_id, one.company_id): one for one in reversed(kept)}


def _offers() -> Select[RevivalOffer]:
    return (
        select(RevivalOffer)
        .join(RevivalOffer.stage)
        .join(RevivalStage.round)
        .join(RevivalOffer.lot)
        .options(
            contains_eager(RevivalOffer.stage).contains_eager(RevivalStage.round),
            contains_eager(RevivalOffer.stage).joinedload(RevivalStage.evaluation),
            contains_eager(RevivalOffer.lot).joinedload(Lot.variety),
            joinedload(RevivalOffer.company), joinedload(RevivalOffer.specification),
        )
    )  # fmt: skip


def _own(actor: Actor) -> Select[RevivalOffer]:
    return _offers().where(RevivalOffer.company_id == (actor.organisation_id or 0))


def _found(session: Session, query: Select[RevivalOffer], offer_id: int) -> RevivalOffer:
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(offer=offer_id)
    return found
