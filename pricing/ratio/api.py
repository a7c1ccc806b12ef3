"""The calculator as a call."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from kernel.calls import Call
from pricing.ratio.schemas import as_json, read


class ConversionQuery(Schema):
    """A price and two presentations; everything but the price may be left out."""

    price = fields.Str(required=True)
    from_content = fields.Str()
    to_content = fields.Str()
    from_fill = fields.Str()
    to_fill = fields.Str()
    from_pack = fields.Str()
    to_pack = fields.Str()
    from_form = fields.Str()
    to_form = fields.Str()
    from_container = fields.Str()
    to_container = fields.Str()
    from_sugar_free = fields.Bool()
    to_sugar_free = fields.Bool()
    oral = fields.Bool(allow_none=True, load_default=None)
    form_factor = fields.Str()
    form_add = fields.Str()


class ConversionOut(Schema):
    """The converted pack price with its steps."""

    price = fields.Str(required=True)
    steps = fields.List(fields.Dict())


def convert(call: Call) -> dict[str, Any]:
    """Convert a pack price by the ratio rules."""
    return as_json(read(call.query).answer())
