"""Ask for statements of reasons, hand them in until their deadline, accept, return or refuse them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.audit.services import record
from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.permissions import P, Role
from kernel.auth.second import must_be_another
from kernel.columns import canonical
from kernel.errors import Conflict, Invalid, Issue
from kernel.files import rules as files
from kernel.files.services import keep
from kernel.notices.services import notify
from procurement.bids.rules import receipt_name
from procurement.rounds.flow import RoundState
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rulesets
from procurement.rounds.services.acts import locked
from procurement.rounds.statements import queries, rules
from procurement.rounds.statements.flow import (
    STATEMENT_FLOW,
    CostPart,
    ReturnReason,
    StatementAction,
    StatementState,
    settled,
)  # fmt: skip
from procurement.rounds.statements.models import Statement, StatementCost
from procurement.tags import Tag

ASKABLE = frozenset({RoundState.EVALUATED, RoundState.ANNOUNCED})
MOST_FILES, LONGEST_NOTE = 10, 500


@dataclass(frozen=True, slots=True)
class Filing:
    """A statement as it was typed: yuan per unit by part, the reasons, and attachments as (name, content)."""

    costs: Mapping[CostPart, str]
    text: str
    files: Sequence[tuple[str, bytes]] = ()


def ask(session: Session, *, round_id: int, due_at: datetime | None, actor: Actor, at: datetime) -> int:
    """Ask every company whose bid owes a statement by the newest evaluation, in one act; return how many were asked."""
    actor.must(P.ROUND_EVALUATE)
    round_ = locked(session, round_id, actor, at)
    if round_.state not in ASKABLE:
        raise Conflict("not-under-evaluation", code=round_.code)
    if due_at is None or due_at <= clock.after_lock(session):
        raise Invalid({"due": Issue("statement-due-past" if due_at else "needed")})
    found = queries.unasked(session, round_)
    if not found:
        raise Conflict("no-statement-due", code=round_.code)
    asked = [
        Statement(
            round_id=round_.id, lot_id=one.lot_id, company_id=one.company_id, specification_id=one.specification_id,
            unit_price=one.unit_price, due_at=due_at, asked_by_id=actor.user_id, asked_at=at,
        )
        for one in found
    ]  # fmt: skip
    session.add_all(asked)
    session.flush()  # the notices name the ids
    for each in asked:
        _tell(session, each, "statement-asked", at, due=due_at)
    record(session, Tag.STATEMENTS_ASKED, round_, actor, at, {"count": len(found), "deadline": due_at})
    return len(found)


def submit(session: Session, *, statement_id: int, filing: Filing, actor: Actor, at: datetime) -> Statement:
    """Hand a statement in, or a better one, until its deadline to the second. Raises Invalid with every mistake."""
    actor.must(P.BID_SUBMIT)
    found, now = _locked(session, statement_id, actor)
    if now >= found.due_at:
        raise Conflict("statement-too-late", deadline=found.due_at)
    STATEMENT_FLOW.after(found.state, StatementAction.SUBMIT)
    _must_hold(filing, found)
    amounts, _wrong = rules.read(filing.costs)
    found.costs = []
    session.flush()  # the old parts go before the new ones come
    found.costs = [StatementCost(part=part, amount=amount) for part, amount in amounts.items()]
    found.text, found.revision = filing.text.strip(), found.revision + 1
    for name, content in filing.files:
        keep(
            session, parent_kind=queries.PARENT, parent_id=found.id, name=name, content=content, actor=actor, at=at,
            field="files",
        )  # fmt: skip
    found.state = STATEMENT_FLOW.after(found.state, StatementAction.SUBMIT)
    found.submitted_at, found.submitted_by_id = now, actor.user_id
    found.digest = digest_of(found, [content for _name, content in filing.files])
    found.receipt = receipt_name(f"{found.round_.code}-SM", found.digest)
    facts = {"round": found.round_.code, "receipt": found.receipt, "digest": found.digest}
    record(session, Tag.STATEMENT_SUBMITTED, found, actor, at, facts)
    _tell(session, found, "statement-received", at, receipt=found.receipt)
    return found


def decide(
    session: Session, *, statement_id: int, action: StatementAction, actor: Actor, at: datetime,
    reason: ReturnReason | None = None, note: str = "", due_at: datetime | None = None,
) -> Statement:  # fmt: skip
    """Accept a submitted statement, return it with a reason and a new deadline, or refuse it for good.

    By a second person: never by whoever asked for it. A refusal that bars the bid waits for the next evaluation.
    """
    actor.must(P.ROUND_EVALUATE)
    found, now = _locked(session, statement_id, actor)
    state = STATEMENT_FLOW.after(found.state, action)
    must_be_another(actor, found.asked_by_id)
    _must_say_why(action, reason, note, due_at, now)
    found.state, found.decided_at, found.decided_by_id = state, at, actor.user_id
    found.reason, found.note = (None if action is StatementAction.ACCEPT else reason), note.strip()
    if action is StatementAction.RETURN and due_at is not None:
        found.due_at = due_at
    if action is StatementAction.REFUSE:
        _reopen(found.round_, at)
    facts = {"round": found.round_.code, "reason": found.reason, "deadline": found.due_at}
    record(session, _TAGS[action], found, actor, at, facts)
    _tell(session, found, _NOTICES[action], at, due=found.due_at)
    return found


_TAGS = {
    StatementAction.ACCEPT: Tag.STATEMENT_ACCEPTED,
    StatementAction.RETURN: Tag.STATEMENT_RETURNED,
    StatementAction.REFUSE: Tag.STATEMENT_REFUSED,
}
_NOTICES = {
    StatementAction.ACCEPT: "statement-accepted",
    StatementAction.RETURN: "statement-returned",
    StatementAction.REFUSE: "statement-refused",
}


def settle(session: Session, *, at: datetime, round_id: int | None = None, actor: Actor = SYSTEM) -> int:
    """Write down whose deadline passed without a statement, by the database's clock; return how many."""
    now = clock.after_lock(session)  # before the lock is safe here: it can only settle too late
    found = queries.overdue(session, now, round_id=round_id)
    for one in found:
        one.state = STATEMENT_FLOW.after(one.state, StatementAction.MISS)
        if round_id is None:
            _reopen(one.round_, at)
        record(session, Tag.STATEMENT_MISSED, one, actor, at, {"round": one.round_.code, "deadline": one.due_at})
    session.flush()  # whoever reads the rows next, in this transaction, sees them settled
    return len(found)


