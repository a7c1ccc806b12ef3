"""The retained balance as calls."""

from __future__ import annotations

from kernel.calls import Call
from procurement.retention.queries import lines
from procurement.retention.rules import Retained


def what_if(call: Call, line_id: int) -> Retained:
    """Return what a line would come to; the rule is the one that computed it."""
    row = lines.one(call.session, line_id, call.actor)
    return lines.what_if(row, lines.parameters(row.run), **call.query)
