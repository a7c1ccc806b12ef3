"""What calls about service items ask and answer."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from pricing.items.flow import PriceGrade, PriceSource


class PriceQuery(Schema):
    """Which service prices hold on a day (today where none is named) in a pricing region and those above it."""

    region = fields.Str(required=True, validate=validate.Length(max=12))
    codes = fields.Str(required=True, metadata={"description": "Item codes with commas, at most 1000."})
    day = fields.Date(load_default=None)
    grade = fields.Enum(PriceGrade, by_value=True, load_default=None)


class PriceOut(Schema):
    """A ceiling in yuan per unit of the item for hospitals of a grade; `first` includes all below it."""

    code = fields.Str(required=True)
    name = fields.Str()
    unit = fields.Str()
    grade = fields.Enum(PriceGrade, by_value=True)
    price = fields.Decimal(as_string=True)


class HistoryQuery(Schema):
    """Of which item every price is asked, in one region or in all."""

    code = fields.Str(required=True, validate=validate.Length(max=40))
    region = fields.Str(load_default="", validate=validate.Length(max=12))


class PeriodOut(Schema):
    """A ceiling from 00:00 Beijing time of `starts_on` up to `ends_on`, which is exclusive; null while it is open."""

    region_code = fields.Str(required=True)
    grade = fields.Enum(PriceGrade, by_value=True)
    price = fields.Decimal(as_string=True)
    starts_on = fields.Date()
    ends_on = fields.Date(allow_none=True)
    source = fields.Enum(PriceSource, by_value=True)
