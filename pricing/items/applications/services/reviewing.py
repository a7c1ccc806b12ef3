"""Accept or return what hospitals submit; propose decisions stage by stage, which another person confirms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.second import must_be_another
from kernel.clock import after_lock, today
from kernel.errors import Conflict, DomainError, Invalid, Issue
from kernel.periods import last_second
from pricing.items.applications import rules
from pricing.items.applications.flow import (
    APPLICATION_FLOW,
    DECISIONS,
    OPINION_FLOW,
    ApplicationAction,
    ApplicationState,
    Ground,
    OpinionAction,
    OpinionState,
)
from pricing.items.applications.models import ItemApplication, ItemOpinion
from pricing.items.applications.queries import about
from pricing.items.applications.queries.applications import reviewer
from pricing.items.applications.services import trying
from pricing.items.applications.services.acts import (
    locked,
    moved,
    must_say,
    tell_bureaus,
    tell_hospital,
)
from pricing.tags import Tag

S, A = ApplicationState, ApplicationAction
LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision as proposed: its reason, the ground of a rejection, the code of an item to try, a trial's new end."""

    verdict: ApplicationAction
    reason: str
    ground: Ground | None = None
    code: str = ""
    extended_to: date | None = None


def accept(session: Session, *, application_id: int, actor: Actor, at: datetime) -> ItemApplication:
    """Accept a submitted application: it is complete and goes to the city's review."""
    found = locked(session, application_id, actor, at)
    reviewer(session, found, actor)
    moved(session, found, A.ACCEPT, Tag.NEW_ITEM_ACCEPTED, actor, at)
    tell_hospital(session, found, "new-item-accepted", at)
    return found


def give_back(session: Session, *, application_id: int, reason: str, actor: Actor, at: datetime) -> ItemApplication:
    """Return an application to its hospital, with the reason; it may be corrected and submitted again."""
    found = locked(session, application_id, actor, at)
    reviewer(session, found, actor)
    must_say({"note": reason})
    if about.proposed(session, found.id) is not None:
        raise Conflict("new-item-decision-waits")
    found.note = reason.strip()
    moved(session, found, A.RETURN, Tag.NEW_ITEM_RETURNED, actor, at, {"reason": found.note})
    tell_hospital(session, found, "new-item-returned", at, reason=found.note)
    return found


def propose(session: Session, *, application_id: int, proposal: Proposal, actor: Actor, at: datetime) -> ItemOpinion:
    """Propose a decision at the stage an application stands at; another person confirms it."""
    found = locked(session, application_id, actor, at)
    maker = reviewer(session, found, actor)
    verdict = proposal.verdict
    if verdict not in DECISIONS:
        raise DomainError("unknown-choice", value=verdict)
    APPLICATION_FLOW.after(found.state, verdict)
    if about.proposed(session, found.id) is not None:
        raise Conflict("new-item-decision-waits")
    _must_be_sound(session, found, proposal)
    _must_be_ripe(session, found, after_lock(session))
    made = ItemOpinion(
        application_id=found.id, stage=found.state, verdict=verdict, reason=proposal.reason.strip(),
        ground=proposal.ground if verdict is A.REJECT else None, proposed_by_id=maker, proposed_at=at,
        code=proposal.code if _gets_code(found, verdict) else "",
        extended_to=proposal.extended_to if verdict is A.EXTEND else None,
    )  # fmt: skip
    session.add(made)
    session.flush()  # the event names the id
    facts = {"item": found.name, "stage": made.stage, "verdict": verdict, "ground": made.ground, "reason": made.reason}
    record(session, Tag.NEW_ITEM_PROPOSED, made, actor, at, facts)
    return made


def _gets_code(found: ItemApplication, verdict: ApplicationAction) -> bool:
    return found.state is S.PUBLICITY and verdict is A.FORWARD


