"""Pages of statements: the company's form and receipt, the agency's list and decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kernel.auth.actor import Actor
from kernel.calls import Call
from kernel.clock import read_beijing
from kernel.errors import Invalid, Issue, NotFound
from kernel.files.queries import of_parent
from kernel.files.queries import one as one_file
from kernel.forms import mistakes
from kernel.i18n import _, label
from kernel.sending import attachment
from kernel.templating import nearness
from kernel.web import Queue, QueueRow, flash_done, moment, redirect_to, render
from procurement.rounds.queries import rounds, rulesets
from procurement.rounds.statements import queries, services
from procurement.rounds.statements.flow import CostPart, ReturnReason, StatementAction, StatementState, settled
from procurement.rounds.statements.models import Statement
from procurement.rounds.statements.services import Filing
from procurement.rounds.views import shown


def index(call: Call) -> str:
    """List what the company owes and has stated."""
    return render("procurement/statements.html", found=queries.own(call.session, call.actor), at=call.at, now=settled)


def of_round(call: Call, round_id: int) -> str:
    """Show the agency a round's statements, and whom to ask."""
    if not queries.is_agency(call.actor):
        raise NotFound(round=round_id)
    round_ = rounds.one(call.session, round_id, call.actor)
    return render(
        "procurement/round_statements.html", found=queries.of_round(call.session, round_id, call.actor), at=call.at,
        due=queries.unasked(call.session, round_), askable=round_.state in services.ASKABLE, now=settled,
        form=call.form, errors=mistakes(call.error),
        loses=rulesets.in_force(round_).parameters.value("statement.missing") == "bar",
        **shown.frame(call, round_, "statements"),
    )  # fmt: skip


def ask(call: Call, round_id: int) -> Response:
    """Ask for every statement that is due."""
    due = read_beijing(call.form.get("due", ""))
    count = services.ask(call.session, round_id=round_id, due_at=due, actor=call.actor, at=call.at)
    flash_done(_("%(count)s statements are asked for.", count=count))
    return redirect_to("procurement.round_statements", round_id=round_id)


def show(call: Call, statement_id: int) -> str:
    """Show a statement: its form while the company owes it, its content, and the agency's decision."""
    found = queries.one(call.session, statement_id, call.actor)
    return render("procurement/statement.html", found=found, **_values(call, found))


def _values(call: Call, found: Statement) -> dict[str, Any]:
    state, mine = settled(found.state, found.due_at, call.at), found.company_id == call.actor.organisation_id
    return {
        "state": state, "mine": mine, "agency": queries.is_agency(call.actor), "form": call.form,
        "errors": mistakes(call.error), "composition": list(CostPart),
        "reasons": [(each.value, label(each)) for each in ReturnReason],
        "costs": {each.part: each.amount for each in found.costs},
        "open_": mine and call.at < found.due_at and state in (*queries.OPEN, StatementState.SUBMITTED),
        "second": found.asked_by_id != call.actor.user_id,
        "files": of_parent(call.session, queries.PARENT, found.id),
        "bars": rulesets.in_force(found.round_).parameters.value("statement.missing") == "bar",
    }  # fmt: skip


def submit(call: Call, statement_id: int) -> Response:
    """Hand a statement in."""
    typed = {part: call.form.get(f"cost-{part.value}", "") for part in CostPart}
    sent = [(each.filename or "", each.read()) for each in call.files.getlist("files") if each.filename]
    filing = Filing(typed, call.form.get("text", ""), sent)
    made = services.submit(call.session, statement_id=statement_id, filing=filing, actor=call.actor, at=call.at)
    flash_done(_("Submitted. Receipt %(receipt)s", receipt=made.receipt))
    return redirect_to("procurement.statement", statement_id=statement_id)


def decide(call: Call, statement_id: int) -> Response:
    """Accept, return or refuse."""
    actions = {each.value: each for each in (StatementAction.ACCEPT, StatementAction.RETURN, StatementAction.REFUSE)}
    action = actions.get(call.form.get("action", ""))
    if action is None:
        raise Invalid({"action": Issue("needed")})
    reasons = {each.value: each for each in ReturnReason}
    services.decide(
        call.session, statement_id=statement_id, action=action, reason=reasons.get(call.form.get("reason", "")),
        note=call.form.get("note", ""), due_at=read_beijing(call.form.get("due", "")), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The decision is recorded; the company is told."))
    return redirect_to("procurement.statement", statement_id=statement_id)


def file(call: Call, statement_id: int, file_id: int) -> Response:
    """Give out an attachment."""
    found = queries.one(call.session, statement_id, call.actor)
    return attachment(one_file(call.session, file_id, parent_kind=queries.PARENT, parent_id=found.id))


def company_queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show a company on its first page which statements it owes; no queue where it owes none."""
    found = queries.owed(session, actor, at)
    rows = [
        QueueRow(
            what=_("Statement of reasons for %(variety)s", variety=each.lot.variety.name),
            url=url_for("procurement.statement", statement_id=each.id), due=moment(each.due_at),
            tone=nearness(each.due_at, at).tone, detail=each.round_.title, amount=str(label(each.state)),
        )
        for each in found
    ]  # fmt: skip
    url = url_for("procurement.statements")
    return Queue(_("Statements due"), _("Beijing time"), rows[:3], len(rows), url, "") if rows else None


def agency_queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show the agency which statements wait for its decision; no queue where none does."""
    found = queries.to_decide(session, actor) if queries.is_agency(actor) else []
    rows = [
        QueueRow(
            what=_("Statement of reasons for %(variety)s", variety=each.lot.variety.name),
            url=url_for("procurement.statement", statement_id=each.id),
            due=moment(each.submitted_at)[5:16] if each.submitted_at else "", detail=each.company.shown_name,
            amount=each.round_.code,
        )
        for each in found
    ]  # fmt: skip
    if not rows:
        return None
    url = url_for("procurement.round_statements", round_id=found[0].round_id)
    return Queue(_("Statements to decide"), "", rows[:3], len(rows), url, "")
