"""The queue of cases, one case with all that was said in it, the form of a new one, its files and documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.auth.scopes import sees_all
from kernel.calls import Call
from kernel.clock import today
from kernel.errors import NotFound
from kernel.files import queries as stored
from kernel.forms import FormReader, mistakes
from kernel.i18n import _, label
from kernel.identity import record_id
from kernel.paging import windowed
from kernel.sending import attachment
from kernel.templating import nearness
from kernel.web import Queue, QueueRow, day, flash_done, page_number, redirect_to, render
from pricing.governance.cases.flow import (
    CASE_FLOW,
    HARMS,
    INTERNAL,
    LETTERS,
    MODES,
    CaseAction,
    CaseReason,
    CaseState,
)
from pricing.governance.cases.models import CaseStep, PriceCase
from pricing.governance.cases.queries import cases as queries
from pricing.governance.cases.queries import prices
from pricing.governance.cases.rules import answer_days
from pricing.governance.cases.services import answering, handling, opening
from pricing.governance.labels import rule_name

FILTERS = (
    CaseState.DRAFT, CaseState.ASKED, CaseState.OVERDUE, CaseState.ANSWERED, CaseState.INSUFFICIENT, CaseState.CALLED,
    CaseState.HELD, CaseState.COMMITTED, CaseState.NOT_KEPT,
)  # fmt: skip


TIMES = ("due", "interview_at", "held_at")
WRITTEN = ("text", "call_text", "minutes", "proposal", "back", "lift", "answer", "commitment")
"""Fields in which people write; what they wrote is shown again where somebody was faster."""


def index(call: Call) -> str:
    """List cases, what is in its state longest first."""
    found = queries.listing(call.actor, call.at, **queries.asked(call.args, call.actor))
    hidden = (CaseState.DRAFT,) if call.actor.supplies else ()
    return render(
        "pricing/cases.html", list=windowed(call.session, found, number=page_number()), at=call.at,
        tally=queries.tally(call.session, call.actor, call.at), filters=[one for one in FILTERS if one not in hidden],
        states=[(one.value, label(one)) for one in CaseState if one not in hidden],
        reasons=[(one.value, label(one)) for one in CaseReason], regions=queries.regions(call.session),
    )  # fmt: skip


def new(call: Call) -> str | Response:
    """Show the form of a case about a listing, with the company's other prices there; or the case that is open."""
    chosen = [id_ for written in (call.form or call.args).getlist("listing") if (id_ := record_id(written))]
    listing = prices.listings(call.session, chosen[:1])[0] if chosen else None
    if listing is None:
        return render("pricing/case_new.html", listing=None, errors=mistakes(call.error))
    held = prices.open_lines(call.session, listing.region_code, [listing.product_id])
    if held and call.error is None:
        return redirect_to("pricing.case", case_id=held[0].case_id)
    reasons = [(one.value, label(one), answer_days(listing.region_code, one)) for one in CaseReason]
    return render(
        "pricing/case_new.html", listing=listing, rows=prices.beside(call.session, listing, today(call.at)),
        chosen=chosen, reasons=reasons, errors=mistakes(call.error), values=call.form, rule_name=rule_name,
    )  # fmt: skip


def create(call: Call) -> Response:
    """Draft a case."""
    reader = FormReader(call.form)
    reason = reader.choice("reason", CaseReason, _("Reason"))
    reader.done()
    ids = [id_ for written in call.form.getlist("listing") if (id_ := record_id(written))]
    made = opening.open_case(
        call.session, listing_ids=ids, reason=reason, text=call.form.get("text", ""), actor=call.actor, at=call.at
    )
    flash_done(_("The case is drafted; the company sees it once the inquiry is sent or the interview is called."))
    return redirect_to("pricing.case", case_id=made.id)


