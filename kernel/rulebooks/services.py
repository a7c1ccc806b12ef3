"""Take over, copy, change and approve rule sets: every change is a version of its own, with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.second import must_be_another
from kernel.errors import Conflict, Invalid, Issue
from kernel.policy import UNSET
from kernel.rulebooks import queries
from kernel.rulebooks.flow import SetState
from kernel.rulebooks.rules import BadValue

V = TypeVar("V", bound=Any)
CODE = re.compile(r"[a-z0-9-]{3,40}")


@dataclass(frozen=True)
class Book(Generic[V]):
    """The rule sets of one table: its built-in ones as {code: (title, values)}, and how a value is read and written."""

    model: type[V]
    built_in: Callable[[], Mapping[str, tuple[str, Mapping[str, Any]]]]
    typed: Callable[[str, str], Any]
    written: Callable[[Any], str]
    tags: tuple[StrEnum, StrEnum]
    """What the audit trail calls a version written, and one approved."""
    later: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Parameters that versions written before they came lack, as a version keeps them."""
    governed: Callable[[Session, str, Actor], None] | None = None
    """Refuses whose office does not govern everywhere a rule set is in use."""

    def take_over(self, session: Session, *, actor: Actor, at: datetime) -> None:
        """Write down the built-in rule sets as they stand; one that a release changed becomes a version more."""
        model, given = self.model, self.built_in()
        held = select(model.code, model.values).where(model.code.in_(given)).order_by(model.number)
        known: dict[str, Any] = dict(session.execute(held).all())
        count = {one.code: one.number for one in queries.latest(session, model)}
        for code, (title, values) in given.items():
            if known.get(code) == values:
                continue
            made = model(
                code=code, number=count.get(code, 0) + 1, title=title, values=values, state=SetState.APPROVED,
                made_at=at, approved_at=at,
            )  # fmt: skip
            session.add(made)
            session.flush()  # the audit event names its id
            record(session, self.tags[0], made, actor, at, {"code": code, "number": made.number})

    def copy(self, session: Session, *, rules_id: int, code: str, title: str, actor: Actor, at: datetime) -> V:
        """Begin a rule set of one's own with the values of another."""
        base = queries.one(session, self.model, rules_id)
        wrong = {}
        if not CODE.fullmatch(code):
            wrong["code"] = Issue("set-code", value=code)
        elif session.scalar(select(self.model.id).where(self.model.code == code).limit(1)) is not None:
            wrong["code"] = Issue("set-code-taken", value=code)
        if not title.strip():
            wrong["title"] = Issue("needed")
        if wrong:
            raise Invalid(wrong)
        return self._write(session, code, 1, title.strip(), base.values, "", base.name, actor, at)

    def change(
        self, session: Session, *, code: str, parameter: str, text: str, source: str, reason: str, actor: Actor,
        at: datetime,
    ) -> V:  # fmt: skip
        """Give a parameter another value, with the document it stands in and the reason: the next version."""
        last = self._own(session, code, actor)
        held = {**self.later, **last.values}
        if parameter not in held:
            raise Invalid({"parameter": Issue("unknown-choice", value=parameter)})
        wrong = {name: Issue("needed") for name, one in (("source", source), ("reason", reason)) if not one.strip()}
        if wrong:
            raise Invalid(wrong)
        try:
            value = self.typed(parameter, text)
        except BadValue as error:
            raise Invalid({"text": Issue(error.code, facts=error.facts)}) from None
        said = {"value": value, "source": source.strip(), "standing": "?" if value == UNSET else "F"}
        values: Any = {**held, parameter: {**held[parameter], **said}}
        return self._write(session, code, last.number + 1, last.title, values, parameter, reason.strip(), actor, at)

    def approve(self, session: Session, *, code: str, actor: Actor, at: datetime) -> V:
        """Approve the latest version as a person who wrote nothing of what it lets in: it may be used from now on."""
        last = self._own(session, code, actor)
        if last.state is not SetState.WRITTEN:
            raise Conflict("wrong-state", state=last.state, action="approve")
        must_be_another(actor, *queries.makers(session, self.model, code))
        last.state, last.approved_by_id, last.approved_at = SetState.APPROVED, actor.user_id, at
        record(session, self.tags[1], last, actor, at, {"code": code, "number": last.number})
        return last

    def _own(self, session: Session, code: str, actor: Actor) -> V:
        """Return the latest version with its row locked; built-in sets stay as they are."""
        if self.governed is not None:
            self.governed(session, code, actor)
        last = queries.versions(session, self.model, code)[0]
        if code in self.built_in():
            raise Conflict("rule-built-in", title=last.title)
        session.refresh(last, with_for_update=True)
        return last

    def _write(
        self, session: Session, code: str, number: int, title: str, values: Any, parameter: str, reason: str,
        actor: Actor, at: datetime,
    ) -> V:  # fmt: skip
        made: V = self.model(
            code=code, number=number, title=title, values=values, parameter=parameter, reason=reason,
            made_by_id=actor.user_id, made_at=at,
        )  # fmt: skip
        session.add(made)
        session.flush()  # the audit event names its id
        told = {"code": code, "number": number, "parameter": parameter, "reason": reason}
        if parameter:
            told["value"] = self.written(values[parameter]["value"])
        record(session, self.tags[0], made, actor, at, told)
        return made
