"""Take over, change and approve rule sets: every change is a version of its own, with its reason."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.audit.tags import Tag
from kernel.auth.actor import Actor
from kernel.errors import Conflict, Invalid, Issue
from kernel.policy import parse
from procurement.retention import rules
from procurement.retention.flow import SetState
from procurement.retention.models.inputs import RuleVersion
from procurement.retention.sets import queries
from procurement.retention.sets.rules import BadValue, stored, typed, written
from procurement.rounds.services.acts import must_be_another

CODE = re.compile(r"[a-z0-9-]{3,40}")


def built_in(session: Session, *, actor: Actor, at: datetime) -> None:
    """Write down the built-in rule sets as they stand; one that a release changed becomes a version more."""
    held = select(RuleVersion.code, RuleVersion.values).where(RuleVersion.code.in_(rules.RULE_SETS.ids()))
    known: dict[str, Any] = dict(session.execute(held.order_by(RuleVersion.number)).all())
    count = {one.code: one.number for one in queries.latest(session)}
    for code in rules.RULE_SETS.ids():
        values = stored(rules.rules(code))
        if known.get(code) == values:
            continue
        title = parse(rules.RULE_SETS.text(code)[1])["title"]
        made = RuleVersion(
            code=code, number=count.get(code, 0) + 1, title=title, values=values, state=SetState.APPROVED, made_at=at,
            approved_at=at,
        )  # fmt: skip
        session.add(made)
        session.flush()  # the audit event names its id
        record(session, Tag.RETENTION_RULES_WRITTEN, made, actor, at, {"code": code, "number": made.number})


def copy(session: Session, *, rules_id: int, code: str, title: str, actor: Actor, at: datetime) -> RuleVersion:
    """Begin a rule set of one's own with the values of another."""
    base = queries.one(session, rules_id)
    wrong = {}
    if not CODE.fullmatch(code):
        wrong["code"] = Issue("set-code", value=code)
    elif session.scalar(select(RuleVersion.id).where(RuleVersion.code == code).limit(1)) is not None:
        wrong["code"] = Issue("set-code-taken", value=code)
    if not title.strip():
        wrong["title"] = Issue("needed")
    if wrong:
        raise Invalid(wrong)
    return _write(session, code, 1, title.strip(), base.values, "", base.name, actor, at)


def change(
    session: Session, *, code: str, parameter: str, text: str, source: str, reason: str, actor: Actor, at: datetime
) -> RuleVersion:
    """Give a parameter another value, with the document it stands in and the reason: the next version."""
    last = _own(session, code)
    if parameter not in last.values:
        raise Invalid({"parameter": Issue("unknown-choice", value=parameter)})
    wrong = {
        name: Issue("needed") for name, one in (("source", source), ("reason", reason)) if not one.strip()
    }  # fmt: skip
    if wrong:
        raise Invalid(wrong)
    try:
        value = typed(parameter, text)
    except BadValue as error:
        raise Invalid({"text": Issue(error.code, facts=error.facts)}) from None
    standing = "?" if value == "?" else "F"
    values: Any = {**last.values, parameter: {"value": value, "source": source.strip(), "standing": standing}}
    return _write(session, code, last.number + 1, last.title, values, parameter, reason.strip(), actor, at)


def approve(session: Session, *, code: str, actor: Actor, at: datetime) -> RuleVersion:
    """Approve the latest version as a second person: runs may take it from now on."""
    last = _own(session, code)
    if last.state is not SetState.WRITTEN:
        raise Conflict("wrong-state", state=last.state, action="approve")
    must_be_another(actor, last.made_by_id)
    last.state, last.approved_by_id, last.approved_at = SetState.APPROVED, actor.user_id, at
    record(session, Tag.RETENTION_RULES_APPROVED, last, actor, at, {"code": code, "number": last.number})
    return last


def _own(session: Session, code: str) -> RuleVersion:
    """Return the latest version with its row locked; built-in sets stay as they are."""
    last = queries.versions(session, code)[0]
    if code in rules.RULE_SETS.ids():
        raise Conflict("retention-built-in", title=last.title)
    session.refresh(last, with_for_update=True)
    return last


def _write(
    session: Session, code: str, number: int, title: str, values: Any, parameter: str, reason: str, actor: Actor,
    at: datetime,
) -> RuleVersion:  # fmt: skip
    made = RuleVersion(
        code=code, number=number, title=title, values=values, parameter=parameter, reason=reason,
        made_by_id=actor.user_id, made_at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()  # the audit event names its id
    told = {"code": code, "number": number, "parameter": parameter, "reason": reason}
    if parameter:
        told["value"] = written(values[parameter]["value"])
    record(session, Tag.RETENTION_RULES_WRITTEN, made, actor, at, told)
    return made
