"""What the call about listings asks and answers."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from pricing.listings.flow import ListingKind


class ListingQuery(Schema):
    """Which prices count on a day (today where none is named) in a region and those above it."""

    region = fields.Str(required=True, validate=validate.Length(max=12))
    products = fields.Str(required=True, metadata={"description": "Product ids with commas, at most 1000."})
    day = fields.Date(load_default=None)
    kind = fields.Enum(ListingKind, by_value=True, load_default=None)


class ListingOut(Schema):
    """A price that counts, yuan per unit of the specification. `ends` is the first day it no longer does."""

    id = fields.Int(required=True)
    product_id = fields.Int(required=True)
    region_code = fields.Str(required=True)
    kind = fields.Enum(ListingKind, by_value=True)
    price = fields.Decimal(as_string=True)
    starts = fields.Date()
    ends = fields.Date(allow_none=True)
    origin = fields.Str()
