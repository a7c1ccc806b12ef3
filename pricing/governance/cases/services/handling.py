"""What the bureau does with a case: ask, judge, call, keep minutes, sign, verify; what it drops and what failed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.errors import Conflict, Invalid, Issue
from kernel.periods import last_second
from pricing.governance.cases import rules
from pricing.governance.cases.flow import CASE_FLOW, MODES, CaseAction, CaseState, InterviewMode
from pricing.governance.cases.models import PriceCase
from pricing.governance.cases.queries import cases, prices
from pricing.governance.cases.services import acts, harming

A = CaseAction
SILENT = (A.SEND, A.VERIFY)
"""What needs no words: the case's own text is the letter's."""
SIMPLE = (A.SEND, A.ACCEPT, A.INSUFFICIENT, A.VERIFY, A.FAIL, A.DROP)


def move(
    session: Session, *, case_id: int, action: CaseAction, text: str = "", actor: Actor, at: datetime
) -> PriceCase:
    """Send the inquiry, judge an answer, verify, say that it failed, or drop a draft; with words where it harms."""
    found = cases.handled(session, case_id, actor)
    if action not in SIMPLE:
        raise Invalid({"action": Issue("unknown-choice", value=action)})
    CASE_FLOW.after(found.state_on(at), action)
    if action not in SILENT or text:
        acts.needed(text=text)
    due_at = rules.answer_by(today(at), found.region_code, found.reason) if action is A.SEND else None
    if action is A.FAIL and (found.due_at is None or at < found.due_at):
        raise Conflict("case-too-early", due=found.due_at)
    if action is A.VERIFY:
        _must_be_mended(session, found)
        harming.lift_all(session, found, text, actor, at)
    return acts.moved(session, found, action, actor, at, text=text, due_at=due_at, facts=_said(found, action, due_at))


def _said(found: PriceCase, action: CaseAction, due_at: datetime | None) -> dict[str, object]:
    if action is A.SEND and due_at is not None:
        days = rules.answer_days(found.region_code, found.reason)
        return {"due": due_at.isoformat(), "workdays": days}
    return {}


def _must_be_mended(session: Session, found: PriceCase) -> None:
    """Refuse where a price is not yet what was committed to."""
    listed = prices.current(session, found)
    open_ = [
        one.product.registered_name
        for one in found.lines
        if not rules.mended(
            now=listed[one.id].price if one.id in listed else None, was=one.price, committed=one.committed
        )
    ]
    if open_:
        raise Conflict("case-not-mended", products=open_)


def call(
    session: Session, *, case_id: int, mode: InterviewMode, interview_at: datetime | None, place: str, text: str,
    actor: Actor, at: datetime,
) -> PriceCase:  # fmt: skip
    """Call the company to an interview: after the inquiry, in its place or merged with it, or at another time."""
    found = cases.handled(session, case_id, actor)
    state = found.state_on(at)
    CASE_FLOW.after(state, A.CALL)
    wrong = {}
    if mode not in MODES[state]:
        wrong["mode"] = Issue("unknown-choice", value=mode)
    if interview_at is None:
        wrong["interview_at"] = Issue("needed")
    elif interview_at <= at:
        wrong["interview_at"] = Issue("case-past")
    wrong |= {name: Issue("needed") for name, said in (("place", place), ("text", text)) if not said.strip()}
    if wrong:
        raise Invalid(wrong)
    acts.needed(place=place, text=text)
    assert interview_at is not None
    found.mode = found.mode if mode is InterviewMode.MOVED else mode
    found.interview_at, found.place = interview_at, place.strip()
    facts = {"mode": mode, "interview_at": interview_at.isoformat(), "place": found.place}
    return acts.moved(session, found, A.CALL, actor, at, text=text, due_at=interview_at, facts=facts)


def hold(
    session: Session, *, case_id: int, held_at: datetime | None, present: str, text: str, commit_by: date | None,
    actor: Actor, at: datetime,
) -> PriceCase:  # fmt: skip
    """Keep the minutes of an interview that was held; until both have signed they may be written anew."""
    found = cases.handled(session, case_id, actor)
    CASE_FLOW.after(found.state_on(at), A.HOLD)
    wrong = {}
    if held_at is None:
        wrong["held_at"] = Issue("needed")
    elif held_at > at:
        wrong["held_at"] = Issue("case-future")
    if commit_by is None:
        wrong["commit_by"] = Issue("needed")
    elif commit_by < today(at):
        wrong["commit_by"] = Issue("case-past")
    wrong |= {name: Issue("needed") for name, said in (("present", present), ("text", text)) if not said.strip()}
    if wrong:
        raise Invalid(wrong)
    acts.needed(present=present, text=text)
    assert held_at is not None
    assert commit_by is not None
    facts = {"held_at": held_at.isoformat(), "present": present.strip(), "commit_by": commit_by.isoformat(),
             "place": found.place}  # fmt: skip
    return acts.moved(session, found, A.HOLD, actor, at, text=text, due_at=last_second(commit_by), facts=facts)


def sign(session: Session, *, case_id: int, actor: Actor, at: datetime) -> PriceCase:
    """Sign the minutes for the bureau."""
    found = cases.handled(session, case_id, actor)
    return acts.moved(session, found, A.SIGN_BUREAU, actor, at, due_at=found.due_at)


def fails_now(found: PriceCase, at: datetime) -> bool:
    """Say whether the bureau may say by now that the company did not do what it had to."""
    over = found.due_at is not None and at >= found.due_at
    return over and CASE_FLOW.allows(found.state_on(at), A.FAIL) and found.state is not CaseState.ASKED
