"""The map of the retained balance."""

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
from kernel.rulebooks.views import Shelf
from kernel.templating import nearness
from kernel.web import NavItem, Queue, QueueRow, home_queue, moment, nav_item, subject_link
from procurement.retention import api as calls
from procurement.retention import exports, labels, schemas
from procurement.retention.queries import runs
from procurement.retention.reports import blueprint as reports
from procurement.retention.sets.services import BOOK
from procurement.retention.views import hospitals, inputs
from procurement.retention.views import runs as views

READ, RUN, ANSWER, POST = P.RETENTION_READ, P.RETENTION_RUN, P.RETENTION_ANSWER, ("POST",)
ONE = "/retention/runs/<int:run_id>"
HOSPITAL = f"{ONE}/hospitals/<int:hospital_id>"
LINE, DISPUTE = "/retention/lines/<int:line_id>", "/retention/disputes/<int:dispute_id>"
SECTION = _l("Retained balance")
SHOWN = 3
assert labels and exports  # importing them registers sentences and workbooks


def mount(pages: Pages, api: Api) -> None:
    """Add the area's rows to the package's tables, its lines to the side bar and its queue to the first page."""
    _runs(pages)
    _hospitals(pages)
    _inputs(pages)
    api.add(
        "retention_what_if", f"{LINE}/what-if", calls.what_if, READ, query=schemas.WhatIfQuery,
        returns=schemas.WhatIfOut,
    )  # fmt: skip
    nav_item(NavItem(SECTION, _l("Retained balances"), "procurement.retention", "piggy-bank", READ, _count, 54))
    nav_item(NavItem(SECTION, _l("What goes into them"), "procurement.retention_inputs", "upload", RUN, order=55))
    nav_item(NavItem(SECTION, _l("Retention rules"), "procurement.retention_rules", "sliders", READ, order=56))
    home_queue(ANSWER, _queue, order=15)
    subject_link("retention_run", _subject)
    reports.mount(pages, SECTION)


def _runs(pages: Pages) -> None:
    pages.add("retention", "/retention", views.index, READ)
    pages.add("retention_new", "/retention/new", views.new, RUN)
    pages.add("retention_compute", "/retention/new", views.compute, RUN, methods=POST, again=views.new)
    pages.add("retention_run", ONE, views.show, READ)
    pages.add("retention_reporting", f"{ONE}/reporting", views.reporting, READ)
    pages.add("retention_changes", f"{ONE}/changes", views.changes, READ)
    pages.add("retention_application", f"{ONE}/application", views.application, READ)
    pages.add("retention_act", f"{ONE}/act", views.act, RUN, methods=POST, again=views.show)
    pages.add("retention_apply", f"{ONE}/apply", views.apply, RUN, methods=POST, again=views.show)
    pages.add("retention_pay", f"{ONE}/pay", views.pay, RUN, methods=POST, again=views.show)


def _hospitals(pages: Pages) -> None:
    again = hospitals.show
    pages.add("retention_hospital", HOSPITAL, hospitals.show, READ)
    pages.add("retention_confirm", f"{HOSPITAL}/confirm", hospitals.confirm, ANSWER, methods=POST, again=again)
    pages.add("retention_score", f"{HOSPITAL}/score", hospitals.score, RUN, methods=POST, again=again)
    pages.add("retention_report", f"{HOSPITAL}/report", hospitals.report, ANSWER, methods=POST, again=again)
    line = hospitals.line
    pages.add("retention_line", LINE, hospitals.line, READ)
    pages.add("retention_dispute", f"{LINE}/dispute", hospitals.dispute, ANSWER, methods=POST, again=line)
    pages.add("retention_exempt", f"{LINE}/exempt", hospitals.exempt, RUN, methods=POST, again=line)
    pages.add("retention_decide", f"{DISPUTE}/decide", hospitals.decide, RUN, methods=POST)
    pages.add("retention_evidence", f"{DISPUTE}/files/<int:file_id>", hospitals.evidence, READ)


def _inputs(pages: Pages) -> None:
    pages.add("retention_inputs", "/retention/inputs", inputs.index, RUN)
    pages.add("retention_share", "/retention/inputs", inputs.share, RUN, methods=POST, again=inputs.index)
    Shelf(
        BOOK, "procurement.retention_rules", "/retention/rules", _l("Retention rules"),
        _l("The national frame with a sample ladder and Yibin's rules come with the platform."),
        (_l("Retained balances"), "procurement.retention"), (READ, RUN), labels.PARAMETERS,
    ).mount(pages)  # fmt: skip


def _count(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count the runs to which a hospital's finance has not said everything."""
    return (len(runs.waiting(session, actor, at)) if actor.may(ANSWER) else 0), False


def _queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Runs that wait for the hospital's answer; hidden where there is none."""
    found = runs.waiting(session, actor, at)
    if not found:
        return None
    rows = [
        QueueRow(one.round.title, url_for("procurement.retention_run", run_id=one.id),
                 moment(one.confirm_by or at, "%m-%d %H:%M"), nearness(one.confirm_by or at, at).tone,
                 _("agreement year %(year)s", year=one.year))
        for one in found[:SHOWN]
    ]  # fmt: skip
    address = url_for("procurement.retention")
    return Queue(_("Retained balances to confirm"), _("Beijing time"), rows, len(found), address, "")


def _subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Name a run for the audit pages."""
    try:
        found = runs.one(session, record_id(identity) or 0, actor)
    except NotFound:
        return None
    return f"{found.round.title} v{found.number}", url_for("procurement.retention_run", run_id=found.id)
