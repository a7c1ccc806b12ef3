"""Take a plan from its draft to effective prices: survey, opinions, panel, votes, publicity, filing, monitoring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.second import must_be_another
from kernel.clock import after_lock, today
from kernel.errors import Conflict, Forbidden, Invalid, Issue
from kernel.files import services as files
from kernel.notices.services import notify
from kernel.periods import last_second
from kernel.rulebooks.rules import held
from pricing.adjustments import rules
from pricing.adjustments.flow import PLAN_FLOW, PlanAction, PlanState
from pricing.adjustments.models import AdjustmentPlan, PlanNote, PlanVote
from pricing.adjustments.queries import complexes, judging, plans
from pricing.adjustments.services.acts import moved, must_be_over, needed, tell_hospitals
from pricing.adjustments.services.drafting import must_be_current
from pricing.adjustments.values.rules import NEEDED
from pricing.items.flow import PriceSource
from pricing.items.rules.prices import NewPrice
from pricing.items.services.prices import set_prices
from pricing.tags import Tag

NOTE = "adjustment_note"
Paper = tuple[str, bytes]


def survey(session: Session, *, plan_id: int, actor: Actor, at: datetime) -> AdjustmentPlan:
    """Begin the cost survey; prices may still be changed by what it finds."""
    plan = plans.own(session, plan_id, PlanAction.SURVEY, actor, at)
    if not plans.count(session, plan):
        raise Conflict("plan-no-lines")
    return moved(session, plan, PlanAction.SURVEY, actor, at)


def ask(
    session: Session, *, plan_id: int, text: str, due_at: datetime, papers: Sequence[Paper] = (), actor: Actor,
    at: datetime,
) -> AdjustmentPlan:  # fmt: skip
    """Note what the cost survey found and ask the region's hospitals for their opinions."""
    plan = plans.own(session, plan_id, PlanAction.ASK, actor, at)
    begun = plan.proposal_round in rules.ROUNDS[:-1]  # hospitals were promised the rounds that are still to come
    if begun and complexes.marked(session, plan):
        raise Conflict("plan-proposals-open")
    must_be_over(session, plan)
    if due_at <= at:
        raise Invalid({"due_at": Issue("plan-due")})
    _note(session, plan, text, papers, actor, at)
    plan.opinions_due_at = due_at
    tell_hospitals(session, plan, "plan-opinions-asked", at, due=due_at)
    return moved(session, plan, PlanAction.ASK, actor, at, {"due": due_at})


def convene(
    session: Session, *, plan_id: int, text: str, papers: Sequence[Paper] = (), actor: Actor, at: datetime
) -> AdjustmentPlan:
    """Note what came out of the opinions, all of them answered, and go to the expert panel."""
    plan = plans.own(session, plan_id, PlanAction.CONVENE, actor, at)
    if plan.opinions_due_at is not None and after_lock(session) <= plan.opinions_due_at:
        raise Conflict("plan-opinions-open", until=plan.opinions_due_at)
    _must_be_answered(session, plan)
    _note(session, plan, text, papers, actor, at)
    return moved(session, plan, PlanAction.CONVENE, actor, at)


def propose(
    session: Session, *, plan_id: int, text: str, papers: Sequence[Paper] = (), actor: Actor, at: datetime
) -> AdjustmentPlan:
    """Note the panel's conclusion and put the plan to the vote: every number known, every check passed."""
    plan = plans.own(session, plan_id, PlanAction.PROPOSE, actor, at)
    parameters = held(plan.values)
    for name in NEEDED:
        parameters.value(name)
    must_be_current(session, plan, today(at))
    found = judging.judged(session, plan, today(at))
    if wrong := rules.failed(found.checks):
        raise Conflict("plan-fails", checks=wrong)
    _note(session, plan, text, papers, actor, at)
    plan.effect = judging.as_plain(found)
    facts = {"code": plan.code, "title": plan.title}
    notify(session, code="plan-to-vote", facts=facts, at=at, url=f"/pricing/adjustments/{plan.id}",
           users=plans.voters(session, plan))  # fmt: skip
    return moved(session, plan, PlanAction.PROPOSE, actor, at, {"effect": plan.effect["whole"]})


def vote(
    session: Session, *, plan_id: int, approves: bool, reason: str, actor: Actor, at: datetime
) -> AdjustmentPlan:  # fmt: skip
    """Vote in the collective decision, which whoever wrote the plan has no voice in; two approvals make it public."""
    plan = plans.own(session, plan_id, PlanAction.VOTE, actor, at)
    authors = {one.id for one in plans.authors(session, plan)}
    must_be_another(actor, *authors)
    if actor.user_id is None:
        raise Forbidden
    mine = select(PlanVote).where(PlanVote.plan_id == plan.id, PlanVote.turn == plan.turn)
    cast = session.scalars(mine).all()
    if any(one.user_id == actor.user_id for one in cast):
        raise Conflict("plan-voted")
    if not approves:
        needed(reason=reason)
    session.add(PlanVote(
        plan_id=plan.id, turn=plan.turn, user_id=actor.user_id, approves=approves, reason=reason.strip(), at=at
    ))  # fmt: skip
    record(session, Tag.ADJUSTMENT_VOTED, plan, actor, at, {"approves": approves, "reason": reason.strip()})
    if not approves:
        return _back(session, plan, reason, actor, at)
    if rules.decided([*(one.user_id for one in cast if one.approves), actor.user_id], authors):
        _publish(session, plan, actor, at)
    return plan


