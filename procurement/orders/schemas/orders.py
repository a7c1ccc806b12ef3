"""Orders, shipments and returns as calls carry them: decimals as text, instants in UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from kernel.identity import MOST
from procurement.orders.flow import (
    Dispute,
    OrderKind,
    OrderState,
    Refusal,
    ReturnState,
    ShipmentState,
    Standing,
)

NOTE = 400
BATCHES = 5_000


def _code(enum: type, **more: object) -> fields.Enum[Any]:
    return fields.Enum(enum, by_value=True, **more)  # type: ignore[arg-type]  # every caller gives a StrEnum


class OrderQuery(Schema):
    """What the list of orders is narrowed to; `placed_since` is a day in Beijing."""

    standing = _code(Standing)
    kind = _code(OrderKind)
    hospital = fields.Int(validate=validate.Range(1, MOST))
    company = fields.Int(validate=validate.Range(1, MOST))
    since = fields.Date()
    until = fields.Date()
    page = fields.Int(load_default=1, validate=validate.Range(1, 1_000))


class PartyOut(Schema):
    """A party of an order."""

    id = fields.Int()
    name = fields.Str()
    code = fields.Str()


class OrderOut(Schema):
    """An order as the list has it."""

    id = fields.Int()
    number = fields.Str()
    kind = _code(OrderKind)
    state = _code(OrderState)
    hospital = fields.Nested(PartyOut)
    company = fields.Nested(PartyOut)
    deliverer = fields.Nested(PartyOut)
    amount = fields.Decimal(as_string=True)
    lines_count = fields.Int()
    placed_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)


class LineOut(Schema):
    """A line; quantities in units of the specification, the price in yuan per unit."""

    id = fields.Int()
    product_id = fields.Int()
    name = fields.Str(attribute="product.registered_name")
    specification = fields.Str(attribute="product.specification.text")
    pack = fields.Int(attribute="product.pack")
    approval_number = fields.Str(attribute="product.approval_number")
    beyond = fields.Bool()
    price = fields.Decimal(as_string=True)
    quantity = fields.Decimal(as_string=True)
    amount = fields.Decimal(as_string=True)
    shipped = fields.Decimal(as_string=True)
    rejected = fields.Decimal(as_string=True)
    received = fields.Decimal(as_string=True)
    returned = fields.Decimal(as_string=True)
    cancelled = fields.Decimal(as_string=True)
    left = fields.Decimal(as_string=True)


class ShippedOut(Schema):
    """A batch of a shipment."""

    id = fields.Int()
    line_id = fields.Int()
    batch = fields.Str()
    expires = fields.Date()
    quantity = fields.Decimal(as_string=True)
    received = fields.Decimal(as_string=True)
    rejected = fields.Decimal(as_string=True)
    disputed = fields.Decimal(as_string=True)
    returned = fields.Decimal(as_string=True)
    dispute = _code(Dispute, allow_none=True)
    note = fields.Str()


class ShipmentOut(Schema):
    """A shipment with its batches."""

    id = fields.Int()
    number = fields.Str()
    state = _code(ShipmentState)
    waybill = fields.Str()
    shipped_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime()
    received_at = fields.AwareDateTime(allow_none=True)
    lines = fields.Nested(ShippedOut, many=True)


class SentBackOut(Schema):
    """A batch that goes back."""

    shipment_line_id = fields.Int()
    quantity = fields.Decimal(as_string=True)


class ReturnOut(Schema):
    """A return and its answer."""

    id = fields.Int()
    number = fields.Str()
    shipment_id = fields.Int()
    state = _code(ReturnState)
    reason = fields.Str()
    answer = fields.Str()
    asked_at = fields.AwareDateTime()
    answered_at = fields.AwareDateTime(allow_none=True)
    lines = fields.Nested(SentBackOut, many=True)


class OrderDetailOut(OrderOut):
    """An order with everything that belongs to it."""

    refusal = _code(Refusal, allow_none=True)
    note = fields.Str()
    lines = fields.Nested(LineOut, many=True)
    shipments = fields.Nested(ShipmentOut, many=True)
    returns = fields.Nested(ReturnOut, many=True)


class OrdersOut(Schema):
    """One page of the list."""

    orders = fields.Nested(OrderOut, many=True)
    page = fields.Int()
    pages = fields.Int()
    total = fields.Int()


class NoteIn(Schema):
    """A note, where one is wanted."""

    note = fields.Str(load_default="", validate=validate.Length(max=NOTE))


class RefuseIn(NoteIn):
    """Why an order is refused."""

    refusal = _code(Refusal, required=True)


class ManyIn(Schema):
    """Which orders are confirmed at once."""

    orders = fields.List(
        fields.Int(validate=validate.Range(1, MOST)), required=True, validate=validate.Length(1, 500)
    )  # fmt: skip


class ManyOut(Schema):
    """Which orders were confirmed, and why the others were not."""

    confirmed = fields.List(fields.Int())
    refused = fields.List(fields.Str())


class BatchIn(Schema):
    """A batch of an order's line, in units."""

    line_id = fields.Int(required=True, validate=validate.Range(1, MOST))
    batch = fields.Str(required=True, validate=validate.Length(1, 60))
    expires = fields.Date(required=True)
    quantity = fields.Decimal(required=True, allow_nan=False)


class ShipIn(Schema):
    """What is shipped."""

    waybill = fields.Str(load_default="", validate=validate.Length(max=80))
    batches = fields.List(fields.Nested(BatchIn), required=True, validate=validate.Length(1, BATCHES))


def _each_once(rows: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a list that names a batch twice: nobody could say which of the two holds."""
    if len({row["id"] for row in rows}) < len(rows):
        raise ValidationError("A line is named twice.")


class ArrivedIn(NoteIn):
    """What arrived of a batch, in units; the rest is disputed for the reason given."""

    id = fields.Int(required=True, validate=validate.Range(1, MOST))
    received = fields.Decimal(required=True, allow_nan=False)
    dispute = _code(Dispute, load_default=None, allow_none=True)


class ReceiveIn(NoteIn):
    """What arrived of a shipment; without lines all of it."""

    lines = fields.List(
        fields.Nested(ArrivedIn), load_default=list, validate=(validate.Length(max=BATCHES), _each_once)
    )


class BackIn(Schema):
    """How much of a batch goes back, in units."""

    id = fields.Int(required=True, validate=validate.Range(1, MOST))
    quantity = fields.Decimal(required=True, allow_nan=False)


class ReturnIn(Schema):
    """What goes back of a shipment, and why."""

    lines = fields.List(fields.Nested(BackIn), required=True, validate=(validate.Length(1, BATCHES), _each_once))
    reason = fields.Str(required=True, validate=validate.Length(1, NOTE))


class AnswerIn(NoteIn):
    """Whether goods are taken back."""

    accepted = fields.Bool(required=True)
