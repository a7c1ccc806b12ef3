"""What plans' forms and calls carry in and out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict

from kernel.errors import Conflict, DomainError, Issue
from kernel.forms import FormReader
from kernel.i18n import _
from kernel.identity import MOST, record_id
from kernel.money import NotANumber, parse_decimal
from procurement.orders.flow import OrderKind
from procurement.orders.planning.services import LAST_MONTH
from procurement.orders.services.plans import Wanted

CELLS = ("quantity", "own", "remark")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a grid holds: lines, products whose cells are empty, and cells that can't be read."""

    lines: list[Wanted]
    cleared: list[int]
    unread: dict[int, Issue]


def head(form: MultiDict[str, str]) -> dict[str, Any]:
    """Read what a plan is called, for whom it is, and by what right."""
    reader = FormReader(form)
    values: dict[str, Any] = {
        "title": reader.text("title", _("Title"), most=120), "department": reader.text("department", most=60),
        "reason": reader.text("reason", most=400),
    }  # fmt: skip
    if "kind" in form:
        values["kind"] = reader.choice("kind", OrderKind, _("Kind of purchase"))
    reader.done()
    return values


def source(form: Mapping[str, str]) -> str | int:
    """Read what a new plan begins with."""
    written = form.get("source", "")
    return written if written in ("", LAST_MONTH) else record_id(written) or 0


def version(form: Mapping[str, str]) -> int:
    """Read the version that a page was made from."""
    found = record_id(form.get("version", ""))
    if found is None:
        raise Conflict("changed-meanwhile")
    return found


def cells(form: Mapping[str, str]) -> dict[int, dict[str, str]]:
    """Return the grid's cells as they were typed, by product; from the grid's JSON or from plain inputs."""
    if not form.get("lines"):
        names = {record_id(name[2:]) for name in form if name.startswith("q-")} - {None}
        short = {"quantity": "q", "own": "p", "remark": "r"}
        return {
            product: {name: form.get(f"{mark}-{product}", "") for name, mark in short.items()}
            for product in sorted(one for one in names if one is not None)
        }
    try:
        rows = json.loads(form["lines"])
        return {_product(row["id"]): {name: str(row.get(name, "")) for name in CELLS} for row in rows}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DomainError("demand-grid-unreadable") from error


def _product(text: object) -> int:
    found = record_id(str(text))
    if not found:
        raise DomainError("demand-grid-unreadable")
    return found


def typed(rows: Iterable[Mapping[str, str]]) -> Typed:
    """Sort the rows of a draft that saves itself."""
    return read({_product(row["id"]): row for row in rows})


def read(found: Mapping[int, Mapping[str, str]]) -> Typed:
    """Sort cells into lines, products that were emptied, and what can't be read."""
    out = Typed([], [], {})
    for product, row in found.items():
        if not row["quantity"].strip():
            out.cleared.append(product)
            continue
        try:
            price = parse_decimal(row["own"]) if row.get("own", "").strip() else None
        except NotANumber:
            out.unread[product] = Issue("price-not-positive", value=row["own"][:40])
            continue
        try:
            out.lines.append(Wanted(product, parse_decimal(row["quantity"]), price, row.get("remark", "")))
        except NotANumber:
            out.unread[product] = Issue("quantity-not-positive", value=row["quantity"][:40])
    return out


def plain(value: Decimal | None) -> str:
    """Write a figure without trailing zeros; nothing is an empty cell."""
    if value is None:
        return ""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class PlanRowIn(Schema):
    """A row of a draft: its product, and what was typed."""

    id = fields.Str(required=True, validate=validate.Length(max=24))
    quantity = fields.Str(required=True, validate=validate.Length(max=60))
    own = fields.Str(load_default="", validate=validate.Length(max=60))
    remark = fields.Str(load_default="", validate=validate.Length(max=400))


class PlanDraftIn(Schema):
    """Rows of a draft that saves itself, and the version it was made from."""

    version = fields.Int(required=True, validate=validate.Range(0, MOST))
    rows = fields.List(fields.Nested(PlanRowIn), required=True, validate=validate.Length(max=20_000))


class PlanSaidOut(Schema):
    """A row that could not be taken, or that could not be bought as it stands."""

    id = fields.Str()
    detail = fields.Str()


class PlanDraftOut(Schema):
    """A draft as it stands after it was saved: lines that were not taken, and lines that can't be bought."""

    version = fields.Int()
    saved_at = fields.AwareDateTime()
    refused = fields.List(fields.Nested(PlanSaidOut))
    said = fields.List(fields.Nested(PlanSaidOut))


class PlanProductQuery(Schema):
    """What is looked for."""

    q = fields.Str(load_default="", validate=validate.Length(max=80))


class PlanUsualQuery(Schema):
    """Last month's purchases, or a template's id."""

    source = fields.Str(required=True, validate=validate.Length(max=20))


class PlanGridRowOut(Schema):
    """A row of the grid; figures are text, as people would type them."""

    id = fields.Str()
    variety = fields.Str()
    text = fields.Str()
    unit = fields.Str()
    pack = fields.Int()
    maker = fields.Str()
    approval = fields.Str()
    source = fields.Str()
    price = fields.Str()
    left = fields.Str()
    agreed = fields.Bool()
    quantity = fields.Str()
    own = fields.Str()
    amount = fields.Str()
    remark = fields.Str()
    issue = fields.Str()


class PlanChoiceOut(Schema):
    """A product that was found; a picker reads value, text and detail."""

    value = fields.Str()
    text = fields.Str()
    detail = fields.Str()
    row = fields.Nested(PlanGridRowOut)


class PlanChoicesOut(Schema):
    """Products that were found, best first."""

    items = fields.List(fields.Nested(PlanChoiceOut))


class PlanBlockIn(Schema):
    """A block pasted from a workbook: a line for each product."""

    text = fields.Str(required=True, validate=validate.Length(max=400_000))


class PlanUnreadOut(Schema):
    """A line of a pasted block that could not be used."""

    line = fields.Int()
    text = fields.Str()
    detail = fields.Str()


class PlanRowsOut(Schema):
    """Rows to be laid into the grid, and lines that could not be used."""

    rows = fields.List(fields.Nested(PlanGridRowOut))
    wrong = fields.List(fields.Nested(PlanUnreadOut))
