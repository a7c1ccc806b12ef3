"""Refusals as values: a code with facts, never prose. Texts are made at the edge, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class DomainError(Exception):
    """A rule says no. `code` names the rule, `facts` are what a sentence about it needs.

    Subclasses set `code` and, where it is not 422, `status` (the HTTP status the edge answers with).
    """

    code: str = "refused"
    status: int = 422

    def __init__(self, code: str | None = None, /, **facts: object) -> None:
        self.code = code or type(self).code
        self.facts = facts
        super().__init__(f"{self.code} {facts}" if facts else self.code)


class NotFound(DomainError):
    """Absent, or outside what the actor may see: the two are never told apart."""

    code, status = "not-found", 404


class Forbidden(DomainError):
    """The actor's role does not allow the act."""

    code, status = "forbidden", 403


class Conflict(DomainError):
    """Somebody was faster, or the state does not allow the act any more."""

    code, status = "conflict", 409


class UnsetParameter(DomainError):
    """A rule needs a number that nobody has filled in yet. `parameter` is its dotted name."""

    code = "unset-parameter"

    def __init__(self, parameter: str, **facts: object) -> None:
        self.parameter = parameter
        super().__init__(self.code, parameter=parameter, **facts)


@dataclass(frozen=True, slots=True)
class Issue:
    """One mistake in a file or form, at a place a person can find.

    `row` is the row number as Excel shows it (1-based), `column` the header text, `cell` like "F12".
    """

    code: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    cell: str = ""
    value: str = ""
    facts: dict[str, object] = field(default_factory=dict)


class Said(str):
    """A sentence in English that pages say in the reader's language, by its message and the facts in it.

    >>> Said("gives %(k)s places to %(n)s bidders", k=3, n=2)
    'gives 3 places to 2 bidders'
    """

    message: str
    facts: dict[str, object]

    def __new__(cls, message: str, **facts: object) -> Said:
        """Write the sentence and keep what it is made of."""
        made = super().__new__(cls, message % facts if facts else message)
        made.message, made.facts = message, facts
        return made


def kept(value: object) -> object:
    """Return a fact as JSON keeps it: a sentence with its message and facts, a code with its kind, all else as it is.

    >>> told(kept(Said("until %(day)s", day="2026-11-24"))).facts
    {'day': '2026-11-24'}
    """
    if isinstance(value, StrEnum):
        return {"kind": type(value).__name__, "code": value.value}
    if not isinstance(value, Said):
        return value
    return {"message": value.message, "said": {name: kept(fact) for name, fact in value.facts.items()}}


def told(value: Any) -> Any:
    """Return a fact that `kept` wrote."""
    if not isinstance(value, dict) or set(value) != {"message", "said"}:
        return value
    return Said(value["message"], **{name: told(fact) for name, fact in value["said"].items()})


class Unreadable(DomainError):
    """Some fields of a question can't be read; `fields` holds (field, refusal) in the order of the form."""

    code = "fields-unreadable"

    def __init__(self, fields: Iterable[tuple[str, DomainError]]) -> None:
        self.fields = tuple(fields)
        super().__init__(fields=[name for name, _refusal in self.fields])


class FileRefused(DomainError):
    """A file as a whole can't be taken; `issues` says everything that is wrong with it."""

    code = "file-refused"

    def __init__(self, issues: Iterable[Issue], **facts: object) -> None:
        self.issues = tuple(issues)
        super().__init__(self.code, count=len(self.issues), **facts)


class Invalid(DomainError):
    """A form or request body has mistakes; `fields` maps each field to what is wrong with it, all at once."""

    code = "invalid"

    def __init__(self, fields: dict[str, Issue]) -> None:
        self.fields = fields
        super().__init__(self.code, fields=", ".join(sorted(fields)))
