"""Take objections up and reply. A reply goes out once a second person has confirmed it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.auth.second import must_be_another
from kernel.errors import Conflict, Forbidden, Invalid, Issue
from kernel.files import services as files
from procurement.rounds.flow import RoundState
from procurement.rounds.models.rounds import Round
from procurement.rounds.objections import queries
from procurement.rounds.objections.flow import (
    OBJECTION_FLOW,
    OPEN,
    Finding,
    ObjectionAction,
)  # fmt: skip
from procurement.rounds.objections.models import Objection
from procurement.rounds.objections.rules import MOST_WORKDAYS
from procurement.rounds.objections.services.acts import (
    Attachment,
    done,
    due,
    keep,
    tell,
    text_faults,
    too_many,
)
from procurement.rounds.services.acts import locked
from procurement.tags import Tag


def say_reply_time(
    session: Session, *, round_id: int, workdays: int, source: str, actor: Actor, at: datetime
) -> Round:  # fmt: skip
    """Say within how many working days objections are replied to, and where that stands; open ones are due by it."""
    round_ = locked(session, round_id, actor, at)
    _must_answer(actor)
    if round_.state in (RoundState.AWARDED, RoundState.CLOSED, RoundState.VOID):
        raise Conflict("round-over", code=round_.code)
    wrong = {} if source.strip() else {"source": Issue("needed")}
    if not 1 <= workdays <= MOST_WORKDAYS:
        wrong["workdays"] = Issue("reply-workdays", facts={"most": MOST_WORKDAYS})
    if wrong:
        raise Invalid(wrong)
    round_.reply_workdays, round_.reply_source = workdays, source.strip()
    open_ones = select(Objection).where(Objection.round_id == round_.id, Objection.state.in_(OPEN)).with_for_update()
    for each in session.scalars(open_ones):
        each.due_at = due(round_, each.filed_at)
    record(session, Tag.REPLY_TIME_SAID, round_, actor, at, {"workdays": workdays, "source": round_.reply_source})
    return round_


def claim(session: Session, *, objection_id: int, actor: Actor, at: datetime) -> Objection:
    """Take an objection up."""
    found = _answered(session, objection_id, actor, ObjectionAction.CLAIM)
    found.claimed_by_id, found.claimed_at = actor.user_id, at
    return done(session, found, ObjectionAction.CLAIM, Tag.OBJECTION_CLAIMED, actor, at)


def release(session: Session, *, objection_id: int, actor: Actor, at: datetime) -> Objection:
    """Give an objection back to the queue; a colleague may do it for whoever took it up."""
    found = _answered(session, objection_id, actor, ObjectionAction.RELEASE)
    found.claimed_by_id = found.claimed_at = None
    return done(session, found, ObjectionAction.RELEASE, Tag.OBJECTION_RELEASED, actor, at)


def reply(
    session: Session, *, objection_id: int, finding: Finding, text: str, given: Sequence[Attachment], actor: Actor,
    at: datetime,
) -> Objection:  # fmt: skip
    """Draft the reply to an objection one has taken up; it goes out when a second person confirms it."""
    found = _answered(session, objection_id, actor, ObjectionAction.REPLY)
    if found.claimed_by_id != actor.user_id:
        raise Conflict("claimed-by-another", receipt=found.receipt)
    wrong = text_faults({"reply": text}) | too_many(given)
    if wrong:
        raise Invalid(wrong)
    found.finding, found.reply = finding, text.strip()
    found.replied_by_id, found.replied_at, found.return_reason = actor.user_id, at, ""
    if given:
        files.drop(session, parent_kind=queries.REPLY, parent_id=found.id)
        keep(session, queries.REPLY, found.id, given, actor, at)
    facts = {"finding": finding, "reply": found.reply}
    return done(session, found, ObjectionAction.REPLY, Tag.OBJECTION_REPLIED, actor, at, facts)


def send_back(session: Session, *, objection_id: int, reason: str, actor: Actor, at: datetime) -> Objection:
    """Return a drafted reply with a reason."""
    found = _answered(session, objection_id, actor, ObjectionAction.RETURN)
    must_be_another(actor, found.replied_by_id)
    if wrong := text_faults({"reason": reason}):
        raise Invalid(wrong)
    found.return_reason = reason.strip()
    done(session, found, ObjectionAction.RETURN, Tag.OBJECTION_RETURNED, actor, at, {"reason": reason.strip()})
    drafter = [found.replied_by_id] if found.replied_by_id is not None else []
    tell(session, found, found.round, "objection-reply-returned", at, users=drafter)
    return found


def confirm(session: Session, *, objection_id: int, actor: Actor, at: datetime) -> Objection:
    """Confirm a drafted reply: it goes out to the objector, its finding to the company concerned."""
    found = _answered(session, objection_id, actor, ObjectionAction.CONFIRM)
    must_be_another(actor, found.replied_by_id)
    found.confirmed_by_id, found.confirmed_at = actor.user_id, at
    facts = {"finding": found.finding, "receipt": found.receipt}
    done(session, found, ObjectionAction.CONFIRM, Tag.OBJECTION_CONFIRMED, actor, at, facts)
    tell(session, found, found.round, "objection-replied", at, users=(found.filed_by_id,),
          organisations=(found.organisation_id,))  # fmt: skip
    if found.company_id is not None and found.company_id != found.organisation_id:
        tell(session, found, found.round, "objection-decided", at, organisations=(found.company_id,))
    return found


def _must_answer(actor: Actor) -> None:
    if not actor.may(P.OBJECTION_ANSWER) or not actor.runs_platform or actor.user_id is None:
        raise Forbidden


def _answered(session: Session, objection_id: int, actor: Actor, action: ObjectionAction) -> Objection:
    """Return an objection that the agency may do something with now."""
    found = queries.held(session, objection_id, actor)
    _must_answer(actor)
    OBJECTION_FLOW.after(found.state, action)
    return found
