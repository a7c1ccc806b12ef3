"""Pages of collections: list, record, form, and the acts that move one on."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from kernel.auth import scopes
from kernel.calls import Call
from kernel.i18n import _, label
from kernel.web import flash_done, paginate, redirect_to, render
from procurement.demand import schemas
from procurement.demand.flow import CallState, ReportState, settled
from procurement.demand.models import Call as Collection
from procurement.demand.queries import board, calls, lots, reports
from procurement.demand.services import base as base_services
from procurement.demand.services import calls as services

STEPS = (CallState.DRAFT, CallState.COLLECTING, CallState.REVIEWING, CallState.LOCKED)


def index(call: Call) -> str:
    """List collections; the state filter stands in the address."""
    state = call.args.get("state", "")
    asked = CallState(state) if state in [each.value for each in CallState] else None
    page = paginate(call.session, calls.filtered(call.actor, asked, call.at))
    ids = [found.id for found in page.rows]
    return render(
        "procurement/demand_calls.html", page_=page, state=state, states=_states(page.rows, call),
        options=[(each.value, label(each)) for each in CallState], lots=calls.lot_counts(call.session, ids),
        counts=reports.state_counts(call.session, ids), hospitals=len(calls.hospital_ids(call.session)),
        own=reports.own_by_call(call.session, ids, call.actor),
    )  # fmt: skip


def _states(rows: list[Collection], call: Call) -> dict[int, CallState]:
    return {found.id: settled(found.state, found.deadline, call.at) for found in rows}


def show(call: Call, call_id: int) -> str:
    """Show a collection: steps, facts, and how far the hospitals or the lots are."""
    found = calls.one_call(call.session, call_id, call.actor)
    state = settled(found.state, found.deadline, call.at)
    sees_all = scopes.sees_all(call.actor)
    tab = call.args.get("tab", "") if sees_all else "lots"
    own = reports.report_of(call.session, call_id=call_id, hospital_id=call.actor.organisation_id or 0)
    values: dict[str, Any] = {"found": found, "state": state, "steps": _steps(state), "own": own}
    if tab == "lots" or state is CallState.DRAFT:
        values |= {"tab": "lots", **_lots(call, found, sees_all and state is not CallState.DRAFT)}
    else:
        values |= {"tab": "board", **_board(call, found)}
    return render("procurement/demand_call.html", sees_all=sees_all, errors=schemas.errors(call.error), **values)


def _lots(call: Call, found: Collection, counted: bool) -> dict[str, Any]:
    """The lots, with what was handed in for them once hospitals report and the reader may see it."""
    progress = board.lot_progress(call.session, call=found) if counted else None
    return {
        "lots": lots.lots(call.session, found.id), "handed": _handed(call, found.id), "progress": progress,
        "retail": any(row.by_joined for row in progress or ()),
        "total": len(calls.hospital_ids(call.session)),
    }  # fmt: skip


def _handed(call: Call, call_id: int) -> int:
    counts = reports.state_counts(call.session, [call_id]).get(call_id, {})
    return counts.get(ReportState.SUBMITTED, 0) + counts.get(ReportState.ACCEPTED, 0)


def _board(call: Call, found: Collection) -> dict[str, Any]:
    rows = board.board(call.session, call=found)
    counts = {state.value: sum(1 for row in rows if row.report and row.report.state is state) for state in ReportState}
    counts["missing"] = sum(1 for row in rows if row.report is None)
    wanted = call.args.get("report", "")
    kept = [row for row in rows if wanted in ("", row.report.state.value if row.report else "missing")]
    size = calls.lot_counts(call.session, [found.id]).get(found.id, 0)
    return {
        "rows": kept,
        "counts": counts,
        "total": len(rows),
        "size": size,
        "wanted": wanted,
        "handed": counts["submitted"] + counts["accepted"],
    }


def _steps(state: CallState) -> list[tuple[CallState, str]]:
    """Each step of the way with done, now or next."""
    if state is CallState.VOID:
        return [(CallState.VOID, "now")]
    at = STEPS.index(state)
    return [(step, "done" if index < at else "now" if index == at else "next") for index, step in enumerate(STEPS)]


def new(call: Call) -> str:
    """Show the form of a new collection."""
    return _form(call, None)


def create(call: Call) -> Response:
    """Set a collection up."""
    values = schemas.call_values(call.form, new=True)
    made = services.create_call(call.session, **values, actor=call.actor, at=call.at)
    flash_done(_("%(title)s was set up. Now choose its lots.", title=made.title))
    return redirect_to("procurement.demand_lots", call_id=made.id)


def edit(call: Call, call_id: int) -> str:
    """Show the form of a draft."""
    return _form(call, calls.one_call(call.session, call_id, call.actor))


def change(call: Call, call_id: int) -> Response:
    """Change a draft."""
    values, version = schemas.call_values(call.form, new=False), schemas.version(call.form)
    services.change_call(call.session, call_id=call_id, version=version, **values, actor=call.actor, at=call.at)
    flash_done(_("The changes were saved."))
    return redirect_to("procurement.demand_call", call_id=call_id)


def _form(call: Call, found: Collection | None) -> str:
    values: Any = call.form or (found.snapshot() if found else {"year": call.at.year + 1})
    return render("procurement/demand_form.html", found=found, values=values, errors=schemas.errors(call.error))


def start(call: Call, call_id: int) -> Response:
    """Begin collecting."""
    found = services.start(call.session, call_id=call_id, actor=call.actor, at=call.at)
    flash_done(_("%(title)s has begun. Every hospital was told.", title=found.title))
    return redirect_to("procurement.demand_call", call_id=call_id)


def extend(call: Call, call_id: int) -> Response:
    """Give more time."""
    values = schemas.extension_values(call.form)
    services.extend(call.session, call_id=call_id, **values, actor=call.actor, at=call.at)
    flash_done(_("The deadline was moved. Every hospital was told."))
    return redirect_to("procurement.demand_call", call_id=call_id)


def void(call: Call, call_id: int) -> Response:
    """Give a collection up."""
    reason = call.form.get("reason", "")
    services.void_call(call.session, call_id=call_id, reason=reason, actor=call.actor, at=call.at)
    flash_done(_("The collection was given up."))
    return redirect_to("procurement.demand_call", call_id=call_id)


def lock(call: Call, call_id: int) -> Response:
    """Lock the base."""
    base_services.lock(call.session, call_id=call_id, actor=call.actor, at=call.at)
    flash_done(_("The base is locked."))
    return redirect_to("procurement.demand_base", call_id=call_id)
