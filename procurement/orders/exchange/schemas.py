"""What hospital systems send and receive."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from kernel.identity import MOST
from procurement.orders.exchange.rules import MOST as ROWS
from procurement.orders.flow import OrderKind


class ExchangeLineIn(Schema):
    """A line: the product by its number here, its standard code, or approval number and pack; figures as text."""

    product = fields.Str(load_default="", validate=validate.Length(max=20))
    standard_code = fields.Str(load_default="", validate=validate.Length(max=40))
    approval_number = fields.Str(load_default="", validate=validate.Length(max=60))
    pack = fields.Str(load_default="", validate=validate.Length(max=10))
    quantity = fields.Str(required=True, validate=validate.Length(max=40))
    price = fields.Str(load_default="", validate=validate.Length(max=40))
    remark = fields.Str(load_default="", validate=validate.Length(max=200))


class ExchangeHead(Schema):
    """What a plan is called, by what right it buys, and whether it is handed in at once."""

    kind = fields.Enum(OrderKind, by_value=True, load_default=OrderKind.AGREEMENT)
    title = fields.Str(required=True, validate=validate.Length(min=1, max=120))
    department = fields.Str(load_default="", validate=validate.Length(max=60))
    reason = fields.Str(load_default="", validate=validate.Length(max=400))
    submit = fields.Bool(load_default=False)


class ExchangePlanIn(ExchangeHead):
    """A plan with its lines."""

    lines = fields.List(fields.Nested(ExchangeLineIn), required=True, validate=validate.Length(min=1, max=ROWS))


class ExchangePlanOut(Schema):
    """A plan that was taken, and the orders it became."""

    id = fields.Int()
    title = fields.Str()
    state = fields.Str()
    version = fields.Int()
    return_reason = fields.Str()
    lines = fields.Int()
    orders = fields.List(fields.Str())


class ExchangeQuery(Schema):
    """Where to go on, how much, from which day on, and in which form."""

    after = fields.Int(load_default=0, validate=validate.Range(0, MOST))
    limit = fields.Int(load_default=200, validate=validate.Range(1, 1_000))
    since = fields.Date(load_default=None, allow_none=True)
    form = fields.Str(load_default="json", validate=validate.OneOf(["json", "csv"]))


class ExchangeRowsOut(Schema):
    """Flat rows, and the number to go on behind; 0 where there is nothing more."""

    rows = fields.List(fields.Dict(keys=fields.Str(), values=fields.Raw()))
    after = fields.Int()
