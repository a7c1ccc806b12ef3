"""The map of claims, and what they add to the shell."""

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
from kernel.templating import nearness
from kernel.web import NavItem, Queue, QueueRow, home_queue, moment, nav_item, number, subject_link
from procurement.settlement.claims import api as calls
from procurement.settlement.claims import exports, labels, queries, schemas, views
from procurement.settlement.flow import ClaimState

assert labels and exports  # importing them registers sentences and the workbook
READ, WRITE, REVIEW, POST = P.INVOICE_READ, P.INVOICE_WRITE, P.INVOICE_PAY, ("POST",)
ONE = "/settlement/claims/<int:claim_id>"


def mount(pages: Pages, api: Api) -> None:
    """Add the sub-area's rows to the package's tables, its line to the side bar and its queue to the first page."""
    pages.add("settlement_claims", "/settlement/claims", views.index, READ)
    pages.add("settlement_claim_form", "/settlement/claims/new", views.form, WRITE)
    pages.add("settlement_claim_file", "/settlement/claims/new", views.file, WRITE, methods=POST, again=views.form)
    pages.add("settlement_claim", ONE, views.show, READ)
    pages.add("settlement_claim_approve", f"{ONE}/approve", views.approve, REVIEW, methods=POST, again=views.show)
    pages.add("settlement_claim_return", f"{ONE}/return", views.return_, REVIEW, methods=POST, again=views.show)
    pages.add("settlement_claim_withdraw", f"{ONE}/withdraw", views.withdraw, WRITE, methods=POST, again=views.show)
    _calls(api)
    label, icon = _l("Claims on the fund"), "clipboard-check"
    nav_item(NavItem(_l("Settlement"), label, "procurement.settlement_claims", icon, READ, _count, order=54))
    home_queue(REVIEW, _queue, order=15)
    subject_link("settlement_claim", _claim)


def _calls(api: Api) -> None:
    out, one = schemas.ClaimOut, "/claims/<int:claim_id>"
    api.add("claims", "/claims", calls.index, READ, query=schemas.ClaimQuery, returns=out(many=True))
    api.add("claims_file", "/claims", calls.file, WRITE, methods=POST, body=schemas.ClaimIn, returns=out, status=201)
    api.add("claim", one, calls.show, READ, returns=out)
    api.add("claim_approve", f"{one}/approve", calls.approve, REVIEW, methods=POST, returns=out)
    body = schemas.ClaimReturnIn
    api.add("claim_return", f"{one}/return", calls.return_, REVIEW, methods=POST, body=body, returns=out)
    api.add("claim_withdraw", f"{one}/withdraw", calls.withdraw, WRITE, methods=POST, returns=out)


def _count(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count what a hospital has to review; those who run the platform see what is overdue."""
    counts, late = queries.counts(session, actor, at)
    if actor.may(REVIEW):
        return counts.get(ClaimState.FILED, 0), late > 0
    return (late, late > 0) if actor.runs_platform else (0, False)


def _queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Claims that a hospital's finance has to review; hidden where there is none."""
    found = queries.waiting(session, actor)
    if not found:
        return None
    rows = [
        QueueRow(one.seller.shown_name, url_for("procurement.settlement_claim", claim_id=one.id),
                 moment(one.due_at, "%m-%d"), nearness(one.due_at, at).tone, one.number, number(one.amount, 2))
        for one in found
    ]  # fmt: skip
    counts, _late = queries.counts(session, actor, at)
    address = url_for("procurement.settlement_claims", state=ClaimState.FILED.value)
    return Queue(_("Claims to review"), _("The fund pays them on your behalf"), rows, counts[ClaimState.FILED],
                 address, "")  # fmt: skip


def _claim(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Name a claim for the audit pages."""
    try:
        found = queries.one(session, record_id(identity) or 0, actor)
    except NotFound:
        return None
    return found.number, url_for("procurement.settlement_claim", claim_id=found.id)
