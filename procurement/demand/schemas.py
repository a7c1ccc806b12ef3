"""What forms and calls carry in, and what calls carry out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict

from kernel.clock import read_beijing
from kernel.errors import Conflict, DomainError, Invalid, Issue
from kernel.identity import MOST, record_id
from kernel.money import NotANumber, parse_decimal
from kernel.problems import sentence
from procurement.demand.flow import LineReason
from procurement.demand.rules import Asked
from procurement.demand.services.calls import Joins

FIELDS = {
    "demand-code-taken": "code", "demand-deadline-past": "deadline", "demand-deadline-not-later": "deadline",
    "demand-reason-missing": "reason", "demand-return-needs-time": "due_at",
}  # fmt: skip
JOINS = ("private_join", "pharmacies_join", "joined_count")
LONGEST = {"code": 40, "title": 120, "notes": 2000, "reason": 400}


@dataclass(slots=True)
class Reader:
    """Reads a form field by field and refuses all mistakes at once."""

    form: Mapping[str, str]
    wrong: dict[str, Issue] = field(default_factory=dict)

    def text(self, name: str, *, required: bool = True) -> str:
        """Read a text."""
        written = self.form.get(name, "").strip()
        if required and not written:
            self.wrong[name] = Issue("demand-field-missing")
        elif len(written) > LONGEST[name]:
            self.wrong[name] = Issue("demand-field-too-long", facts={"limit": LONGEST[name]})
        return written

    def year(self, name: str) -> int:
        """Read a year."""
        written = self.form.get(name, "").strip()
        year = record_id(written) or 0
        if not 2000 <= year <= 2100:
            self.wrong[name] = Issue("demand-bad-year", value=written[:40])
            return 0
        return year

    def moment(self, name: str, *, required: bool = True) -> datetime | None:
        """Read a Beijing wall time to the second."""
        written = self.form.get(name, "").strip()
        if not written and not required:
            return None
        instant = read_beijing(written)
        if instant is None:
            self.wrong[name] = Issue("demand-bad-moment", value=written[:40])
        return instant

    def done(self) -> None:
        """Refuse if anything was wrong."""
        if self.wrong:
            raise Invalid(self.wrong)


def call_values(form: Mapping[str, str], *, new: bool) -> dict[str, Any]:
    """Read a collection's form."""
    reader = Reader(form)
    values: dict[str, Any] = {"title": reader.text("title"), "year": reader.year("year")}
    values["deadline"], values["notes"] = reader.moment("deadline"), reader.text("notes", required=False)
    values["joining"] = Joins(*(form.get(name) == "1" for name in JOINS))
    if new:
        values["code"] = reader.text("code")
    reader.done()
    return values


def extension_values(form: Mapping[str, str]) -> dict[str, Any]:
    """Read the form for more time."""
    reader = Reader(form)
    values = {"deadline": reader.moment("deadline"), "reason": reader.text("reason")}
    reader.done()
    return values


def return_values(form: Mapping[str, str]) -> dict[str, Any]:
    """Read the form by which a report is returned."""
    reader = Reader(form)
    values = {"reason": reader.text("reason"), "due_at": reader.moment("due_at", required=False)}
    reader.done()
    return values


def errors(error: DomainError | None) -> dict[str, str]:
    """Say which field each mistake belongs to; the empty name is the form as a whole."""
    if error is None:
        return {}
    if isinstance(error, Invalid):
        return {name: sentence(issue) for name, issue in error.fields.items()}
    return {FIELDS.get(error.code, ""): sentence(error)}


@dataclass(frozen=True, slots=True)
class Typed:
    """What a grid or plain form holds: lines, places left empty, and cells that can't be read."""

    lines: list[Asked]
    cleared: list[tuple[int, int]]
    unread: dict[tuple[int, int], Issue]


def typed(form: MultiDict[str, str], names: Mapping[tuple[int, int], str]) -> Typed:
    """Read a report's cells; places that the page did not show are left alone."""
    return read_cells(typed_cells(form), names)


def read_cells(cells: Iterable[tuple[tuple[int, int], str, str]], names: Mapping[tuple[int, int], str]) -> Typed:
    """Sort cells into lines, places that were emptied, and what can't be read."""
    out = Typed([], [], {})
    for key, quantity, reason in cells:
        if not quantity.strip():
            out.cleared.append(key)
            continue
        try:
            out.lines.append(Asked(key[0], key[1] or None, parse_decimal(quantity), _reason(reason)))
        except NotANumber:
            named = {"item": names[key]} if key in names else {}
            code = "demand-not-a-number" if named else "demand-cell-not-a-number"
            out.unread[key] = Issue(code, value=quantity[:40], facts=dict(named))
    return out


