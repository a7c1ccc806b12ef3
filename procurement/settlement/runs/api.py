"""Payment runs as calls: the same verbs as the pages."""

from __future__ import annotations

from kernel.calls import Call
from procurement.settlement.models.claims import Run
from procurement.settlement.runs import queries, services


def show(call: Call, fund_run_id: int) -> Run:
    """Return a run."""
    return queries.one(call.session, fund_run_id, call.actor)


def prepare(call: Call) -> Run:
    """Prepare a run over approved claims."""
    return services.prepare(call.session, claim_ids=call.body["claims"], actor=call.actor, at=call.at)


def pay(call: Call, fund_run_id: int) -> Run:
    """Pay a run as the second person; the same Idempotency-Key gives the same answer."""
    paid = {"reference": call.body["reference"], "paid_on": call.body["paid_on"]}
    return services.pay(call.session, fund_run_id=fund_run_id, **paid, actor=call.actor, at=call.at)


def cancel(call: Call, fund_run_id: int) -> Run:
    """Give a run up."""
    return services.cancel(call.session, fund_run_id=fund_run_id, actor=call.actor, at=call.at)
