"""What the calls of the retained balance carry in and out."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from marshmallow import Schema, ValidationError, fields


def _below(most: int, *, itself: bool = True) -> Callable[[Decimal], None]:
    """Return a check that a figure lies between 0 and a most, the most itself included or not."""

    def check(value: Decimal) -> None:
        if not 0 <= value <= most or (value == most and not itself):
            raise ValidationError([f"0 - {most}"])

    return check


class WhatIfQuery(Schema):
    """What would be: completion of the agreed volume, non-winning share (below 1), score; the rest stays as it is."""

    completion = fields.Decimal(validate=_below(10))
    other = fields.Decimal(validate=_below(1, itself=False))
    score = fields.Decimal(validate=_below(100))


class WhatIfOut(Schema):
    """What a line would come to, in yuan, two decimals."""

    budget = fields.Decimal(as_string=True)
    spend = fields.Decimal(as_string=True)
    base = fields.Decimal(as_string=True)
    k = fields.Decimal(as_string=True)
    retained = fields.Decimal(as_string=True)