def digest_of(found: Statement, contents: Sequence[bytes]) -> str:
    """Return the SHA-256 over what was handed in: parts, reasons, and the digests of new attachments."""
    parts = {each.part.value: format(each.amount, ".4f") for each in found.costs}
    sums = [hashlib.sha256(content).hexdigest() for content in contents]
    whole = [found.id, found.revision, found.submitted_at, sorted(parts.items()), found.text, sums]
    return hashlib.sha256(canonical(whole).encode()).hexdigest()


def _locked(session: Session, statement_id: int, actor: Actor) -> tuple[Statement, datetime]:
    """Return a statement with its row locked, settled by the clock that was read behind the lock."""
    found = queries.one(session, statement_id, actor)
    row = select(Statement.state, Statement.due_at, Statement.revision).where(Statement.id == found.id)
    session.execute(row.with_for_update()).one()
    session.refresh(found, ["state", "due_at", "revision"])
    now = clock.after_lock(session)
    state = settled(found.state, found.due_at, now)
    if state is StatementState.MISSED:
        raise Conflict("statement-too-late", deadline=found.due_at)
    return found, now


def _must_hold(filing: Filing, found: Statement) -> None:
    wrong = rules.faults(filing.costs, filing.text, found.unit_price)
    problems = [problem for name, content in filing.files if (problem := files.fault(name, content))]
    if len(filing.files) > MOST_FILES:
        problems = [Issue("too-many-files", facts={"most": MOST_FILES})]
    if problems:
        wrong["files"] = problems[0]
    if wrong:
        raise Invalid(wrong)


def _must_say_why(
    action: StatementAction, reason: ReturnReason | None, note: str, due_at: datetime | None, now: datetime
) -> None:
    wrong: dict[str, Issue] = {}
    if action is not StatementAction.ACCEPT and reason is None:
        wrong["reason"] = Issue("needed")
    if reason is ReturnReason.OTHER and not note.strip():
        wrong["note"] = Issue("needed")
    if len(note) > LONGEST_NOTE:
        wrong["note"] = Issue("text-too-long", facts={"most": LONGEST_NOTE})
    if action is StatementAction.RETURN and (due_at is None or due_at <= now):
        wrong["due"] = Issue("statement-due-past" if due_at else "needed")
    if wrong:
        raise Invalid(wrong)


def _reopen(round_: Round, at: datetime) -> None:
    """Let a round wait for another evaluation where the missing statement bars its bid."""
    bars = rulesets.in_force(round_).parameters.value("statement.missing", "note") == "bar"
    if bars and round_.state in ASKABLE:
        round_.facts_changed_at = at


def _tell(session: Session, found: Statement, code: str, at: datetime, **facts: object) -> None:
    known = {"title": found.round_.title, "lot": found.lot.number, "variety": found.lot.variety.name, **facts}
    url = f"/procurement/statements/{found.id}"
    notify(session, code=code, facts=known, at=at, url=url, organisations=[found.company_id], roles=[Role.MANUFACTURER])
