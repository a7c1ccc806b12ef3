"""What settlement's forms and calls carry in and out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict

from kernel.errors import Issue
from kernel.forms import FormReader
from kernel.i18n import _
from kernel.identity import record_id
from kernel.money import NotANumber, parse_decimal
from procurement.settlement.flow import Channel, InvoiceKind, InvoiceState
from procurement.settlement.services.invoicing import Asked, Draft

ZERO = Decimal(0)


class Reader(FormReader):
    """Reads amounts, days and ticked records beside texts and choices."""

    def number(self, name: str, code: str, *, blank: Decimal | None = None) -> Decimal:
        """Read a decimal; where it is none the issue of that code stands at the field."""
        written = self.form.get(name, "").strip()
        if not written and blank is not None:
            return blank
        try:
            return parse_decimal(written)
        except NotANumber:
            self.wrong[name] = Issue(code, value=written)
            return ZERO

    def needed_day(self, name: str) -> date:
        """Read a day that has to be there."""
        return self.day(name, _("Day")) or date.min

    def ids(self, name: str) -> list[int]:
        """Read tick boxes that carry records' numbers."""
        found = [record_id(each) for each in self.form.getlist(name)]
        return [each for each in found if each is not None]


def draft(form: MultiDict[str, str], ids: Sequence[int]) -> Draft:
    """Read an invoice over batches of these ids: `line-ID` is the quantity, `price-ID` the price."""
    read = Reader(form)
    lines = []
    for each in ids:
        quantity = read.number(f"line-{each}", "quantity-not-positive", blank=ZERO)
        if quantity or f"line-{each}" in read.wrong:
            lines.append(Asked(each, quantity, read.number(f"price-{each}", "price-not-positive")))
    made = Draft(
        read.text("code"), read.text("number"), read.needed_day("issued_on"),
        read.number("amount", "amount-not-positive"), tuple(lines),
    )  # fmt: skip
    read.done()
    return made


def quantities(form: MultiDict[str, str], ids: Sequence[int], read: Reader) -> dict[int, Decimal]:
    """Read quantities by line."""
    return {each: read.number(f"line-{each}", "quantity-not-positive", blank=ZERO) for each in ids}


class InvoiceQuery(Schema):
    """Which invoices: of a state, on which page of 200."""

    state = fields.Enum(InvoiceState, by_value=True, load_default=None)
    page = fields.Int(load_default=1, validate=validate.Range(min=1, max=100_000))


class InvoiceLineIn(Schema):
    """A batch that was received; quantity in units, price in yuan per unit."""

    shipment_line_id = fields.Int(required=True, validate=validate.Range(min=1, max=2**31 - 1))
    quantity = fields.Decimal(required=True)
    price = fields.Decimal(required=True)


class InvoiceIn(Schema):
    """An invoice to be registered. A fully digital invoice has 20 digits and no code."""

    code = fields.Str(load_default="", validate=validate.Length(max=12))
    number = fields.Str(required=True, validate=validate.Length(max=20))
    issued_on = fields.Date(required=True)
    amount = fields.Decimal(required=True)
    lines = fields.List(fields.Nested(InvoiceLineIn), required=True, validate=validate.Length(min=1, max=2_000))


class InvoiceLineOut(Schema):
    """A line of an invoice."""

    id = fields.Int()
    shipment_line_id = fields.Int()
    quantity = fields.Decimal(as_string=True)
    price = fields.Decimal(as_string=True)
    amount = fields.Decimal(as_string=True)
    credited = fields.Decimal(as_string=True)


class InvoiceOut(Schema):
    """An invoice without its lines. `due_at` is when it must be paid."""

    id = fields.Int()
    kind = fields.Enum(InvoiceKind, by_value=True)
    code = fields.Str()
    number = fields.Str()
    seller_id = fields.Int()
    hospital_id = fields.Int()
    issued_on = fields.Date()
    amount = fields.Decimal(as_string=True)
    state = fields.Enum(InvoiceState, by_value=True)
    due_at = fields.DateTime()
    claim_id = fields.Int(allow_none=True)
    payment_id = fields.Int(allow_none=True)


class InvoiceWholeOut(InvoiceOut):
    """An invoice with its lines."""

    lines = fields.List(fields.Nested(InvoiceLineOut))


class InvoiceReturnIn(Schema):
    """Why an invoice goes back to its seller."""

    reason = fields.Str(required=True, validate=validate.Length(min=1, max=200))


class PaymentIn(Schema):
    """What a hospital paid: matched invoices of one seller; open credit notes are netted."""

    invoices = fields.List(fields.Int(validate=validate.Range(min=1, max=2**31 - 1)), required=True,
                           validate=validate.Length(min=1, max=5_000))  # fmt: skip
    reference = fields.Str(required=True, validate=validate.Length(min=1, max=60))
    paid_on = fields.Date(required=True)


class PaymentOut(Schema):
    """A payment: gross, less credited, is the amount."""

    id = fields.Int()
    channel = fields.Enum(Channel, by_value=True)
    hospital_id = fields.Int()
    seller_id = fields.Int()
    gross = fields.Decimal(as_string=True)
    credited = fields.Decimal(as_string=True)
    amount = fields.Decimal(as_string=True)
    reference = fields.Str()
    paid_on = fields.Date()


def draft_of(body: dict[str, Any]) -> Draft:
    """Return the draft that a call's body holds."""
    lines = tuple(Asked(each["shipment_line_id"], each["quantity"], each["price"]) for each in body["lines"])
    return Draft(body["code"], body["number"], body["issued_on"], body["amount"], lines)
