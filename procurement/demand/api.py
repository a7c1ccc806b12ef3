"""Collections as JSON, for what the actor may see."""

from __future__ import annotations

from typing import Any

from kernel.routes import Call
from procurement.demand.flow import settled
from procurement.demand.models import Call as Collection
from procurement.demand.queries import calls, lots, reports


def index(call: Call) -> list[dict[str, Any]]:
    """List collections, the latest deadline first."""
    return [_plain(call, found) for found in calls.all_visible(call.session, call.actor)]


def one(call: Call, call_id: int) -> dict[str, Any]:
    """Return a collection with its lots."""
    found = calls.one_call(call.session, call_id, call.actor)
    return {**_plain(call, found), "lots": lots.lots(call.session, found.id)}


def _plain(call: Call, found: Collection) -> dict[str, Any]:
    own = reports.report_of(call.session, call_id=found.id, hospital_id=call.actor.organisation_id or 0)
    return {"call": found, "state": settled(found.state, found.deadline, call.at), "own_report": own and own.state}
