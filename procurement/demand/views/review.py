"""The agency's page of one report, and what it decides."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.i18n import _
from kernel.web import flash_done, redirect_to, render
from procurement.demand import schemas
from procurement.demand.flow import REPORT_FLOW, ReportAction, settled
from procurement.demand.queries import entry, reports
from procurement.demand.services import reports as services


def show(call: Call, report_id: int) -> str:
    """Show a report against the last two years, odd lots first."""
    report = reports.one_report(call.session, report_id, call.actor)
    found = report.call
    rows = [row for row in entry.entry(call.session, call=found, hospital_id=report.hospital_id) if row.used]
    odd = services.odd_of(call.session, call=found, hospital_id=report.hospital_id, report=report)
    flagged = {each.lot_id for each in odd}
    rows.sort(key=lambda row: (row.lot.id not in flagged, row.lot.number))
    waiting = [each.id for each in reports.waiting(call.session, call.actor) if each.call_id == found.id]
    return render(
        "procurement/demand_review.html", report=report, found=found, rows=rows, odd=odd, flagged=flagged,
        state=settled(found.state, found.deadline, call.at), errors=schemas.errors(call.error), typed=call.form,
        may_accept=REPORT_FLOW.allows(report.state, ReportAction.ACCEPT),
        may_return=REPORT_FLOW.allows(report.state, ReportAction.RETURN), over=found.deadline <= call.at,
        next_=next((each for each in waiting if each != report.id), None), waiting=len(waiting),
        people=reports.people(call.session, report.submitted_by_id, report.reviewed_by_id),
    )  # fmt: skip


def accept(call: Call, report_id: int) -> Response:
    """Accept a report."""
    version = schemas.version(call.form)
    report = services.accept(call.session, report_id=report_id, version=version, actor=call.actor, at=call.at)
    flash_done(_("The report was accepted."))
    return _onwards(call, report.call_id)


def return_(call: Call, report_id: int) -> Response:
    """Return a report."""
    values, version = schemas.return_values(call.form), schemas.version(call.form)
    report = services.return_(
        call.session, report_id=report_id, version=version, **values, actor=call.actor, at=call.at
    )  # fmt: skip
    flash_done(_("The report was returned. The hospital was told."))
    return _onwards(call, report.call_id)


def _onwards(call: Call, call_id: int) -> Response:
    """Go to the next report that waits, or back to the board."""
    call.session.flush()
    waiting = [each.id for each in reports.waiting(call.session, call.actor) if each.call_id == call_id]
    if waiting:
        return redirect_to("procurement.demand_review", report_id=waiting[0])
    return redirect_to("procurement.demand_call", call_id=call_id)
