"""Propose to merge duplicate listings, object, answer, and merge as a second person once the window is over."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.second import must_be_another
from kernel.clock import after_lock, from_beijing, today
from kernel.errors import Conflict, Invalid, Issue, NotFound
from kernel.notices.services import notify
from kernel.policy import covers
from kernel.workdays import add_workdays
from pricing.listings.duplicates import queries
from pricing.listings.duplicates.flow import MERGE_FLOW, Keep, MergeAction
from pricing.listings.duplicates.models import ListingMerge
from pricing.listings.duplicates.rules import Twin, duplicates
from pricing.listings.flow import ListingKind, ListingState
from pricing.listings.models import Listing
from pricing.listings.services import end
from pricing.tags import Tag

LONGEST = 1_000
URL = "/pricing/listings/merges"


def propose(session: Session, *, region_code: str, actor: Actor, at: datetime) -> list[ListingMerge]:
    """Find duplicates in a region and publicise which listing is to be kept; raises UnsetParameter without a rule."""
    if not covers(actor.region, region_code):
        raise Invalid({"region": Issue("unknown-choice", value=region_code)})
    rules, day = queries.policy(region_code), today(at)
    order = [Keep(one) for one in rules.value("keep")]
    due = _evening(add_workdays(day, int(rules.value("objection.workdays"))))
    made = []
    for group in queries.twins(session, region_code, day):
        made += [
            ListingMerge(
                keep_id=best.id, end_id=id_, rule=key, due_at=due, proposed_by_id=actor.user_id, proposed_at=at
            )
            for best, id_, key in duplicates([_twin(one) for one in group], order)
        ]
    session.add_all(made)
    session.flush()  # the audit events name them
    for one in made:
        record(session, Tag.MERGE_PROPOSED, one, actor, at, {"keep": one.keep_id, "end": one.end_id, "rule": one.rule})
    told = sorted({one.end.product.company_id for one in made})
    if told:
        notify(session, code="merge-proposed", facts={"due": due.isoformat()}, organisations=told, url=URL, at=at)
    return made


def _twin(one: Listing) -> Twin:
    return Twin(one.id, one.kind is ListingKind.AGREEMENT, one.price, one.starts, one.product_id, one.kind)


def _evening(day: date) -> datetime:
    return from_beijing(datetime.combine(day, time(17)))


def object_(session: Session, *, merge_id: int, text: str, actor: Actor, at: datetime) -> ListingMerge:
    """Object as the company whose listing is to end, before the window is over."""
    found = queries.one(session, merge_id, actor, lock=True)
    if found.end.product.company_id != actor.organisation_id:
        raise NotFound(merge=merge_id)
    state = MERGE_FLOW.after(found.state, MergeAction.OBJECT)
    if after_lock(session) >= found.due_at:
        raise Conflict("merge-window-over", due=found.due_at)
    found.objection, found.state = _written(text), state
    found.objected_by_id, found.objected_at = actor.user_id, at
    record(session, Tag.MERGE_OBJECTED, found, actor, at, {"text": found.objection})
    return found


def answer(session: Session, *, merge_id: int, text: str, actor: Actor, at: datetime) -> ListingMerge:
    """Answer an objection that does not change the proposal; one that does drops it."""
    found = queries.one(session, merge_id, actor, lock=True)
    found.state = MERGE_FLOW.after(found.state, MergeAction.ANSWER)
    found.answer, found.answered_by_id = _written(text), actor.user_id
    record(session, Tag.MERGE_ANSWERED, found, actor, at, {"text": found.answer})
    told = [found.end.product.company_id]
    notify(session, code="merge-answered", facts={}, organisations=told, url=URL, at=at)
    return found


def merge(session: Session, *, merge_id: int, actor: Actor, at: datetime) -> ListingMerge:
    """End the duplicate as a second person, once the window is over; where it has ended meanwhile, say so."""
    found = queries.one(session, merge_id, actor, lock=True)
    state = MERGE_FLOW.after(found.state, MergeAction.MERGE)
    must_be_another(actor, found.proposed_by_id)
    if after_lock(session) < found.due_at:
        raise Conflict("merge-window-open", due=found.due_at)
    if ListingState.ENDED in (found.end.state_on(today(at)), found.keep.state_on(today(at))):
        raise Conflict("merge-gone")
    found.state, found.decided_by_id, found.decided_at = state, actor.user_id, at
    end(session, listing_id=found.end_id, day=today(at), reason="重复挂网合并", actor=actor, at=at)
    record(session, Tag.MERGE_DONE, found, actor, at, {"keep": found.keep_id, "end": found.end_id})
    return found


def drop(session: Session, *, merge_id: int, text: str, actor: Actor, at: datetime) -> ListingMerge:
    """Give a merge up, with the reason."""
    found = queries.one(session, merge_id, actor, lock=True)
    found.state = MERGE_FLOW.after(found.state, MergeAction.DROP)
    found.answer, found.decided_by_id, found.decided_at = _written(text), actor.user_id, at
    record(session, Tag.MERGE_DROPPED, found, actor, at, {"text": found.answer})
    return found


def _written(text: str) -> str:
    kept_ = text.strip()
    if not kept_:
        raise Invalid({"text": Issue("needed")})
    if len(kept_) > LONGEST:
        raise Invalid({"text": Issue("text-too-long", facts={"most": LONGEST})})
    return kept_
