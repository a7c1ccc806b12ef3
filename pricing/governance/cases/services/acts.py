"""What every verb of a case needs: the locked row, who may act, the step that is kept, the event, the notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import Role
from kernel.errors import Invalid, Issue
from kernel.files.services import keep
from kernel.notices.services import notify
from pricing.governance.cases.flow import CASE_FLOW, CLOSED, CaseAction, CaseState
from pricing.governance.cases.models import CaseStep, PriceCase
from pricing.governance.cases.queries import cases
from pricing.governance.cases.rules import LONGEST, MOST_FILES
from pricing.tags import Tag

A = CaseAction
OFFICERS = (Role.PRICE_OFFICER,)
TAGS = {
    A.DROP: Tag.PRICE_CASE_DROPPED, A.SEND: Tag.PRICE_CASE_ASKED, A.ANSWER: Tag.PRICE_CASE_ANSWERED,
    A.ACCEPT: Tag.PRICE_CASE_JUDGED, A.INSUFFICIENT: Tag.PRICE_CASE_JUDGED, A.CALL: Tag.PRICE_CASE_CALLED,
    A.HOLD: Tag.PRICE_CASE_HELD, A.SIGN_BUREAU: Tag.PRICE_CASE_SIGNED, A.SIGN_COMPANY: Tag.PRICE_CASE_SIGNED,
    A.COMMIT: Tag.PRICE_CASE_COMMITTED, A.VERIFY: Tag.PRICE_CASE_VERIFIED, A.FAIL: Tag.PRICE_CASE_FAILED,
    A.PROPOSE: Tag.PRICE_CASE_PROPOSED, A.RETURN: Tag.PRICE_CASE_RETURNED, A.EXPOSE: Tag.PRICE_CASE_EXPOSED,
    A.SUSPEND: Tag.PRICE_CASE_SUSPENDED, A.REPORT: Tag.PRICE_CASE_REPORTED, A.LIFT: Tag.PRICE_CASE_LIFTED,
}  # fmt: skip
TOLD = {
    A.SEND: "case-asked", A.ACCEPT: "case-accepted", A.INSUFFICIENT: "case-insufficient", A.CALL: "case-called",
    A.HOLD: "case-minutes", A.SIGN_BUREAU: "case-signed", A.VERIFY: "case-verified", A.FAIL: "case-not-kept",
    A.EXPOSE: "case-exposed", A.SUSPEND: "case-suspended", A.REPORT: "case-reported", A.LIFT: "case-lifted",
}  # fmt: skip
"""What the company is told; the bureau is told what the company did."""
TOLD_BUREAU = {
    A.ANSWER: "case-answered",
    A.SIGN_COMPANY: "case-signed",
    A.COMMIT: "case-committed",
    A.PROPOSE: "case-proposed",
}


def needed(most: int = LONGEST, **texts: str) -> None:
    """Refuse texts that are missing or too long, each at its field."""
    wrong = {name: Issue("text-too-long", facts={"most": most}) for name, text in texts.items() if len(text) > most}
    wrong |= {name: Issue("needed") for name, text in texts.items() if not text.strip()}
    if wrong:
        raise Invalid(wrong)


def moved(
    session: Session, found: PriceCase, action: CaseAction, actor: Actor, at: datetime, *, text: str = "",
    due_at: datetime | None = None, facts: Mapping[str, Any] | None = None,
) -> PriceCase:  # fmt: skip
    """Take a case to the state that follows, keep the step, write it down and tell the other side."""
    before = found.state_on(at)
    after = CASE_FLOW.after(before, action)
    assert actor.user_id is not None  # who may act is asked first
    if after is not before or due_at is not None:
        found.due_at, found.told = due_at, 0
    if after is not before:
        found.state, found.moved_at = after, at
        found.proposed, found.proposed_by_id, found.proposed_text = None, None, ""
    if after in CLOSED and found.closed_at is None:
        _close(found, at)
    said = {name: value for name, value in (facts or {}).items() if value is not None}
    step = CaseStep(case_id=found.id, action=action, state=after, text=text.strip(), facts=said, by_id=actor.user_id,
                    at=at)  # fmt: skip
    session.add(step)
    record(session, TAGS[action], found, actor, at, {"action": action, "state": after, "text": text.strip(), **said})
    _tell(session, found, action, at)
    return found


def _close(found: PriceCase, at: datetime) -> None:
    found.closed_at = at
    for line in found.lines:
        line.closed = True


def _tell(session: Session, found: PriceCase, action: CaseAction, at: datetime) -> None:
    if action in TOLD:
        tell(session, found, TOLD[action], at, organisations=[found.company_id])
    if action in TOLD_BUREAU:
        tell(session, found, TOLD_BUREAU[action], at, organisations=[found.organisation_id], roles=OFFICERS)


def tell(session: Session, found: PriceCase, code: str, at: datetime, **whom: Any) -> None:
    """Put a notice about a case into somebody's box."""
    due = found.due_at.isoformat() if found.due_at else ""
    facts = {"number": found.id, "product": name(found), "region": found.region.name, "due": due}
    notify(session, code=code, facts=facts, at=at, url=url(found), **whom)


def name(found: PriceCase) -> str:
    """Name a case by its first product."""
    return found.lines[0].product.registered_name


def url(found: PriceCase) -> str:
    """Return where a case is."""
    return f"/pricing/cases/{found.id}"


def attach(
    session: Session, found: PriceCase, files: Sequence[tuple[str, bytes]], actor: Actor, at: datetime
) -> list[str]:
    """Keep attachments with a case; return their digests."""
    if found.state in (CaseState.DROPPED,) or len(cases.files(session, found)) + len(files) > MOST_FILES:
        raise Invalid({"file": Issue("case-files", facts={"most": MOST_FILES})})
    return [
        keep(
            session, parent_kind=cases.KIND, parent_id=found.id, name=one, content=content, actor=actor, at=at
        ).sha256
        for one, content in files
    ]  # fmt: skip
