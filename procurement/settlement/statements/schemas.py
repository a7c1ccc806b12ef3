"""What calls for statements carry out. Amounts in yuan."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from procurement.settlement.statements.flow import EntryKind, Side


class PeriodQuery(Schema):
    """A month (2026-03), a quarter (2026Q1) or a year (2026); the present month where none is asked for."""

    period = fields.Str(load_default="", validate=validate.Length(max=7))


class StatementsQuery(PeriodQuery):
    """Which period; who runs the platform asks for a side, or for one organisation (`of`)."""

    side = fields.Enum(Side, by_value=True, load_default=Side.HOSPITAL)
    of = fields.Str(load_default="", validate=validate.Length(max=12))


class StatementLineOut(Schema):
    """A party: what was owed before the period, what happened in it, what is owed after it."""

    party_id = fields.Int(attribute="party.id")
    party = fields.Str(attribute="party.name")
    opening = fields.Decimal(as_string=True)
    ordered = fields.Decimal(as_string=True, attribute="sums.ordered")
    received = fields.Decimal(as_string=True, attribute="sums.received")
    invoiced = fields.Decimal(as_string=True, attribute="sums.invoiced")
    credited = fields.Decimal(as_string=True, attribute="sums.credited")
    paid = fields.Decimal(as_string=True, attribute="sums.paid")
    fund = fields.Decimal(as_string=True, attribute="sums.fund")
    closing = fields.Decimal(as_string=True)


class MovementOut(Schema):
    """An entry, by how much it changed what is owed, and what was owed after it."""

    day = fields.Date(attribute="entry.day")
    kind = fields.Enum(EntryKind, by_value=True, attribute="entry.kind")
    invoice_id = fields.Int(attribute="entry.invoice_id", allow_none=True)
    payment_id = fields.Int(attribute="entry.payment_id", allow_none=True)
    change = fields.Decimal(as_string=True)
    balance = fields.Decimal(as_string=True)


class StatementOut(Schema):
    """The account of a hospital and a seller over a period with its first movements of `total`."""

    hospital_id = fields.Int(attribute="hospital.id")
    seller_id = fields.Int(attribute="seller.id")
    line = fields.Nested(StatementLineOut)
    movements = fields.List(fields.Nested(MovementOut))
    total = fields.Int()
