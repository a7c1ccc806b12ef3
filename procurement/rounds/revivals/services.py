"""Send the offers of a stage, take their answers, and let go of what a later evaluation no longer offers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import Role
from kernel.clock import after_lock
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, Issue
from kernel.files.services import keep
from kernel.notices.services import notify
from procurement.bids.rules import receipt_name
from procurement.rounds.flow import RoundState
from procurement.rounds.models.evaluations import Decision, Evaluation
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results
from procurement.rounds.revivals import queries
from procurement.rounds.revivals.flow import OFFER_FLOW, OfferAction, OfferState
from procurement.rounds.revivals.models import RevivalOffer, RevivalStage
from procurement.rounds.revivals.rules import Board, Terms, answer_digest, superseded
from procurement.rounds.rules.model import By
from procurement.rounds.services.acts import locked
from procurement.tags import Tag

LONGEST = timedelta(days=30)
ANSWERS = {
    (True, False): OfferAction.ACCEPT, (False, False): OfferAction.DECLINE,
    (True, True): OfferAction.ACCEPT_ON_PAPER, (False, True): OfferAction.DECLINE_ON_PAPER,
}  # fmt: skip


def send(session: Session, *, round_id: int, deadline: datetime | None, actor: Actor, at: datetime) -> RevivalStage:
    """Send every offer that is due after the newest evaluation, with one deadline; every company is told."""
    round_ = locked(session, round_id, actor, at)
    evaluation = _under_evaluation(session, round_)
    now = after_lock(session)
    found = queries.concerned(session, evaluation)
    due = set(queries.board_of(session, round_, evaluation, now).due)
    chosen = [one for one in found if queries.place_of(one) in due]
    if not chosen:
        raise Conflict("no-revival-due", code=round_.code)
    if deadline is None or not now < deadline <= now + LONGEST:
        raise Invalid({"deadline": Issue("revival-deadline", facts={"days": LONGEST.days})})
    count = session.scalar(select(func.count(RevivalStage.id)).where(RevivalStage.round_id == round_.id)) or 0
    stage = RevivalStage(
        round_id=round_.id, number=count + 1, evaluation_id=evaluation.id, deadline=deadline, sent_at=at,
        sent_by_id=actor.user_id,
    )  # fmt: skip
    session.add(stage)
    session.flush()  # offers and the event name the id
    session.add_all([_offer(stage, one) for one in chosen])
    facts = {"round": round_.code, "evaluation": evaluation.number, "deadline": deadline, "offers": len(chosen)}
    record(session, Tag.REVIVALS_SENT, stage, actor, at, facts)
    _tell(session, "revival-offered", round_, {one.company_id for one in chosen}, at, deadline=deadline)
    return stage


def _under_evaluation(session: Session, round_: Round) -> Evaluation:
    """Return the newest evaluation of a round in which offers may go out or be answered now."""
    evaluation = results.latest(session, round_)
    if round_.state is not RoundState.EVALUATED or evaluation is None:
        raise Conflict("not-under-evaluation", code=round_.code)
    if round_.facts_changed_at is not None:
        raise Conflict("facts-changed", number=evaluation.number)
    return evaluation


def _offer(stage: RevivalStage, one: Decision) -> RevivalOffer:
    found: dict[str, Any] = one.revival or {}
    terms = queries.terms_of(one)
    if terms is None:
        raise DomainError("no-revival-due")
    return RevivalOffer(
        stage_id=stage.id, lot_id=one.lot_id, company_id=one.company_id, specification_id=one.specification_id,
        kind=By(terms.kind), price=terms.price, prices=found["prices"], conditions=found["conditions"],
        chooses_regions=found["chooses_regions"], volume=found["volume"], state=OfferState.OPEN,
    )  # fmt: skip


def answer(session: Session, *, offer_id: int, accepts: bool, actor: Actor, at: datetime) -> RevivalOffer:
    """Take a company's answer to its own offer, before the deadline; it is final. The clock is read behind the lock."""
    round_id = queries.own_one(session, offer_id, actor).stage.round_id
    round_ = locked(session, round_id, actor, at)
    offer = queries.own_one(session, offer_id, actor)
    _must_be_answerable(offer, round_)
    if after_lock(session) >= offer.stage.deadline:
        raise Conflict("revival-too-late", deadline=offer.stage.deadline)
    _write(offer, round_, accepts=accepts, on_paper=False, actor=actor, at=at)
    facts = {"round": round_.code, "lot": offer.lot.number, "accepts": accepts, "receipt": offer.receipt}
    record(session, Tag.REVIVAL_ANSWERED, offer, actor, at, facts)
    return offer


def record_paper(
    session: Session, *, round_id: int, offer_id: int, accepts: bool, received_at: datetime | None, note: str,
    name: str, content: bytes, actor: Actor, at: datetime,
) -> RevivalOffer:  # fmt: skip
    """Record an answer that reached the agency on paper before the deadline, with its scan; the company is told."""
    round_ = locked(session, round_id, actor, at)
    offer = queries.one(session, round_, offer_id)
    _must_be_answerable(offer, round_)
    wrong = {} if note.strip() else {"note": Issue("needed")}
    if received_at is None or not offer.stage.sent_at <= received_at < offer.stage.deadline or received_at > at:
        wrong["received_at"] = Issue("revival-received", facts={"deadline": offer.stage.deadline})
    if wrong:
        raise Invalid(wrong)
    _write(offer, round_, accepts=accepts, on_paper=True, actor=actor, at=at)
    offer.received_at, offer.note = received_at, note.strip()
    file = keep(
        session, parent_kind="revival_offer", parent_id=offer.id, name=name, content=content, actor=actor, at=at
    )
    facts = {"round": round_.code, "lot": offer.lot.number, "company": offer.company_id, "accepts": accepts,
             "receipt": offer.receipt, "received": received_at, "digest": file.sha256}  # fmt: skip
    record(session, Tag.REVIVAL_RECORDED, offer, actor, at, facts)
    _tell(session, "revival-recorded", round_, {offer.company_id}, at, receipt=offer.receipt)
    return offer


