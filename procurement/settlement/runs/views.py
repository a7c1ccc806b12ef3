"""Pages of payment runs: prepare, look, pay as the second person, cancel."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.clock import today
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.web import flash_done, paginate, redirect_to, render
from procurement.settlement.flow import RunState
from procurement.settlement.runs import queries, services
from procurement.settlement.schemas import Reader


def index(call: Call) -> str:
    """List runs, the latest first, and say what waits."""
    found = queries.listing(call.actor, **queries.asked(call.args))
    return render(
        "procurement/settlement_runs.html", list=paginate(call.session, found), states=tuple(RunState),
        counts=queries.counts(call.session, call.actor),
        waiting=queries.waiting_counts(call.session, call.actor, call.at),
    )  # fmt: skip


def form(call: Call) -> str:
    """Show the approved claims to be ticked for a run."""
    found, blocked = queries.to_prepare(call.session, call.actor)
    return render(
        "procurement/settlement_run_new.html", claims=found, blocked=blocked, errors=mistakes(call.error),
        values=call.form,
    )  # fmt: skip


def prepare(call: Call) -> Response:
    """Prepare a run over the ticked claims."""
    ids = Reader(call.form).ids("claim")
    made = services.prepare(call.session, claim_ids=ids, actor=call.actor, at=call.at)
    flash_done(_("Run %(number)s is prepared; a second person pays it.", number=made.number))
    return redirect_to("procurement.settlement_run", fund_run_id=made.id)


def show(call: Call, fund_run_id: int) -> str:
    """Show a run with its claims; while it waits, with the form to pay it."""
    run = queries.one(call.session, fund_run_id, call.actor)
    found = paginate(call.session, queries.claims_of(run))
    return render(
        "procurement/settlement_run.html", run=run, list=found, errors=mistakes(call.error), values=call.form,
        payments=queries.payments_of(call.session, found.rows), day=today(call.at),
        own=run.prepared_by_id == call.actor.user_id,
    )  # fmt: skip


def pay(call: Call, fund_run_id: int) -> Response:
    """Pay a run."""
    read = Reader(call.form)
    paid_on = read.needed_day("paid_on")
    read.done()
    reference = read.text("reference")
    run = services.pay(
        call.session, fund_run_id=fund_run_id, reference=reference, paid_on=paid_on, actor=call.actor, at=call.at
    )
    flash_done(_("Run %(number)s is paid: %(amount)s yuan.", number=run.number, amount=f"{run.amount:,.2f}"))
    return redirect_to("procurement.settlement_run", fund_run_id=fund_run_id)


def cancel(call: Call, fund_run_id: int) -> Response:
    """Give a run up."""
    services.cancel(call.session, fund_run_id=fund_run_id, actor=call.actor, at=call.at)
    flash_done(_("The run is cancelled; its claims wait for another one."))
    return redirect_to("procurement.settlement_run", fund_run_id=fund_run_id)
