"""Pages of a hospital's report: filling in, checking, handing in."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.errors import FileRefused
from kernel.i18n import _, label
from kernel.web import flash_done, redirect_to, render
from procurement.demand import schemas
from procurement.demand.exports import grid_columns, grid_facts, grid_rows
from procurement.demand.flow import LineReason, closes_at, may_write, settled
from procurement.demand.joining import queries as joining
from procurement.demand.models import Call as Collection
from procurement.demand.models import Report
from procurement.demand.queries import calls, entry, reports
from procurement.demand.services import reports as services


def fill_in(call: Call, call_id: int) -> str:
    """Show the report of the actor's hospital, for filling in as long as it may be changed."""
    found, report, values = _frame(call, call_id)
    rows = entry.entry(call.session, call=found, hospital_id=report.hospital_id if report else _own(call))
    plain, show = "plain" in call.args, call.args.get("show", "")
    shown = [row for row in rows if row.used] if plain and show == "used" else rows
    typed = {key: (quantity, reason) for key, quantity, reason in schemas.typed_cells(call.form)} if call.form else {}
    if not values["writable"]:
        shown = [row for row in rows if row.quantity is not None]
    issues = call.error.issues if isinstance(call.error, FileRefused) else ()
    return render(
        "procurement/demand_report.html", rows=shown, total=len(rows), used=sum(1 for row in rows if row.used),
        columns=grid_columns(found), cells=grid_rows(shown, typed, whole=plain), typed=typed,
        facts=_facts(call, found, rows, show) if values["writable"] and not plain else {},
        issues=issues, error=call.error,
        reasons=[(each.value, label(each)) for each in LineReason], filled=len({r.lot.id for r in rows if r.quantity}),
        lots=len({row.lot.id for row in rows}), **values,
    )  # fmt: skip


def _facts(call: Call, found: Collection, rows: list[entry.EntryRow], show: str) -> dict[str, Any]:
    """What the grid checks by and copies from."""
    earlier = reports.earlier(call.session, call=found, hospital_id=_own(call))
    return grid_facts(rows, earlier, show)


def _frame(call: Call, call_id: int) -> tuple[Collection, Report | None, dict[str, Any]]:
    """What every page of a report needs: the collection, the report, until when, and whether it may be changed."""
    found = calls.one_call(call.session, call_id, call.actor)
    report = reports.report_of(call.session, call_id=call_id, hospital_id=_own(call))
    closes = closes_at(found.deadline, report.due_at if report else None)
    must_join = joining.is_missing(call.session, call_id=call_id, organisation_id=_own(call))
    values = {
        "must_join": must_join, "may_join": joining.may(call.session, call=found, actor=call.actor),
        "joined": joining.of(call.session, call_id=call_id, organisation_id=_own(call)),
        "found": found, "report": report, "closes": closes, "state": settled(found.state, found.deadline, call.at),
        "writable": not must_join and may_write(found.state, report.state if report else None, closes, call.at),
        "open": call.at < closes, "people": reports.people(call.session, report.submitted_by_id if report else None),
    }  # fmt: skip
    return found, report, values


def _own(call: Call) -> int:
    return services.own_hospital(call.actor)


def save(call: Call, call_id: int) -> Response:
    """Keep what was typed in the draft, and go on to the check if that was asked for."""
    found = calls.one_call(call.session, call_id, call.actor)
    names = {row.key: f"{row.item} {row.lot.variety.name} {row.row.specification.text}"
             for row in entry.entry(call.session, call=found, hospital_id=_own(call))}  # fmt: skip
    typed = schemas.typed(call.form, names)
    services.save_report(
        call.session, call_id=call_id, lines=typed.lines, cleared=typed.cleared, unread=list(typed.unread.values()),
        version=schemas.version(call.form), actor=call.actor, at=call.at,
    )  # fmt: skip
    if call.form.get("then") == "check":
        return redirect_to("procurement.demand_check", call_id=call_id)
    flash_done(_("The draft was saved. It has not been submitted yet."))
    return redirect_to("procurement.demand_report", call_id=call_id, **_kept(call))


def _kept(call: Call) -> dict[str, str]:
    return {name: call.args[name] for name in ("show", "plain") if name in call.args}


def check(call: Call, call_id: int) -> str:
    """Show what will be submitted, odd lines first."""
    found, report, values = _frame(call, call_id)
    rows = [row for row in entry.entry(call.session, call=found, hospital_id=_own(call)) if row.quantity is not None]
    odd = services.odd_of(call.session, call=found, hospital_id=_own(call), report=report)
    return render("procurement/demand_check.html", rows=rows, odd=odd, error=call.error, **values)


def submit(call: Call, call_id: int) -> Response:
    """Submit the report."""
    confirmed, version = call.form.get("confirmed") == "1", schemas.version(call.form)
    services.submit(
        call.session, call_id=call_id, confirmed=confirmed, version=version, actor=call.actor, at=call.at
    )  # fmt: skip
    flash_done(_("The report was submitted."))
    return redirect_to("procurement.demand_report", call_id=call_id)


def recall(call: Call, call_id: int) -> Response:
    """Take the report back."""
    services.recall(call.session, call_id=call_id, actor=call.actor, at=call.at)
    flash_done(_("The report was taken back. Submit it again before the deadline."))
    return redirect_to("procurement.demand_report", call_id=call_id)
