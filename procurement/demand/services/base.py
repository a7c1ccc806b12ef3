"""Lock the base: accepted reports added up per lot, specification, region and company."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from kernel import clock
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.errors import Conflict, DomainError
from procurement.demand.flow import CALL_FLOW, CallAction, ReportState
from procurement.demand.models import BaseVolume, Call
from procurement.demand.queries import base as queries
from procurement.demand.queries import calls as call_queries
from procurement.demand.queries import reports as report_queries
from procurement.demand.services.calls import settle
from procurement.tags import Tag

COLUMNS = ("lot_id", "specification_id", "region_code", "company_id", "quantity")


def lock(session: Session, *, call_id: int, actor: Actor, at: datetime) -> Call:
    """Add up the accepted reports and lock them; refused while one still waits for review."""
    call = call_queries.held_call(session, call_id, actor)
    settle(session, call=call, actor=actor, at=clock.after_lock(session))
    state = CALL_FLOW.after(call.state, CallAction.LOCK)
    counts = report_queries.state_counts(session, [call.id]).get(call.id, {})
    if counts.get(ReportState.SUBMITTED):
        raise Conflict("demand-reports-waiting", count=counts[ReportState.SUBMITTED])
    if not counts.get(ReportState.ACCEPTED):
        raise DomainError("demand-nothing-accepted", code=call.code)
    if names := queries.hospitals_without_region(session, call.id):
        raise DomainError("demand-hospital-without-region", hospitals=tuple(names))
    session.execute(insert(BaseVolume).from_select(COLUMNS, queries.accepted_sums(call.id)))
    call.state, call.locked_at = state, at
    facts = {
        "reports": counts[ReportState.ACCEPTED], "left_out": sum(counts.values()) - counts[ReportState.ACCEPTED],
        "totals": {str(lot_id): total for lot_id, total in queries.lot_totals(session, call.id).items()},
    }  # fmt: skip
    record(session, Tag.DEMAND_LOCKED, call, actor, at, facts)
    return call
