"""The map of payment runs, and what they add to the shell."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import NotFound
from kernel.i18n import _, _l
from kernel.identity import record_id
from kernel.routes import Api, Pages
from kernel.web import NavItem, Queue, QueueRow, home_queue, moment, nav_item, number, subject_link
from procurement.settlement.claims import schemas
from procurement.settlement.flow import RunState
from procurement.settlement.runs import api as calls
from procurement.settlement.runs import exports, labels, queries, views

assert labels and exports  # importing them registers sentences and the workbook
READ, PAY, POST = P.FUND_WATCH, P.FUND_PAY, ("POST",)
ONE = "/settlement/runs/<int:fund_run_id>"


def mount(pages: Pages, api: Api) -> None:
    """Add the sub-area's rows to the package's tables, its line to the side bar and its queues to the first page."""
    pages.add("settlement_runs", "/settlement/runs", views.index, READ)
    pages.add("settlement_run_form", "/settlement/runs/new", views.form, PAY)
    pages.add("settlement_run_prepare", "/settlement/runs/new", views.prepare, PAY, methods=POST, again=views.form)
    pages.add("settlement_run", ONE, views.show, READ)
    pages.add("settlement_run_pay", f"{ONE}/pay", views.pay, PAY, methods=POST, again=views.show)
    pages.add("settlement_run_cancel", f"{ONE}/cancel", views.cancel, PAY, methods=POST, again=views.show)
    out, one = schemas.RunOut, "/fund-runs/<int:fund_run_id>"
    api.add("fund_runs_prepare", "/fund-runs", calls.prepare, PAY, methods=POST, body=schemas.RunIn, returns=out,
            status=201)  # fmt: skip
    api.add("fund_run", one, calls.show, READ, returns=out)
    api.add("fund_run_pay", f"{one}/pay", calls.pay, PAY, methods=POST, body=schemas.RunPayIn, returns=out)
    api.add("fund_run_cancel", f"{one}/cancel", calls.cancel, PAY, methods=POST, returns=out)
    label = _l("Payment runs of the fund")
    nav_item(NavItem(_l("Settlement"), label, "procurement.settlement_runs", "cash-coin", READ, _count, order=55))
    home_queue(PAY, _to_pay, order=30)
    home_queue(PAY, _to_prepare, order=31)
    subject_link("settlement_run", _run)


def _count(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count runs that wait for their second person."""
    return queries.waiting_counts(session, actor, at)[1], False


def _to_pay(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Runs that the reader can pay as the second person; hidden where there is none."""
    found = queries.waiting(session, actor)
    if not found:
        return None
    rows = [
        QueueRow(
            one.number, url_for("procurement.settlement_run", fund_run_id=one.id), moment(one.prepared_at, "%m-%d"),
            "", one.prepared_by.name if one.prepared_by else "", number(one.amount, 2),
        )
        for one in found
    ]  # fmt: skip
    count = queries.counts(session, actor).get(RunState.PREPARED, 0)
    address = url_for("procurement.settlement_runs", state=RunState.PREPARED.value)
    return Queue(_("Runs to pay"), _("Prepared by somebody else"), rows, count, address, "")


def _to_prepare(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Approved claims that wait for a run, and claims hospitals are silent about; hidden where there is none."""
    free, _waiting, late = queries.waiting_counts(session, actor, at)
    late_url = url_for("procurement.settlement_claims", state="late")
    lines = [
        (free, _("Approved claims wait for a run"), url_for("procurement.settlement_run_form"), ""),
        (late, _("Claims not reviewed in time"), late_url, "bad"),
    ]
    rows = [QueueRow(what, url, "", tone, "", str(count)) for count, what, url, tone in lines if count]
    if not rows:
        return None
    address = url_for("procurement.settlement_runs")
    return Queue(_("Claims on the fund"), "", rows, free + late, address, "")


def _run(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Name a run for the audit pages."""
    try:
        found = queries.one(session, record_id(identity) or 0, actor)
    except NotFound:
        return None
    return found.number, url_for("procurement.settlement_run", fund_run_id=found.id)