def typed_cells(form: MultiDict[str, str]) -> Iterable[tuple[tuple[int, int], str, str]]:
    """Go through the cells as they were typed, from the grid's JSON or from plain inputs."""
    if form.get("lines"):
        try:
            rows = json.loads(form["lines"])
            return [(place_of(str(row["id"])), str(row["quantity"]), str(row.get("reason", ""))) for row in rows]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise DomainError("demand-grid-unreadable") from error
    names = [name for name in form if name.startswith("q-")]
    return [(place_of(name[2:]), form[name], form.get(f"r-{name[2:]}", "")) for name in names]


def place_of(text: str) -> tuple[int, int]:
    """Read a row's name: specification and company, 0 for the generic name."""
    specification, _, company = text.partition("-")
    place = record_id(specification), record_id(company)
    if place[0] is None or place[1] is None:
        raise DomainError("demand-grid-unreadable")
    return place[0], place[1]


def _reason(text: str) -> LineReason | None:
    return LineReason(text) if text in [reason.value for reason in LineReason] else None


def caps(form: MultiDict[str, str]) -> dict[int, Decimal | None]:
    """Read the caps by lot specification; an empty field takes a cap away."""
    found: dict[int, Decimal | None] = {}
    wrong: dict[str, Issue] = {}
    for name in form:
        line = record_id(name[4:]) if name.startswith("cap-") else None
        if line is not None:
            try:
                found[line] = parse_decimal(form[name]) if form[name].strip() else None
            except NotANumber:
                wrong[name] = Issue("demand-not-a-price", value=form[name][:40])
    if wrong:
        raise Invalid(wrong)
    return found


def version(form: Mapping[str, str]) -> int:
    """Read the version that a page was made from."""
    found = record_id(form.get("version", ""))
    if found is None:
        raise Conflict("changed-meanwhile")
    return found


class RowIn(Schema):
    """A row of a draft: its place, 12-0, and what was typed."""

    id = fields.Str(required=True, validate=validate.Length(max=24))
    quantity = fields.Str(required=True, validate=validate.Length(max=60))
    reason = fields.Str(load_default="", validate=validate.Length(max=40))


class DraftIn(Schema):
    """Rows of a draft that saves itself, and the version it was made from."""

    version = fields.Int(required=True, validate=validate.Range(0, MOST))
    rows = fields.List(fields.Nested(RowIn), required=True, validate=validate.Length(max=20_000))


class RefusedOut(Schema):
    """A row that could not be taken."""

    id = fields.Str()
    detail = fields.Str()


class DraftOut(Schema):
    """A draft as it stands after it was saved."""

    version = fields.Int()
    saved_at = fields.AwareDateTime(allow_none=True)
    refused = fields.List(fields.Nested(RefusedOut))


class SpecificationOut(Schema):
    """A specification of a lot."""

    specification_id = fields.Int()
    text = fields.Str(attribute="specification.text")
    unit = fields.Str(attribute="specification.unit")
    cap = fields.Decimal(as_string=True, allow_none=True)
    price_factor = fields.Decimal(as_string=True)
    volume_factor = fields.Decimal(as_string=True)
    is_reference = fields.Bool()


class LotOut(Schema):
    """A lot."""

    id = fields.Int()
    number = fields.Int()
    variety = fields.Str(attribute="variety.name")
    variety_code = fields.Str(attribute="variety.code")
    volume_class = fields.Str()
    form_kind = fields.Str()
    specifications = fields.List(fields.Nested(SpecificationOut))


class CallOut(Schema):
    """A collection. `state` is settled: a passed deadline counts, whether or not a job has written it down."""

    id = fields.Int(attribute="call.id")
    code = fields.Str(attribute="call.code")
    title = fields.Str(attribute="call.title")
    year = fields.Int(attribute="call.year")
    state = fields.Str()
    deadline = fields.AwareDateTime(attribute="call.deadline")
    own_report = fields.Str(allow_none=True)


class CallDetailOut(CallOut):
    """A collection with its lots."""

    lots = fields.List(fields.Nested(LotOut))
