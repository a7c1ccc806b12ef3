"""Copy a rule set, change it by parameters with reasons, submit it, let a second person approve it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.second import must_be_another
from kernel.errors import Conflict, DomainError, Invalid, Issue
from procurement.rounds.rules.freezing import digest, frozen, typed_value, written
from procurement.rounds.rules.ruleset import RULE_SETS, BadRuleSet, RuleSet
from procurement.rounds.sets import queries
from procurement.rounds.sets.flow import SET_FLOW, SetAction
from procurement.rounds.sets.models import SetChange, WrittenSet
from procurement.rounds.sets.rules import gaps, read_draft, with_parameter, without_parameter
from procurement.tags import Tag

CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,38}[a-z0-9]")
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Typed:
    """A parameter as it was typed: its value as TOML or a plain word, its source and standing, why it changes."""

    name: str
    value: str
    source: str
    standing: str
    reason: str


class SetInUse(Conflict):
    """A round goes by the set: it stands as it is, and is copied to be changed."""

    code = "set-in-use"


def copy(session: Session, *, source: str, code: str, title: str, actor: Actor, at: datetime) -> WrittenSet:
    """Begin a draft that equals a known set. Raises Invalid with every mistake."""
    known = queries.one(session, source, actor)
    wrong = {"title": Issue("needed")} if not title.strip() else {}
    if not CODE.fullmatch(code.strip()):
        wrong["code"] = Issue("set-code", value=code.strip())
    elif code.strip() in RULE_SETS.ids() or session.scalar(
        select(WrittenSet.id).where(WrittenSet.code == code.strip())
    ):
        wrong["code"] = Issue("set-code-taken", value=code.strip())
    if wrong:
        raise Invalid(wrong)
    text = frozen(replace(known.rule_set, id=code.strip(), title=title.strip()))
    made = WrittenSet(
        code=code.strip(), title=title.strip(), copied_from=source, text=text, created_by_id=actor.user_id,
        created_at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()  # the audit event and the changes name the id
    record(session, Tag.SET_COPIED, made, actor, at, {"code": made.code, "from": source, "digest": digest(text)})
    return made


def change(
    session: Session, *, code: str, typed: Typed, version: int | None = None, actor: Actor, at: datetime
) -> WrittenSet:
    """Set one parameter of a draft, with its source, standing and a reason. Raises Invalid with every mistake."""
    wrong = {name: Issue("text-too-long", facts={"most": LONGEST})
             for name in ("value", "source", "reason") if len(getattr(typed, name)) > LONGEST}  # fmt: skip
    if not typed.reason.strip():
        wrong["reason"] = Issue("needed")
    if wrong:
        raise Invalid(wrong)

    def changed(rule_set: RuleSet) -> RuleSet:
        value = typed_value(typed.name, typed.value)
        return with_parameter(rule_set, typed.name, value, source=typed.source, standing=typed.standing)

    return _rewrite(session, code, version, typed, changed, actor, at)


def drop(
    session: Session, *, code: str, name: str, reason: str, version: int | None = None, actor: Actor, at: datetime
) -> WrittenSet:
    """Take one parameter out of a draft, with a reason."""
    if not reason.strip():
        raise Invalid({"reason": Issue("needed")})
    typed = Typed(name, "", "", "", reason)
    return _rewrite(session, code, version, typed, lambda rule_set: without_parameter(rule_set, name), actor, at)


def submit(session: Session, *, code: str, version: int | None = None, actor: Actor, at: datetime) -> WrittenSet:
    """Hand a draft to a second person; what contradicts or misses something is refused, all at once."""
    made = _held(session, code, version, actor)
    state = SET_FLOW.after(made.state, SetAction.SUBMIT)
    if problems := gaps(read_draft(made.text)):
        raise BadRuleSet(made.code, problems)
    made.state, made.submitted_by_id, made.submitted_at, made.note = state, actor.user_id, at, ""
    record(session, Tag.SET_SUBMITTED, made, actor, at, {"digest": digest(made.text)})
    return made


def approve(session: Session, *, code: str, version: int | None = None, actor: Actor, at: datetime) -> WrittenSet:
    """Make a set available to rounds; never by whoever submitted it or changed it."""
    made = _held(session, code, version, actor)
    state = SET_FLOW.after(made.state, SetAction.APPROVE)
    must_be_another(actor, made.submitted_by_id, *{each.by_id for each in _new_changes(made)})
    made.state, made.approved_by_id, made.approved_at = state, actor.user_id, at
    record(session, Tag.SET_APPROVED, made, actor, at, {"digest": digest(made.text)})
    return made


def return_(
    session: Session, *, code: str, reason: str, version: int | None = None, actor: Actor, at: datetime
) -> WrittenSet:
    """Send a submitted set back to be changed, with a reason."""
    made = _held(session, code, version, actor)
    state = SET_FLOW.after(made.state, SetAction.RETURN)
    if not reason.strip():
        raise Invalid({"reason": Issue("needed")})
    made.state, made.note = state, reason.strip()
    record(session, Tag.SET_RETURNED, made, actor, at, {"reason": reason.strip()})
    return made


def reopen(
    session: Session, *, code: str, reason: str, version: int | None = None, actor: Actor, at: datetime
) -> WrittenSet:
    """Make an approved set a draft again, as long as no round took it."""
    made = _held(session, code, version, actor)
    state = SET_FLOW.after(made.state, SetAction.REOPEN)
    if queries.is_used(session, made):
        raise SetInUse(rule_set=made.code)
    if not reason.strip():
        raise Invalid({"reason": Issue("needed")})
    made.state, made.note = state, reason.strip()
    record(session, Tag.SET_REOPENED, made, actor, at, {"reason": reason.strip()})
    return made


def retire(session: Session, *, code: str, version: int | None = None, actor: Actor, at: datetime) -> WrittenSet:
    """Offer an approved set to no further round; those that took it keep it."""
    made = _held(session, code, version, actor)
    made.state = SET_FLOW.after(made.state, SetAction.RETIRE)
    record(session, Tag.SET_RETIRED, made, actor, at, {})
    return made


def _held(session: Session, code: str, version: int | None, actor: Actor) -> WrittenSet:
    made = queries.held(session, code, actor)
    if version is not None and version != made.version:
        raise Conflict("changed-meanwhile")
    return made


def _editable(session: Session, code: str, version: int | None, actor: Actor) -> WrittenSet:
    made = _held(session, code, version, actor)
    made.state = SET_FLOW.after(made.state, SetAction.CHANGE)
    return made


def _new_changes(made: WrittenSet) -> list[SetChange]:
    """The changes since the set was approved last: whoever wrote one may not approve it."""
    return [each for each in made.changes if made.approved_at is None or each.at > made.approved_at]


def _rewrite(
    session: Session, code: str, version: int | None, typed: Typed, changed: Callable[[RuleSet], RuleSet],
    actor: Actor, at: datetime,
) -> WrittenSet:  # fmt: skip
    made = _editable(session, code, version, actor)
    before = read_draft(made.text)
    try:
        after = changed(before)
    except DomainError as error:
        raise Invalid({"value": Issue(error.code, facts=dict(error.facts))}) from error
    names = {*before.parameters, *after.parameters}
    differing = sorted(name for name in names if before.parameters.get(name) != after.parameters.get(name))
    if differing:
        made.text = frozen(after)
        rows = [_row(name, before, after, typed, actor, at) for name in differing]
        made.changes += rows
        told = [[row.parameter, row.before, row.after] for row in rows]
        facts = {"changes": told, "reason": typed.reason.strip(), "digest": digest(made.text)}
        record(session, Tag.SET_CHANGED, made, actor, at, facts)
    return made


def _row(name: str, before: RuleSet, after: RuleSet, typed: Typed, actor: Actor, at: datetime) -> SetChange:
    old, new = before.parameters.get(name), after.parameters.get(name)
    return SetChange(
        parameter=name, before=written(old.value) if old else None, after=written(new.value) if new else None,
        source=new.source if new else "", standing=new.standing if new else "", reason=typed.reason.strip(),
        by_id=actor.user_id, at=at,
    )  # fmt: skip
