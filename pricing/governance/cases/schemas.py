"""What the forms of cases carry in, and what the open call answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from marshmallow import Schema, fields
from werkzeug.datastructures import FileStorage, MultiDict

from kernel.errors import Invalid, Issue
from kernel.money import NotANumber, parse_decimal
from kernel.periods import read_day
from pricing.governance.cases.flow import CaseReason, CaseState
from pricing.listings.flow import ListingKind

Form = MultiDict[str, str]


def attached(given: MultiDict[str, FileStorage]) -> list[tuple[str, bytes]]:
    """Return the files of a form; a field left empty is none."""
    return [(one.filename, one.stream.read()) for one in given.getlist("file") if one.filename]


def day(form: Form, name: str) -> date | None:
    """Read a day; none where it is blank or not one."""
    return read_day(form.get(name, "").strip())


def prices(form: Form, line_ids: Iterable[int]) -> dict[int, Decimal | None]:
    """Read the price of each line. Raises Invalid with every one that is no number."""
    found: dict[int, Decimal | None] = {}
    wrong: dict[str, Issue] = {}
    for id_ in line_ids:
        written = form.get(f"price-{id_}", "").strip()
        try:
            found[id_] = parse_decimal(written) if written else None
        except NotANumber:
            wrong[f"price-{id_}"] = Issue("listing-bad-price", value=written[:40], facts={"price": written[:40]})
    if wrong:
        raise Invalid(wrong)
    return found


class ExposedLine(Schema):
    """A price that was asked about, yuan per unit, with what it was measured against."""

    product_id = fields.Int(required=True)
    name = fields.Str(attribute="product.registered_name")
    approval_number = fields.Str(attribute="product.approval_number")
    specification = fields.Str(attribute="product.specification.text")
    pack = fields.Int(attribute="product.pack")
    kind = fields.Enum(ListingKind, by_value=True)
    price = fields.Decimal(as_string=True)
    anchor = fields.Decimal(as_string=True, allow_none=True)
    ratio = fields.Decimal(as_string=True, allow_none=True)
    committed = fields.Decimal(as_string=True, allow_none=True)


class ExposureOut(Schema):
    """A company that did not keep what it committed to, with the prices; `state` says what followed."""

    id = fields.Int(required=True)
    company = fields.Str(attribute="company.name")
    company_code = fields.Str(attribute="company.code")
    region_code = fields.Str()
    organisation = fields.Str(attribute="organisation.name")
    reason = fields.Enum(CaseReason, by_value=True)
    state = fields.Enum(CaseState, by_value=True)
    exposed_at = fields.DateTime()
    text = fields.Str(attribute="exposed_text")
    lines = fields.List(fields.Nested(ExposedLine))