def _must_be_answerable(offer: RevivalOffer, round_: Round) -> None:
    if offer.state is OfferState.SUPERSEDED:
        raise Conflict("revival-superseded")
    if offer.accepts is not None:
        raise Conflict("revival-answered", receipt=offer.receipt, at=offer.answered_at)
    if round_.state is not RoundState.EVALUATED:
        raise Conflict("not-under-evaluation", code=round_.code)


def _write(offer: RevivalOffer, round_: Round, *, accepts: bool, on_paper: bool, actor: Actor, at: datetime) -> None:
    if actor.user_id is None:
        raise Forbidden
    offer.state = OFFER_FLOW.after(offer.state, ANSWERS[accepts, on_paper])
    offer.accepts, offer.on_paper, offer.answered_at, offer.answered_by_id = accepts, on_paper, at, actor.user_id
    offer.digest = answer_digest(
        round_code=round_.code, lot=offer.lot.number, company=offer.company.code, accepts=accepts, at=at.isoformat(),
        terms=Terms(offer.kind.value, offer.price), on_paper=on_paper,
    )  # fmt: skip
    offer.receipt = receipt_name(round_.code, offer.digest)


def review(session: Session, *, round_: Round, evaluation: Evaluation, actor: Actor, at: datetime) -> None:
    """After an evaluation, let go of the offers and answers that it has no use for; whoever they were for is told."""
    _settle(session, [one for one in queries.offers(session, round_) if one.state is OfferState.OPEN], actor, at)
    known = {one.id: one for one in queries.offers(session, round_) if one.state is not OfferState.SUPERSEDED}
    if not known:
        return
    gone = superseded(queries.candidates(queries.concerned(session, evaluation)), queries.sent(known.values(), at))
    for each in gone:
        known[each.id].state = OFFER_FLOW.after(known[each.id].state, OfferAction.SUPERSEDE)
    if gone:
        facts = {"round": round_.code, "evaluation": evaluation.number, "offers": [each.id for each in gone]}
        record(session, Tag.REVIVALS_SUPERSEDED, evaluation, actor, at, facts)
        concerned = {each.place[1] for each in gone if each.state in (OfferState.OPEN, OfferState.ACCEPTED)}
        _tell(session, "revival-changed", round_, concerned, at)


def settle_due(session: Session, *, actor: Actor, at: datetime) -> int:
    """Write down which offers lapsed; return how many. The job's verb: it speeds up, it decides nothing."""
    query = (
        select(RevivalOffer)
        .join(RevivalOffer.stage)
        .where(RevivalOffer.state == OfferState.OPEN, RevivalStage.deadline <= at)
        .with_for_update(of=RevivalOffer, skip_locked=True)
    )
    return _settle(session, session.scalars(query).all(), actor, at)


def _settle(session: Session, offers: Sequence[RevivalOffer], actor: Actor, at: datetime) -> int:
    lapsed: dict[int, list[RevivalOffer]] = {}
    for one in offers:
        if queries.state_of(one, at) is not one.state:
            one.state = OFFER_FLOW.after(one.state, OfferAction.LAPSE)
            lapsed.setdefault(one.stage_id, []).append(one)
    for found in lapsed.values():
        record(session, Tag.REVIVALS_LAPSED, found[0].stage, actor, at, {"offers": [one.id for one in found]})
    return sum(map(len, lapsed.values()))


def unsettled(session: Session, *, round_: Round, evaluation: Evaluation) -> list[Issue]:
    """Return what keeps a round from being announced, lot by lot. Asked behind the round's lock."""
    board = queries.board_of(session, round_, evaluation, after_lock(session))
    lots = {one.lot_id: one.lot for one in queries.concerned(session, evaluation)} if not board.settled else {}
    return [
        Issue(code, facts={"lot": lots[lot].number, "variety": lots[lot].variety.name, "count": count})
        for code, places in _waiting(board)
        for lot, count in sorted(_by_lot(places).items(), key=lambda item: lots[item[0]].number)
    ]


def _waiting(board: Board) -> tuple[tuple[str, list[tuple[int, int, int]]], ...]:
    return (
        ("revival-not-offered", board.due + board.held), ("revival-open", board.open), ("revival-unread", board.unread)
    )  # fmt: skip


def _by_lot(places: Iterable[tuple[int, int, int]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for lot, _company, _specification in places:
        found[lot] = found.get(lot, 0) + 1
    return found


def _tell(session: Session, code: str, round_: Round, companies: set[int], at: datetime, **facts: object) -> None:
    if companies:
        told = {"round": round_.code, "title": round_.title, **facts}
        notify(
            session, code=code, facts=told, at=at, url="/procurement/revivals", organisations=sorted(companies),
            roles=(Role.MANUFACTURER,),
        )  # fmt: skip
