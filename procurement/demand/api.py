"""Collections as JSON, for what the actor may see."""

from __future__ import annotations

from typing import Any

from kernel.calls import Call
from kernel.problems import sentence
from procurement.demand.flow import settled
from procurement.demand.models import Call as Collection
from procurement.demand.queries import calls, lots, reports
from procurement.demand.schemas import place_of, read_cells
from procurement.demand.services import drafts


def index(call: Call) -> list[dict[str, Any]]:
    """List collections, the latest deadline first."""
    return [_plain(call, found) for found in calls.all_visible(call.session, call.actor)]


def one(call: Call, call_id: int) -> dict[str, Any]:
    """Return a collection with its lots."""
    found = calls.one_call(call.session, call_id, call.actor)
    return {**_plain(call, found), "lots": lots.lots(call.session, found.id)}


def keep(call: Call, call_id: int) -> dict[str, Any]:
    """Keep rows of the draft of the actor's hospital; rows that can't be taken are named, the others are saved."""
    cells = [(place_of(row["id"]), row["quantity"], row["reason"]) for row in call.body["rows"]]
    typed = read_cells(cells, {})
    kept = drafts.keep_draft(
        call.session, call_id=call_id, version=call.body["version"], lines=typed.lines, cleared=typed.cleared,
        actor=call.actor, at=call.at,
    )  # fmt: skip
    refused = {**typed.unread, **kept.refused}
    return {
        "version": kept.report.version if kept.report else 0, "saved_at": kept.report and kept.report.saved_at,
        "refused": [{"id": f"{key[0]}-{key[1]}", "detail": sentence(issue)} for key, issue in refused.items()],
    }  # fmt: skip


def _plain(call: Call, found: Collection) -> dict[str, Any]:
    own = reports.report_of(call.session, call_id=found.id, hospital_id=call.actor.organisation_id or 0)
    return {"call": found, "state": settled(found.state, found.deadline, call.at), "own_report": own and own.state}
