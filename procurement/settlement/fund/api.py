"""Fund accounts as calls."""

from __future__ import annotations

from kernel.calls import Call
from procurement.settlement.fund import queries
from procurement.settlement.models.claims import FundAccount


def show(call: Call, hospital_id: int) -> FundAccount:
    """Return a hospital's account."""
    return queries.one(call.session, hospital_id, call.actor)
