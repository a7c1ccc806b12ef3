"""Declare for lots, with or without a price, and take declarations back; both until the deadline and not after it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import Role
from kernel.errors import Conflict, FileRefused, Issue
from kernel.notices.services import notify
from kernel.parties.models import Organisation
from procurement.bids import queries
from procurement.bids.declarations import queries as declarations
from procurement.bids.declarations import rules
from procurement.bids.declarations.flow import DECLARATION_FLOW, DeclarationAction, DeclarationState
from procurement.bids.declarations.models import Declaration, DeclarationAct
from procurement.bids.eligibility import queries as eligibility
from procurement.bids.flow import BidState
from procurement.bids.models import Box
from procurement.bids.queries import OfferLot
from procurement.bids.receipts import services as receipts
from procurement.tags import Tag


class DeclarationRefused(FileRefused):
    """Some lots can't be declared, so none was; `issues` says everything that stands in the way."""

    code = "declaration-refused"

    def __init__(self, issues: Iterable[Issue]) -> None:
        super().__init__(issues)
        self.code = "declaration-refused"


def declare(session: Session, *, box_id: int, lot_ids: Collection[int], actor: Actor) -> DeclarationAct:
    """Declare for lots, all of them or none; no price is needed. Lots that are declared already are left as they are.

    Raises `Conflict` outside the time of the box, `DeclarationRefused` where the company has no product of a lot or
    the box refuses companies whose documents are not there.
    """
    company = queries.bidder(session, actor)
    box = queries.box(session, box_id, actor)
    lots = {lot.id: lot for lot in queries.offer(session, box, company.id)}
    known = declarations.own(session, box.id, actor)
    wanted = [lot_id for lot_id in sorted(set(lot_ids)) if not _stands(known.get(lot_id))]
    if not wanted:
        raise Conflict("nothing-to-declare")
    _must_have_products(wanted, lots)
    approvals = {lot_id: eligibility.subjects([lots[lot_id]]) for lot_id in wanted}
    found = eligibility.standing(session, box, company.id, [each for own in approvals.values() for each in own])
    _must_be_eligible(found, approvals, lots)
    _number, now = receipts.take_place(session, box_id=box.id)
    act = _act(session, box, company, [lots[lot_id].number for lot_id in wanted], False, actor, now)
    checked = {lot_id: found.plain(own) for lot_id, own in approvals.items()}
    enter(session, box=box, company=company, checked=checked, receipt=act.receipt, user_id=actor.user_id, at=now)
    return act


def take_back(session: Session, *, box_id: int, lot_ids: Collection[int], actor: Actor) -> DeclarationAct:
    """Take declarations back; a lot with a sealed bid keeps its declaration until the bid is withdrawn."""
    company = queries.bidder(session, actor)
    box = queries.box(session, box_id, actor)
    _number, now = receipts.take_place(session, box_id=box.id)
    return leave(session, box=box, company=company, lot_ids=lot_ids, actor=actor, at=now)


def leave(
    session: Session, *, box: Box, company: Organisation, lot_ids: Collection[int], actor: Actor, at: datetime
) -> DeclarationAct:
    """Take declarations back at an instant that was read under the box's lock."""
    bids, known = queries.own_bids(session, box.id, actor), declarations.own(session, box.id, actor)
    rows = [known[lot_id] for lot_id in sorted(set(lot_ids)) if _stands(known.get(lot_id))]
    if not rows or len(rows) != len(set(lot_ids)):
        raise Conflict("nothing-to-take-back")
    if any(row.lot_id in bids and bids[row.lot_id].state is BidState.SUBMITTED for row in rows):
        raise Conflict("bid-still-sealed")
    act = _act(session, box, company, [row.lot.number for row in rows], True, actor, at)
    for row in rows:
        row.state = DECLARATION_FLOW.after(row.state, DeclarationAction.TAKE_BACK)
        row.receipt, row.at = act.receipt, at
    return act


def enter(
    session: Session, *, box: Box, company: Organisation, checked: Mapping[int, list[dict[str, Any]]], receipt: str,
    user_id: int | None, at: datetime, by_bid: bool = False,
) -> None:  # fmt: skip
    """Write that a company declared for lots, at an instant read under the box's lock; the act itself is recorded."""
    known = declarations.of_company(session, box.id, company.id)
    for lot_id, found in checked.items():
        row = known.get(lot_id)
        if row is None:
            row = Declaration(box_id=box.id, lot_id=lot_id, company_id=company.id, state=DeclarationState.DECLARED)
            session.add(row)
        else:
            row.state = DECLARATION_FLOW.after(row.state, DeclarationAction.DECLARE)
        row.by_bid, row.receipt, row.checked = by_bid, receipt, found
        row.user_id, row.at = user_id or 0, at


def _stands(row: Declaration | None) -> bool:
    return row is not None and row.state is DeclarationState.DECLARED


def _must_have_products(wanted: Sequence[int], lots: Mapping[int, OfferLot]) -> None:
    issues = [
        Issue("unknown-lot") if lot_id not in lots else Issue("no-product-in-lot", facts={"lot": lots[lot_id].number})
        for lot_id in wanted
        if lot_id not in lots or not lots[lot_id].own
    ]
    if issues:
        raise DeclarationRefused(issues)


def _must_be_eligible(
    found: eligibility.Standing, approvals: Mapping[int, Sequence[str]], lots: Mapping[int, OfferLot]
) -> None:
    """Refuse a lot of which no product has all its documents; the bid itself is held against the products it names."""
    numbers = {lot_id: lots[lot_id].number for lot_id in approvals}
    best = {lot_id: [found.readiest(own)] for lot_id, own in approvals.items()}
    issues = eligibility.obstacles(found, best, numbers)
    if issues:
        raise DeclarationRefused(issues)


def _act(
    session: Session, box: Box, company: Organisation, numbers: Sequence[int], withdrawal: bool, actor: Actor,
    at: datetime,
) -> DeclarationAct:  # fmt: skip
    """Write an act and tell its company. Which lots it was for stays out of the audit and the notice."""
    digest = rules.act_digest(box=box.code, company=company.code, at=at, withdrawal=withdrawal, lots=numbers)
    act = DeclarationAct(
        box_id=box.id, company_id=company.id, receipt=rules.act_name(box.code, digest), digest=digest,
        withdrawal=withdrawal, lots=sorted(numbers), user_id=actor.user_id, at=at,
    )  # fmt: skip
    session.add(act)
    session.flush()  # the event names the id
    tag = Tag.DECLARATION_TAKEN_BACK if withdrawal else Tag.DECLARATION_MADE
    record(session, tag, act, actor, at, {"box": box.code, "receipt": act.receipt, "digest": digest})
    code = "declaration-taken-back" if withdrawal else "declaration-made"
    url, facts = f"/procurement/bids/{box.id}/declarations", {"box": box.title, "receipt": act.receipt, "at": at}
    notify(session, code=code, facts=facts, at=at, url=url, organisations=[company.id], roles=[Role.MANUFACTURER])
    return act