def _publish(session: Session, plan: AdjustmentPlan, actor: Actor, at: datetime) -> None:
    days = int(held(plan.values).value("publicity"))
    plan.decided_at = at
    plan.publicity_ends_at = last_second(today(at) + timedelta(days=days))
    plan.state = PLAN_FLOW.after(plan.state, PlanAction.DECIDE)
    record(session, Tag.ADJUSTMENT_DECIDED, plan, actor, at, {"until": plan.publicity_ends_at})
    tell_hospitals(session, plan, "plan-published", at, until=plan.publicity_ends_at)


def file(
    session: Session, *, plan_id: int, filing: str, starts_on: date | None = None, actor: Actor, at: datetime
) -> AdjustmentPlan:  # fmt: skip
    """File a plan whose publicity is over and whose objections are answered: its prices are set from its day on.

    `starts_on` puts that day off; sooner than what was published it does not begin.
    """
    plan = plans.own(session, plan_id, PlanAction.FILE, actor, at)
    needed(filing=filing)
    if plan.publicity_ends_at is None or after_lock(session) <= plan.publicity_ends_at:
        raise Conflict("plan-publicity", until=plan.publicity_ends_at)
    _must_be_answered(session, plan)
    day = _day_of(plan, starts_on, today(at))
    plan.starts_on = day
    must_be_current(session, plan, today(at))
    rows = [NewPrice(one.item_id, plan.region_code, one.grade, one.new_price) for one in plans.lines(session, plan)]
    count = set_prices(session, rows, starts_on=day, source=PriceSource.PLAN, source_id=plan.id,
                       actor=actor, at=at)  # fmt: skip
    session.refresh(plan)  # setting prices wrote past the identity map
    plan.filing, plan.filed_by_id, plan.filed_at = filing.strip(), actor.user_id, at
    plan.state = PLAN_FLOW.after(plan.state, PlanAction.FILE)
    facts: dict[str, Any] = {"filing": plan.filing, "prices": count, "starts_on": day}
    record(session, Tag.ADJUSTMENT_FILED, plan, actor, at, facts)
    tell_hospitals(session, plan, "plan-effective", at, day=day)
    return plan


def _day_of(plan: AdjustmentPlan, asked: date | None, day: date) -> date:
    """Return the day from which a plan's prices hold: its own or the later one asked for, and after today."""
    starts = asked or plan.starts_on
    if starts is None or starts <= day:
        raise Invalid({"starts_on": Issue("plan-starts", value=str(starts or ""))})
    if plan.starts_on is not None and starts < plan.starts_on:
        raise Invalid({"starts_on": Issue("plan-sooner", facts={"day": plan.starts_on})})
    return starts


def monitor(
    session: Session, *, plan_id: int, text: str, papers: Sequence[Paper] = (), actor: Actor, at: datetime
) -> AdjustmentPlan:
    """Note what watching the effective prices has found."""
    plan = plans.own(session, plan_id, PlanAction.MONITOR, actor, at)
    _note(session, plan, text, papers, actor, at)
    return moved(session, plan, PlanAction.MONITOR, actor, at)


def send_back(session: Session, *, plan_id: int, reason: str, actor: Actor, at: datetime) -> AdjustmentPlan:
    """Take a plan back to its draft, with the reason; votes and statements of before stay with their turn."""
    plan = plans.own(session, plan_id, PlanAction.RETURN, actor, at)
    needed(return_reason=reason)
    return _back(session, plan, reason, actor, at)


def _back(session: Session, plan: AdjustmentPlan, reason: str, actor: Actor, at: datetime) -> AdjustmentPlan:
    plan.return_reason, plan.turn = reason.strip(), plan.turn + 1
    plan.effect = plan.opinions_due_at = plan.publicity_ends_at = plan.decided_at = None
    return moved(session, plan, PlanAction.RETURN, actor, at, {"reason": plan.return_reason})


def withdraw(session: Session, *, plan_id: int, reason: str, actor: Actor, at: datetime) -> AdjustmentPlan:
    """Give a plan up."""
    plan = plans.own(session, plan_id, PlanAction.WITHDRAW, actor, at)
    needed(return_reason=reason)
    plan.return_reason = reason.strip()
    return moved(session, plan, PlanAction.WITHDRAW, actor, at, {"reason": plan.return_reason})


def _must_be_answered(session: Session, plan: AdjustmentPlan) -> None:
    """Refuse while a statement of this turn waits for its answer."""
    if open_ := plans.unanswered(session, plan):
        raise Conflict("plan-unanswered", count=open_)


def _note(
    session: Session, plan: AdjustmentPlan, text: str, papers: Sequence[Paper], actor: Actor, at: datetime
) -> PlanNote:  # fmt: skip
    """Keep what came out of the step that the plan is in, with its papers."""
    needed(text=text)
    made = PlanNote(
        plan_id=plan.id, state=PlanState(plan.state), turn=plan.turn, text=text.strip(), by_id=actor.user_id, at=at
    )
    session.add(made)
    session.flush()  # its papers and the event name the id
    for name, content in papers:
        files.keep(session, parent_kind=NOTE, parent_id=made.id, name=name, content=content, actor=actor, at=at,
                   field="papers")  # fmt: skip
    record(session, Tag.ADJUSTMENT_NOTED, plan, actor, at, {"state": plan.state, "papers": len(papers)})
    return made
