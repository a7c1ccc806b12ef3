"""Payment standards as a call."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from kernel.calls import Call
from pricing.standards.rules import standard
from pricing.standards.schemas import as_json, read


class StandardQuery(Schema):
    """A winning price and a product's; start price and year where the product costs more than twice as much."""

    winning = fields.Str(required=True)
    price = fields.Str(required=True)
    start = fields.Str()
    year = fields.Str()
    passed = fields.Bool(load_default=True)


class StandardOut(Schema):
    """The payment standard with its steps."""

    standard = fields.Str(required=True)
    steps = fields.List(fields.Dict())


def derive(call: Call) -> dict[str, Any]:
    """Derive a payment standard."""
    return as_json(standard(read(call.query)))
