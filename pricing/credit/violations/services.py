"""Propose entries of the violation list, confirm or drop them as a second person, lift them before their time.

Whoever acts on an entry says which version of it he has read, `seen`: a dropped one may be proposed anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.auth.second import must_be_another
from kernel.errors import Conflict, Forbidden, Invalid, Issue
from kernel.notices.services import notify
from pricing.credit.ratings.queries.ratings import governs
from pricing.credit.violations import queries
from pricing.credit.violations.flow import VIOLATION_FLOW, ViolationAction, ViolationState
from pricing.credit.violations.models import RoundViolation
from pricing.tags import Tag


@dataclass(frozen=True, slots=True)
class NewViolation:
    """An entry as it is proposed; RoundViolation says what each part is."""

    company_id: int
    round: str
    conduct: str
    origin: str
    document: str
    cancels: bool
    region_code: str | None = None
    suspended_from: date | None = None
    suspended_until: date | None = None

    @property
    def key(self) -> queries.Key:
        """Return what makes it the same entry."""
        return self.company_id, self.round, self.document

    def faults(self) -> dict[str, Issue]:
        """Return what is wrong with it, by field."""
        wrong = {
            name: Issue("needed") for name in ("round", "conduct", "origin", "document") if not getattr(self, name)
        }
        if not self.cancels and self.suspended_from is None:
            wrong["suspended_from"] = Issue("violation-no-effect")
        if (self.suspended_from is None) != (self.suspended_until is None):
            wrong["suspended_until"] = Issue("violation-half-span")
        elif self.suspended_from and self.suspended_until and self.suspended_until <= self.suspended_from:
            wrong["suspended_until"] = Issue("violation-span", value=str(self.suspended_until))
        return wrong


def propose(session: Session, *, rows: Sequence[NewViolation], actor: Actor, at: datetime) -> list[RoundViolation]:
    """Propose entries; each waits for a second person. Raises Invalid, or Conflict where one stands already."""
    if not all(governs(actor, one.region_code) for one in rows):
        raise Forbidden(permission=P.CREDIT_RATE)
    known = queries.known(session, {one.company_id for one in rows})
    for one in rows:
        if wrong := one.faults():
            raise Invalid(wrong)
        if one.key in known and known[one.key].state is not ViolationState.DROPPED:
            raise Conflict("violation-known", document=one.document)
    made = [_made(one, known.get(one.key), actor, at) for one in rows]
    session.add_all(made)
    session.flush()  # the audit events name their ids
    for each in made:
        record(session, Tag.VIOLATION_PROPOSED, each, actor, at, {"round": each.round, "document": each.document})
    return made


def _made(asked: NewViolation, dropped: RoundViolation | None, actor: Actor, at: datetime) -> RoundViolation:
    """Return an entry as proposed; of a document that was dropped, for a mistake in it say, the row that stands."""
    found = dropped or RoundViolation()
    for name, value in asdict(asked).items():
        setattr(found, name, value)
    found.state, found.reason, found.proposed_by_id, found.proposed_at = ViolationState.PROPOSED, "", actor.user_id, at
    found.decided_by_id = found.decided_at = None
    return found


def confirm(session: Session, *, violation_id: int, seen: int, actor: Actor, at: datetime) -> RoundViolation:
    """Put an entry on the list, as a second person, and tell the company."""
    found = queries.locked(session, violation_id, actor, seen)
    state = VIOLATION_FLOW.after(found.state, ViolationAction.CONFIRM)
    must_be_another(actor, found.proposed_by_id)
    found.company_name, found.region_name = found.company.name, found.region.name if found.region else ""
    found.state, found.decided_by_id, found.decided_at = state, actor.user_id, at
    told = {"round": found.round, "day": found.suspended_until}
    record(session, Tag.VIOLATION_LISTED, found, actor, at, told)
    notify(
        session, code="violation-listed", facts={"round": found.round}, organisations=[found.company_id],
        url="/pricing/credit/violations", at=at,
    )  # fmt: skip
    return found


def drop(session: Session, *, violation_id: int, seen: int, reason: str, actor: Actor, at: datetime) -> RoundViolation:
    """Drop a proposed entry, with the reason."""
    found = queries.locked(session, violation_id, actor, seen)
    state = VIOLATION_FLOW.after(found.state, ViolationAction.DROP)
    found.state, found.reason = state, _needed(reason)
    found.decided_by_id, found.decided_at = actor.user_id, at
    record(session, Tag.VIOLATION_DROPPED, found, actor, at, {"reason": found.reason})
    return found


def lift(session: Session, *, violation_id: int, seen: int, reason: str, actor: Actor, at: datetime) -> RoundViolation:
    """Take an entry off the list before its time, as another person than who put it there, with the reason."""
    found = queries.locked(session, violation_id, actor, seen)
    state = VIOLATION_FLOW.after(found.state, ViolationAction.LIFT)
    must_be_another(actor, found.decided_by_id)
    found.state, found.reason = state, _needed(reason)
    found.lifted_by_id, found.lifted_at = actor.user_id, at
    record(session, Tag.VIOLATION_LIFTED, found, actor, at, {"reason": found.reason})
    return found


def _needed(reason: str) -> str:
    if not reason.strip():
        raise Invalid({"reason": Issue("needed")})
    return reason.strip()[:400]
