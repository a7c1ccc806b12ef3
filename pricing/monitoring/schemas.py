"""What the call about indices asks and answers."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from catalogue.drugs.rules.codes import VarietyKind
from pricing.monitoring.flow import Step

_MONTH = validate.Regexp(r"^20[0-9]{2}-(0[1-9]|1[0-2])$")


class IndexQuery(Schema):
    """Which purchases, which months ("2026-03"; twelve up to the last by default), and how they are compared."""

    from_ = fields.Str(data_key="from", load_default="", validate=lambda text: not text or _MONTH(text))
    to = fields.Str(load_default="", validate=lambda text: not text or _MONTH(text))
    step = fields.Str(load_default="month", validate=validate.OneOf([one.value for one in Step]))
    base = fields.Str(
        load_default="", validate=validate.Length(max=7), metadata={"description": "The period that counts as 1."}
    )
    method = fields.Str(load_default="fixed", validate=validate.OneOf(["fixed", "chained"]))
    goods = fields.Str(load_default="", validate=validate.OneOf(["", *(one.value for one in VarietyKind)]))
    class_ = fields.Str(data_key="class", load_default="", validate=validate.Length(max=10))
    region = fields.Str(load_default="", validate=validate.Length(max=6))
    grade = fields.Str(load_default="", validate=validate.Length(max=20))
    source = fields.Str(load_default="", validate=validate.Length(max=80))


class IndexOut(Schema):
    """A period's indices, 1 = unchanged, null where no item is priced in both periods.

    `coverage` is the share of the period's spending that the matched items make up, `items_coverage` their share of the
    items priced in it.
    """

    period = fields.Str(required=True)
    laspeyres = fields.Decimal(as_string=True, allow_none=True)
    paasche = fields.Decimal(as_string=True, allow_none=True)
    fisher = fields.Decimal(as_string=True, allow_none=True)
    coverage = fields.Decimal(as_string=True, allow_none=True)
    base_coverage = fields.Decimal(as_string=True, allow_none=True)
    items_coverage = fields.Decimal(as_string=True, allow_none=True)
    matched = fields.Int()
    items = fields.Int()


class IndicesOut(Schema):
    """The indices, the period that counts as 1, and up to which moment purchases are in them."""

    base = fields.Str(required=True)
    method = fields.Str(required=True)
    as_of = fields.AwareDateTime(required=True)
    periods = fields.List(fields.Nested(IndexOut), required=True)
