"""Pages of fund accounts: all of them, one with its entries, dues and prepayments to be entered."""

from __future__ import annotations

from datetime import date
from typing import Any

from werkzeug.wrappers import Response

from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.clock import today
from kernel.errors import Issue
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.identity import record_id
from kernel.periods import month_of
from kernel.web import flash_done, paginate, redirect_to, render
from procurement.settlement.fund import queries, services
from procurement.settlement.fund.services import Due
from procurement.settlement.rules import least_prepayment, prepay_share
from procurement.settlement.schemas import Reader


def index(call: Call) -> str:
    """List accounts; who sees one only sees it by its page."""
    found = queries.listing(call.actor, call.args.get("q", "").strip()[:80], call.args.get("sort", ""))
    return render(
        "procurement/settlement_fund.html", list=paginate(call.session, found), errors=mistakes(call.error),
        totals=queries.totals(call.session, call.actor),
    )  # fmt: skip


def show(call: Call, hospital_id: int) -> str:
    """Show an account with what changed it."""
    found = queries.one(call.session, hospital_id, call.actor)
    rows = paginate(call.session, queries.entries(found))
    return render(
        "procurement/settlement_account.html", account=found, list=rows, values=call.form, errors=mistakes(call.error),
        mutable=queries.mutable(call.session, found) if call.actor.may(P.FUND_PAY) else (),
    )  # fmt: skip


def take_back(call: Call, hospital_id: int) -> Response:
    """Take an entry back with a reason."""
    read = Reader(call.form)
    entry = _chosen(read, "entry")
    read.done()
    services.take_back(call.session, entry_id=entry, reason=read.text("reason")[:200], actor=call.actor, at=call.at)
    flash_done(_("The entry was taken back; it can be entered rightly now."))
    return redirect_to("procurement.settlement_account", hospital_id=hospital_id)


def due_form(call: Call) -> str:
    """Show the form of what a hospital is due for a month."""
    return render(
        "procurement/settlement_fund_due.html", hospitals=queries.hospitals(call.session), values=call.form,
        errors=mistakes(call.error), month=month_of(today(call.at), -1),
    )  # fmt: skip


def due(call: Call) -> Response:
    """Enter what a hospital is due."""
    read = Reader(call.form)
    hospital = _chosen(read, "hospital")
    month, amount = _month(read), read.number("amount", "amount-not-positive")
    read.done()
    said = Due(hospital, month, amount, read.text("note")[:200])
    services.say_due(call.session, dues=[said], actor=call.actor, at=call.at)
    flash_done(_("What the hospital is due is entered."))
    return redirect_to("procurement.settlement_account", hospital_id=hospital)


def prepay_form(call: Call) -> str:
    """Show the form of a prepayment; where round and hospital are chosen, with the budget they agreed on."""
    values: Any = call.form or call.args
    hospital, round_ = record_id(values.get("hospital", "")), record_id(values.get("round", ""))
    agreed = queries.agreed(call.session, round_, hospital) if hospital and round_ else None
    share = prepay_share(call.actor.region)
    return render(
        "procurement/settlement_prepayment.html", hospitals=queries.hospitals(call.session), values=values,
        rounds=queries.rounds(call.session), errors=mistakes(call.error), agreed=agreed, share=share,
        least=least_prepayment(agreed.worth, share) if agreed else None, day=today(call.at),
    )  # fmt: skip


def prepay(call: Call) -> Response | str:
    """Record a prepayment, or only show what was agreed."""
    if "look" in call.form:
        return prepay_form(call)
    read = Reader(call.form)
    hospital, round_ = _chosen(read, "hospital"), _chosen(read, "round")
    budget, amount = (read.number(name, "amount-not-positive") for name in ("budget", "amount"))
    read.done()
    services.prepay(
        call.session, hospital_id=hospital, round_id=round_, budget=budget, amount=amount,
        note=read.text("note")[:200], actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The prepayment is recorded."))
    return redirect_to("procurement.settlement_account", hospital_id=hospital)


def offset(call: Call) -> Response:
    """Set prepayments off."""
    made = services.offset(call.session, actor=call.actor, at=call.at)
    flash_done(_("Prepayments of %(count)s hospitals were set off.", count=len(made)))
    return redirect_to("procurement.settlement_fund")


def _chosen(read: Reader, name: str) -> int:
    found = record_id(read.form.get(name, ""))
    if found is None:
        read.wrong[name] = Issue(f"{name}-needed")
    return found or 0


def _month(read: Reader) -> date:
    written = read.form.get("month", "").strip()
    try:
        return date.fromisoformat(f"{written}-01")
    except ValueError:
        read.wrong["month"] = Issue("month-bad", value=written)
        return date.min
