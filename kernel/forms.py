"""Reading forms: every mistake is collected, and refused at once at the field it is about."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from kernel.errors import DomainError, Invalid, Issue
from kernel.periods import last_second, read_day
from kernel.problems import sentence

E = TypeVar("E", bound=StrEnum)
WRONG = date(2099, 12, 31)
"""Stands in for a day that can't be read; the form is refused anyway."""


class FormReader:
    """Reads a form field by field; `done` refuses what was wrong. A `label` makes a field required."""

    def __init__(self, form: MultiDict[str, str]) -> None:
        self.form = form
        self.wrong: dict[str, Issue] = {}

    def text(self, name: str, label: object = "", *, most: int = 200) -> str:
        """Read a line of text without the spaces around it."""
        written = " ".join(self.form.get(name, "").split())
        if not written and label:
            self.wrong[name] = Issue("field-missing", facts={"field": str(label)})
        if len(written) > most:
            self.wrong[name] = Issue("text-too-long", facts={"most": most})
        return written

    def secret(self, name: str, label: object) -> str:
        """Read a password, spaces and all."""
        written = self.form.get(name, "")
        if not written:
            self.wrong[name] = Issue("field-missing", facts={"field": str(label)})
        return written

    def choice(self, name: str, enum: type[E], label: object, *, among: tuple[E, ...] | None = None) -> E:
        """Read one of an enum's values; the first stands in where the field is wrong."""
        allowed = among if among is not None else tuple(enum)
        written = self.text(name, label)
        found = [member for member in allowed if member.value == written]
        if written and not found:
            self.wrong[name] = Issue("unknown-choice", value=written)
        return found[0] if found else allowed[0]

    def choices(self, name: str, enum: type[E], label: object) -> frozenset[E]:
        """Read checkboxes of one name."""
        written = self.form.getlist(name)
        known = {member.value: member for member in enum}
        if not written and label:
            self.wrong[name] = Issue("field-missing", facts={"field": str(label)})
        for value in written:
            if value not in known:
                self.wrong[name] = Issue("unknown-choice", value=value)
        return frozenset(known[value] for value in written if value in known)

    def day(self, name: str, label: object = "") -> date | None:
        """Read a day."""
        written = self.text(name, label)
        found = read_day(written)
        if written and found is None:
            self.wrong[name] = Issue("bad-date", facts={"date": written})
        return found

    def until(self, name: str, label: object) -> datetime:
        """Read a day up to whose last second something is taken."""
        return last_second(self.day(name, label) or WRONG)

    def done(self) -> None:
        """Refuse the form where a field was wrong."""
        if self.wrong:
            raise Invalid(self.wrong)


def mistakes(refusal: DomainError | None) -> dict[str, str]:
    """Return a refusal's sentences by field, for a form's summary and fields; "" is the form as a whole."""
    if isinstance(refusal, Invalid):
        return {name: sentence(issue) for name, issue in refusal.fields.items()}
    return {} if refusal is None else {"": sentence(refusal)}
