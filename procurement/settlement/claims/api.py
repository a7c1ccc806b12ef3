"""Claims as calls: the same verbs as the pages."""

from __future__ import annotations

from typing import Any

from kernel.calls import Call
from kernel.paging import turned
from procurement.settlement.claims import queries, services
from procurement.settlement.models.claims import Claim

SIZE = 200


def index(call: Call) -> list[Any]:
    """Return the reader's claims, the latest first, 200 a page."""
    query = queries.listing(call.actor, state=call.query["state"])
    return turned(call.session, query, number=call.query["page"], size=SIZE).rows


def show(call: Call, claim_id: int) -> Claim:
    """Return a claim."""
    return queries.one(call.session, claim_id, call.actor)


def file(call: Call) -> Claim:
    """File a claim; the same Idempotency-Key gives the same answer."""
    asked = {"hospital_id": call.body["hospital_id"], "invoice_ids": call.body["invoices"]}
    return services.file(call.session, **asked, actor=call.actor, at=call.at)


def approve(call: Call, claim_id: int) -> Claim:
    """Approve a claim."""
    return services.approve(call.session, claim_id=claim_id, actor=call.actor, at=call.at)


def return_(call: Call, claim_id: int) -> Claim:
    """Return a claim with a reason."""
    reason = call.body["reason"]
    return services.return_(call.session, claim_id=claim_id, reason=reason, actor=call.actor, at=call.at)


def withdraw(call: Call, claim_id: int) -> Claim:
    """Take one's own claim back."""
    return services.withdraw(call.session, claim_id=claim_id, actor=call.actor, at=call.at)