def show(call: Call, case_id: int) -> str:
    """Show a case: prices then and now, every step, attachments, and what the reader can do."""
    found, state = queries.one(call.session, case_id, call.actor), None
    state = found.state_on(call.at)
    own = found.company_id == call.actor.organisation_id and call.actor.may(P.CASE_ANSWER)
    handles = found.organisation_id == call.actor.organisation_id and call.actor.may(P.CASE_WRITE)
    steps = queries.steps(call.session, found, call.actor)
    return render(
        "pricing/case.html", found=found, state=state, own=own, handles=handles, at=call.at, A=CaseAction,
        can=set(CASE_FLOW.actions(state)), fails=handling.fails_now(found, call.at), harm=HARMS.get(state),
        modes=[(one.value, label(one)) for one in MODES.get(state, ())], values=call.form,
        now=prices.now(call.session, found, today(call.at)), letters=LETTERS, errors=mistakes(call.error),
        steps=steps, seen=steps[-1].id if steps else 0, stale=isinstance(call.error, queries.Stale),
        typed=[text for name in WRITTEN if (text := call.form.get(name, "").strip())],
        files=queries.files(call.session, found), rule_name=rule_name, platform=sees_all(call.actor),
        cuts=own and state in answering.CUTS, internal=INTERNAL,
    )  # fmt: skip


def file(call: Call, case_id: int, file_id: int) -> Response:
    """Send an attachment of a case."""
    found = queries.one(call.session, case_id, call.actor)
    return attachment(stored.one(call.session, file_id, parent_kind=queries.KIND, parent_id=found.id))


def letter(call: Call, case_id: int, step_id: int) -> str:
    """Show the document of a step as it is printed and sealed."""
    found = queries.one(call.session, case_id, call.actor)
    steps = queries.steps(call.session, found, call.actor)
    step = next((one for one in steps if one.id == step_id and one.action in LETTERS), None)
    if step is None:
        raise NotFound(step=step_id)
    return render(
        "pricing/case_letter.html", found=found, step=step, number=_number(steps, step), A=CaseAction,
        signed=_signatures(steps, step), rule_name=rule_name, times=_times(step),
    )  # fmt: skip


def _times(step: CaseStep) -> dict[str, datetime]:
    """Return the instants in a step's facts, which are kept as JSON."""
    return {name: datetime.fromisoformat(step.facts[name]) for name in TIMES if name in step.facts}


def _number(steps: Any, step: CaseStep) -> str:
    """Number a document by year, case and its place among the case's documents."""
    place = [one.id for one in steps if one.action in LETTERS].index(step.id) + 1
    return f"{today(step.at).year}-{step.case_id}-{place}"


def _signatures(steps: Any, step: CaseStep) -> dict[CaseAction, CaseStep]:
    """Return who signed the minutes that a step wrote."""
    signs = (CaseAction.SIGN_BUREAU, CaseAction.SIGN_COMPANY)
    return {one.action: one for one in steps if one.id > step.id and one.action in signs}


def waiting(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count what waits for the reader's side, and say whether something is overdue."""
    tally, states = queries.tally(session, actor, at), queries.waiting_states(actor)
    return sum(tally.get(state, 0) for state in states), tally.get(CaseState.OVERDUE, 0) > 0


def queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show officers and companies on their first page which cases wait for them, the oldest first."""
    if not (states := queries.waiting_states(actor)):
        return None
    oldest = windowed(session, queries.listing(actor, at, states=states), number=1, size=3)
    rows = [_row(one, at) for one in oldest.rows]
    url = url_for("pricing.cases", state=queries.WAITS)
    return Queue(_("Price cases"), _("oldest first"), rows, oldest.total, url, _("No price case waits for you"))


def _row(one: PriceCase, at: datetime) -> QueueRow:
    due = _("due %(day)s", day=day(one.due_at)) if one.due_at else _("waits since %(day)s", day=day(one.moved_at))
    return QueueRow(
        what=one.lines[0].product.registered_name, url=url_for("pricing.case", case_id=one.id), due=due,
        tone=nearness(one.due_at, at).tone if one.due_at else "", detail=one.company.shown_name,
        amount=label(one.state_on(at)),
    )  # fmt: skip


def subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Say how a case is called and where it stands; its history, proposals in it, is not the company's."""
    if not sees_all(actor):
        return None
    try:
        found = queries.one(session, record_id(identity) or 0, actor)
    except NotFound:
        return None
    name = _("Price case no. %(number)s: %(product)s", number=found.id, product=found.lines[0].product.registered_name)
    return name, url_for("pricing.case", case_id=found.id)
