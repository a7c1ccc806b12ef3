"""Warnings of linkage: the list, and one with what its company and the bureau can do."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.clock import today
from kernel.errors import NotFound
from kernel.forms import FormReader, mistakes
from kernel.i18n import _, _n, label
from kernel.identity import record_id
from kernel.paging import windowed
from kernel.web import Queue, QueueRow, day, flash_done, page_number, redirect_to, render
from pricing.governance.comparison.flow import WAITING, WARNING_FLOW, WarningAction, WarningState
from pricing.governance.comparison.queries import changes, warnings
from pricing.governance.comparison.rules.gaps import read_span
from pricing.governance.comparison.services import answering


def index(call: Call) -> str:
    """List warnings, those that wait first, by their last day."""
    now = today(call.at)
    found = warnings.listing(call.actor, day=now, **warnings.asked(call.args))
    return render(
        "pricing/linkage.html", list=windowed(call.session, found, number=page_number()), today=now,
        tally=warnings.tally(call.session, call.actor, now), S=WarningState,
        states=[*((one.value, label(one)) for one in WarningState), ("all", _("All of them"))],
    )  # fmt: skip


def show(call: Call, warning_id: int) -> str:
    """Show a warning with the price as it is now."""
    found = warnings.one(call.session, warning_id, call.actor)
    own = found.company_id == call.actor.organisation_id and call.actor.may(P.LISTING_APPLY)
    theirs = call.actor.may(P.LISTING_REVIEW)
    span = changes.policy(found.region_code)["linkage.report"]
    allowed = {WarningAction.ANSWER} if own else {WarningAction.ACCEPT, WarningAction.RETURN} if theirs else set()
    return render(
        "pricing/linkage_warning.html", found=found, today=today(call.at), A=WarningAction, own=own,
        actions=[one for one in WARNING_FLOW.actions(found.state) if one in allowed], errors=mistakes(call.error),
        gap=warnings.gap(call.session, found), listing=warnings.standing(call.session, found), values=call.form,
        waits=found.state in WAITING, span=span, said=_said(str(span.value)),
    )  # fmt: skip


def _said(value: str) -> str:
    """Say a span in words."""
    count, unit = read_span(value)
    if unit == "day":
        return str(_n("%(num)s calendar day", "%(num)s calendar days", count))
    return str(_n("%(num)s month", "%(num)s months", count))


def answer(call: Call, warning_id: int) -> Response:
    """Answer as the company."""
    answering.answer(call.session, warning_id=warning_id, text=call.form.get("text", ""), actor=call.actor, at=call.at)
    flash_done(_("Your answer is on record; the bureau looks at it."))
    return redirect_to("pricing.linkage_warning", warning_id=warning_id)


def cut(call: Call, warning_id: int) -> Response:
    """Cut the price to the lowest provincial one."""
    shown = call.form.get("price", "")
    answering.cut_to_lowest(call.session, warning_id=warning_id, shown=shown, actor=call.actor, at=call.at)
    flash_done(_("The price is cut from today on, and the warning is cleared."))
    return redirect_to("pricing.linkage_warning", warning_id=warning_id)


def decide(call: Call, warning_id: int) -> Response:
    """Accept an answer or return it."""
    reader = FormReader(call.form)
    among = (WarningAction.ACCEPT, WarningAction.RETURN)
    action = reader.choice("action", WarningAction, _("Action"), among=among)
    reader.done()
    answering.decide(
        call.session, warning_id=warning_id, action=action, text=call.form.get("text", ""),
        version=record_id(call.form.get("version", "")) or 0, actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("Done."))
    return redirect_to("pricing.linkage_warning", warning_id=warning_id)


def queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show on a company's first page which warnings wait for it, and on an officer's which answers wait."""
    state = WarningState.OPEN if actor.supplies else WarningState.ANSWERED
    waiting = windowed(session, warnings.listing(actor, day=today(at), states=(state,)), number=1, size=3)
    if actor.supplies and not waiting.total:
        return None
    rows = [
        QueueRow(
            what=one.product.registered_name, url=url_for("pricing.linkage_warning", warning_id=one.id),
            due=_("until %(day)s", day=day(one.due_on)), tone="bad" if one.overdue_on(today(at)) else "",
            detail=one.region.name, amount=f"{one.price:.4f} → {one.lowest:.4f}",
        )
        for one in waiting.rows
    ]  # fmt: skip
    return Queue(
        _("Warnings of linkage"), _("by their last day"), rows, waiting.total, url_for("pricing.linkage"),
        _("No answer to a warning waits"),
    )  # fmt: skip


def subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Say how a warning is called and where it stands, to whoever may see it."""
    try:
        found = warnings.one(session, record_id(identity) or 0, actor)
    except NotFound:
        return None
    return f"{_('Warning of linkage')} {found.product.registered_name}", f"/pricing/linkage/{found.id}"
