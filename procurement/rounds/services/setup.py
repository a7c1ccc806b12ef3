"""Prepare a round: from a collection of demand to a draft with rules, caps and a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.changes import diff
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.errors import Conflict, DomainError, Invalid, Issue, NotFound
from procurement.bids.boxes import services as boxes
from procurement.demand.services import lots
from procurement.rounds.flow import RoundState
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rounds, rulesets
from procurement.rounds.rules.freezing import typed_value
from procurement.rounds.rules.ruleset import RuleSet, load_rule_set, read_rule_set
from procurement.rounds.services.acts import locked
from procurement.rounds.sets import queries as sets
from procurement.tags import Tag

MOST_PUBLICITY_DAYS = 60


@dataclass(frozen=True, slots=True)
class Calendar:
    """When bids are received, and for how many days the result is open to objections."""

    receives_from: datetime | None
    deadline: datetime | None
    publicity_days: int


@dataclass(frozen=True, slots=True)
class Filling:
    """A value for an unset parameter as it was typed, where it comes from, and why it is used here."""

    value: str
    source: str
    reason: str


class AlreadyPublished(Conflict):
    """A published round's rules, caps and calendar stand as they are."""

    code = "round-already-published"


def create(
    session: Session, *, call_id: int, code: str, title: str, rule_set_id: str, actor: Actor, at: datetime,
    rehearsal: bool = False,
) -> Round:  # fmt: skip
    """Start a round's draft from a collection that no other live round uses. Raises Invalid with every mistake.

    A rehearsal is for practice: it is run like any other and never awarded, and leaves its collection free.
    """
    call = next((each for each in rounds.calls(session, rehearsal=rehearsal) if each.id == call_id), None)
    wrong = {name: Issue("needed") for name, text in (("code", code), ("title", title)) if not text.strip()}
    if call is None:
        wrong["call"] = Issue("call-not-free")
    if session.scalar(select(Round.id).where(Round.code == code.strip())):
        wrong["code"] = Issue("code-taken", value=code.strip())
    if wrong or call is None:
        raise Invalid(wrong)
    rule_set, text, written_id = _rules(session, rule_set_id, "")
    box = boxes.open_box(
        session, call_id=call.id, code=code.strip(), title=title.strip(), actor=actor, at=at, rehearsal=rehearsal
    )
    round_ = Round(
        code=code.strip(), title=title.strip(), call_id=call.id, box=box, rule_set_id=rule_set.id, rule_set_text=text,
        written_set_id=written_id, created_by_id=actor.user_id, created_at=at,
    )  # fmt: skip
    session.add(round_)
    session.flush()  # the audit event and the address name the id
    facts = {"code": round_.code, "rules": rule_set_id, "rehearsal": rehearsal}
    record(session, Tag.ROUND_CREATED, round_, actor, at, facts)
    return round_


def _draft(session: Session, round_id: int, actor: Actor, at: datetime) -> Round:
    """Return a round that may still be changed."""
    round_ = locked(session, round_id, actor, at)
    if round_.state is not RoundState.DRAFT:
        raise AlreadyPublished(code=round_.code)
    return round_


def describe(session: Session, *, round_id: int, title: str, notice: str, actor: Actor, at: datetime) -> Round:
    """Change a draft's title and the text of its notice."""
    round_ = _draft(session, round_id, actor, at)
    if not title.strip():
        raise Invalid({"title": Issue("needed")})
    before = round_.snapshot()
    round_.title, round_.notice = title.strip(), notice.strip()
    record(session, Tag.ROUND_CHANGED, round_, actor, at, diff(before, round_.snapshot()))
    return round_


def choose_rules(session: Session, *, round_id: int, rule_set_id: str, text: str, actor: Actor, at: datetime) -> Round:
    """Take a rule set by its code, or the user's own text where there is one. Filled-in values start anew."""
    round_ = _draft(session, round_id, actor, at)
    rule_set, kept, written_id = _rules(session, rule_set_id, text)
    round_.rule_set_id, round_.rule_set_text, round_.rule_values = rule_set.id, kept, {}
    round_.written_set_id = written_id
    record(session, Tag.ROUND_RULES_CHOSEN, round_, actor, at, {"rules": rule_set.id, "own": bool(text.strip())})
    return round_


def _rules(session: Session, code: str, text: str) -> tuple[RuleSet, str, int | None]:
    """Return the rule set, the text that a round keeps of it, and the written set it is, where it is one."""
    if text.strip():
        return read_rule_set(text, where="own"), text, None
    written = sets.usable(session, code)
    if written is not None:
        return read_rule_set(written.text, where=code), written.text, written.id
    return load_rule_set(code), "", None


def fill_parameters(
    session: Session, *, round_id: int, fillings: Mapping[str, Filling], actor: Actor, at: datetime
) -> Round:
    """Fill in what the rule set leaves unset, each with source and reason. Raises Invalid with every mistake."""
    round_ = _draft(session, round_id, actor, at)
    rule_set = rulesets.chosen(round_)
    wrong: dict[str, Issue] = {}
    for name, filling in fillings.items():
        if name not in rule_set.unset():
            raise NotFound(parameter=name)
        try:
            rule_set.filled({name: typed_value(name, filling.value)})
        except DomainError as error:
            wrong[name] = Issue(error.code, facts={**error.facts, "value": filling.value})
        if not filling.source.strip() or not filling.reason.strip():
            wrong[name] = Issue("source-and-reason-needed", column=name)
    if wrong:
        raise Invalid(wrong)
    made = {
        name: {"value": each.value.strip(), "source": each.source.strip(), "reason": each.reason.strip(),
               "by": actor.name, "at": at.isoformat()}
        for name, each in fillings.items()
    }  # fmt: skip
    round_.rule_values = {**round_.rule_values, **made}
    facts = {name: [each["value"], each["source"], each["reason"]] for name, each in made.items()}
    record(session, Tag.ROUND_PARAMETERS_FILLED, round_, actor, at, facts)
    return round_


def set_calendar(session: Session, *, round_id: int, calendar: Calendar, actor: Actor, at: datetime) -> Round:
    """Set when bids are received. The deadline stands in the box, the one source of it."""
    round_ = _draft(session, round_id, actor, at)
    wrong: dict[str, Issue] = {}
    if not 0 <= calendar.publicity_days <= MOST_PUBLICITY_DAYS:
        wrong["publicity_days"] = Issue("publicity-days", facts={"most": MOST_PUBLICITY_DAYS})
    start, end = calendar.receives_from, calendar.deadline
    if start is not None and end is not None and end <= start:
        wrong["deadline"] = Issue("round-deadline-before-start")
    if wrong:
        raise Invalid(wrong)
    before = {"receives_from": round_.box.receives_from, "deadline": round_.box.deadline, "days": round_.publicity_days}
    boxes.schedule(session, box=round_.box, receives_from=start, deadline=end)
    round_.publicity_days = calendar.publicity_days
    after = {"receives_from": start, "deadline": end, "days": calendar.publicity_days}
    record(session, Tag.ROUND_CHANGED, round_, actor, at, diff(before, after))
    return round_


def set_caps(session: Session, *, round_id: int, caps: Mapping[int, Decimal | None], actor: Actor, at: datetime) -> int:
    """Set maximum valid bids by lot specification, yuan per unit; return how many changed."""
    round_ = _draft(session, round_id, actor, at)
    changed = lots.set_caps_for_round(session, call_id=round_.call_id, caps=caps, actor=actor, at=at)
    if changed:
        record(session, Tag.ROUND_CAPS_SET, round_, actor, at, {"changed": changed})
    return changed
