"""The map of the demand area."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Api, Pages
from kernel.web import NavItem, home_queue, nav_item, subject_link
from procurement.demand import api as calls_api
from procurement.demand import labels
from procurement.demand.schemas import CallDetailOut, CallOut
from procurement.demand.views import base, calls, home, lots, reports, review

SET_UP, READ, REPORT, REVIEW, POST = P.DEMAND_SET_UP, P.DEMAND_READ, P.DEMAND_REPORT, P.DEMAND_REVIEW, ("POST",)
CALL = "/demand/<int:call_id>"
ONE = "/demand/reports/<int:report_id>"
assert labels  # registers names and sentences


def mount(pages: Pages, api: Api) -> None:
    """Add the area's rows to the package's tables."""
    _calls(pages)
    _lots(pages)
    _reports(pages)
    pages.add("demand_base", f"{CALL}/base", base.show, READ)
    pages.add("demand_base_export", f"{CALL}/base/workbook", base.export, READ)
    api.add("demand_calls", "/demand/calls", calls_api.index, READ, returns=CallOut(many=True))
    api.add("demand_call", "/demand/calls/<int:call_id>", calls_api.one, READ, returns=CallDetailOut)
    nav_item(
        NavItem(
            _l("Procurement"), _l("Demand reports"), "procurement.demand_calls", "clipboard-data", READ, home.count,
            order=10,
        )
    )  # fmt: skip
    home_queue(REPORT, home.to_report, order=10)
    home_queue(REVIEW, home.to_review, order=10)
    subject_link("demand_call", home.call_link)
    subject_link("demand_report", home.report_link)


def _calls(pages: Pages) -> None:
    pages.add("demand_calls", "/demand", calls.index, READ)
    pages.add("demand_new", "/demand/new", calls.new, SET_UP)
    pages.add("demand_create", "/demand/new", calls.create, SET_UP, methods=POST, again=calls.new)
    pages.add("demand_call", CALL, calls.show, READ)
    pages.add("demand_edit", f"{CALL}/edit", calls.edit, SET_UP)
    pages.add("demand_change", f"{CALL}/edit", calls.change, SET_UP, methods=POST, again=calls.edit)
    pages.add("demand_start", f"{CALL}/start", calls.start, SET_UP, methods=POST)
    pages.add("demand_extend", f"{CALL}/extend", calls.extend, SET_UP, methods=POST, again=calls.show)
    pages.add("demand_void", f"{CALL}/void", calls.void, SET_UP, methods=POST, again=calls.show)
    pages.add("demand_lock", f"{CALL}/lock", calls.lock, REVIEW, methods=POST)


def _lots(pages: Pages) -> None:
    pages.add("demand_lots", f"{CALL}/lots", lots.index, SET_UP)
    pages.add("demand_lots_add", f"{CALL}/lots", lots.add, SET_UP, methods=POST, again=lots.index)
    pages.add("demand_lot_change", f"{CALL}/lots/<int:lot_id>", lots.change, SET_UP, methods=POST)
    pages.add("demand_lot_remove", f"{CALL}/lots/<int:lot_id>/remove", lots.remove, SET_UP, methods=POST)
    pages.add("demand_caps", f"{CALL}/caps", lots.caps, SET_UP)
    pages.add("demand_caps_set", f"{CALL}/caps", lots.set_caps, SET_UP, methods=POST, again=lots.caps)


def _reports(pages: Pages) -> None:
    pages.add("demand_report", f"{CALL}/report", reports.fill_in, REPORT)
    pages.add("demand_save", f"{CALL}/report", reports.save, REPORT, methods=POST, again=reports.fill_in)
    pages.add("demand_check", f"{CALL}/report/check", reports.check, REPORT)
    pages.add("demand_submit", f"{CALL}/report/check", reports.submit, REPORT, methods=POST, again=reports.check)
    pages.add("demand_recall", f"{CALL}/report/recall", reports.recall, REPORT, methods=POST)
    pages.add("demand_review", ONE, review.show, READ)
    pages.add("demand_accept", f"{ONE}/accept", review.accept, REVIEW, methods=POST)
    pages.add("demand_return", f"{ONE}/return", review.return_, REVIEW, methods=POST, again=review.show)