def _must_be_sound(session: Session, found: ItemApplication, proposal: Proposal) -> None:
    """Refuse what a proposal lacks, field by field."""
    must_say({"reason": proposal.reason})
    wrong: dict[str, Issue] = {}
    if proposal.verdict is A.REJECT and proposal.ground is None:
        wrong["ground"] = Issue("needed")
    if _gets_code(found, proposal.verdict):
        if not proposal.code or len(proposal.code) > LONGEST_CODE:
            wrong["code"] = (
                Issue("needed") if not proposal.code else Issue("text-too-long", facts={"most": LONGEST_CODE})
            )
        elif about.is_taken(session, proposal.code, trying.province_of(found)):
            wrong["code"] = Issue("new-item-code-taken", value=proposal.code)
    ends = found.trial.ends_on if found.trial else None
    if proposal.verdict is A.EXTEND and (proposal.extended_to is None or ends is None or proposal.extended_to <= ends):
        wrong["extended_to"] = Issue("new-item-not-longer", facts={"ends": ends})
    if wrong:
        raise Invalid(wrong)


def _must_be_ripe(session: Session, found: ItemApplication, now: datetime) -> None:
    """Refuse a decision before its hour."""
    if bar := about.bar(session, found, now):
        raise Conflict(bar.code, **bar.facts)


def send_back(session: Session, *, application_id: int, answer: str, actor: Actor, at: datetime) -> ItemOpinion:
    """Send a proposed decision back to whoever proposed it; the application stays where it is."""
    found, opinion = _second(session, application_id, actor, at)
    must_say({"answer": answer})
    opinion.state = OpinionState(OPINION_FLOW.after(opinion.state, OpinionAction.SEND_BACK))
    opinion.decided_by_id, opinion.decided_at, opinion.answer = actor.user_id, at, answer.strip()
    facts = {"item": found.name, "verdict": opinion.verdict, "reason": opinion.answer}
    record(session, Tag.NEW_ITEM_SENT_BACK, opinion, actor, at, facts)
    return opinion


def confirm(session: Session, *, application_id: int, actor: Actor, at: datetime) -> ItemApplication:
    """Confirm a proposed decision as another person than its proposer: the application goes on, or is over."""
    found, opinion = _second(session, application_id, actor, at)
    _must_be_ripe(session, found, after_lock(session))
    stage = found.state
    opinion.state = OpinionState(OPINION_FLOW.after(opinion.state, OpinionAction.CONFIRM))
    opinion.decided_by_id, opinion.decided_at = actor.user_id, at
    facts = {"stage": stage, "verdict": opinion.verdict, "ground": opinion.ground, "reason": opinion.reason}
    moved(session, found, opinion.verdict, Tag.NEW_ITEM_DECIDED, actor, at, facts)
    _follows(session, found, opinion, actor, at)
    tell_hospital(session, found, f"new-item-is-{found.state.value}", at, reason=opinion.reason)
    if stage is S.CITY_REVIEW and found.state is S.FORM_CHECK:
        tell_bureaus(session, found, "new-item-arrived", at)
    return found


def _second(session: Session, application_id: int, actor: Actor, at: datetime) -> tuple[ItemApplication, ItemOpinion]:
    found = locked(session, application_id, actor, at)
    reviewer(session, found, actor)
    opinion = about.proposed(session, found.id)
    if opinion is None or opinion.stage is not found.state:
        raise Conflict("new-item-nothing-proposed")
    must_be_another(actor, opinion.proposed_by_id)
    return found, opinion


def _follows(session: Session, found: ItemApplication, opinion: ItemOpinion, actor: Actor, at: datetime) -> None:
    """Do what a confirmed decision brings with it."""
    if found.state is S.PUBLICITY and found.round_ is not None:
        found.due_at = last_second(rules.publicity_day(today(at), found.round_.publicity_workdays))
    acts: dict[ApplicationState, Callable[..., object]] = {
        S.PRICING: trying.let_try, S.EXTENDED: trying.extend, S.FORMAL: trying.make_formal, S.ENDED: trying.stop,
    }  # fmt: skip
    if found.state in acts:
        acts[found.state](session, found=found, opinion=opinion, actor=actor, at=at)
