"""Exposure, suspension and the hand-over to credit: proposed by one person, decided by another; and lifting."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.second import must_be_another
from kernel.clock import today
from kernel.errors import Conflict
from pricing.credit.flow import Matter
from pricing.credit.services import report_fact
from pricing.governance.cases.flow import CASE_FLOW, HARMS, CaseAction
from pricing.governance.cases.models import PriceCase
from pricing.governance.cases.queries import cases, prices
from pricing.governance.cases.services import acts
from pricing.listings.flow import ListingKind, ListingState
from pricing.listings.services import restore, suspend

A = CaseAction
LONGEST = 400
"""A listing's reason and a fact's note are no longer."""


def propose(session: Session, *, case_id: int, text: str, actor: Actor, at: datetime) -> PriceCase:
    """Propose what comes next against the company: to expose it, to suspend its listing, to report it."""
    found = cases.handled(session, case_id, actor)
    CASE_FLOW.after(found.state, A.PROPOSE)
    if found.proposed is not None:
        raise Conflict("case-proposed-already")
    acts.needed(LONGEST, text=text)
    found.proposed, found.proposed_by_id, found.proposed_text = HARMS[found.state], actor.user_id, text.strip()
    return acts.moved(session, found, A.PROPOSE, actor, at, text=text, facts={"proposed": found.proposed})


def give_back(session: Session, *, case_id: int, text: str, actor: Actor, at: datetime) -> PriceCase:
    """Take a proposal off the table, one's own or another's, with the reason."""
    found = cases.handled(session, case_id, actor)
    CASE_FLOW.after(found.state, A.RETURN)
    _proposed(found)
    acts.needed(LONGEST, text=text)
    facts = {"proposed": found.proposed}
    found.proposed, found.proposed_by_id, found.proposed_text = None, None, ""
    return acts.moved(session, found, A.RETURN, actor, at, text=text, facts=facts)


def confirm(session: Session, *, case_id: int, actor: Actor, at: datetime) -> PriceCase:
    """Do what another person proposed."""
    found = cases.handled(session, case_id, actor)
    action, text = _proposed(found), found.proposed_text
    must_be_another(actor, found.proposed_by_id)
    CASE_FLOW.after(found.state, action)
    if action is A.EXPOSE:
        found.exposed_at, found.exposed_text = at, text
    elif action is A.SUSPEND:
        _suspend(session, found, text, actor, at)
    else:
        _report(session, found, text, actor, at)
    return acts.moved(session, found, action, actor, at, text=text)


def _proposed(found: PriceCase) -> CaseAction:
    if found.proposed is None:
        raise Conflict("case-nothing-proposed")
    return found.proposed


def _suspend(session: Session, found: PriceCase, text: str, actor: Actor, at: datetime) -> None:
    """Suspend every listing of the case that may be bought today."""
    listed = prices.current(session, found)
    bought = [
        line for line in found.lines if line.id in listed and listed[line.id].state_on(today(at)) is ListingState.ACTIVE
    ]
    if not bought:
        raise Conflict("case-nothing-listed")
    for line in bought:
        suspend(session, listing_id=listed[line.id].id, reason=text, actor=actor, at=at)
        line.suspended = True


def _report(session: Session, found: PriceCase, text: str, actor: Actor, at: datetime) -> None:
    """Hand the case over to credit; the same case again is the same fact."""
    fact = report_fact(
        session, company_id=found.company_id, matter=Matter.PRICING, subject_kind=cases.KIND, subject_id=found.id,
        region_code=found.region_code, happened_on=today(at), note=text, actor=actor, at=at,
        shortage=any(line.kind is ListingKind.SHORTAGE for line in found.lines),
    )  # fmt: skip
    found.fact_id = fact.id


def lift(session: Session, *, case_id: int, text: str, actor: Actor, at: datetime) -> PriceCase:
    """Let what the case suspended be bought again."""
    found = cases.handled(session, case_id, actor)
    CASE_FLOW.after(found.state, A.LIFT)
    acts.needed(LONGEST, text=text)
    if not lift_all(session, found, text, actor, at):
        raise Conflict("case-nothing-suspended")
    return acts.moved(session, found, A.LIFT, actor, at, text=text)


def lift_all(session: Session, found: PriceCase, text: str, actor: Actor, at: datetime) -> int:
    """Restore the listings that the case suspended and that are still so; return how many lines were."""
    held = [line for line in found.lines if line.suspended]
    listed = prices.current(session, found) if held else {}
    for line in held:
        line.suspended = False
        if line.id in listed and listed[line.id].state_on(today(at)) is ListingState.SUSPENDED:
            reason = text.strip()[:LONGEST] or found.text[:LONGEST]
            restore(session, listing_id=listed[line.id].id, reason=reason, actor=actor, at=at)
    return len(held)
