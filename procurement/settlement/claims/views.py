"""Pages of claims: what a company can claim, its claims, and their review by the hospital."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.clock import today
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.identity import record_id
from kernel.periods import month_of
from kernel.web import flash_done, paginate, redirect_to, render
from procurement.settlement.claims import queries, services
from procurement.settlement.flow import ClaimState
from procurement.settlement.rules import may_claim, policy
from procurement.settlement.schemas import Reader
from procurement.settlement.services.invoicing import must_sell


def index(call: Call) -> str:
    """List claims by state, the latest first."""
    found = queries.listing(call.actor, **queries.asked(call.args, call.at))
    counts, late = queries.counts(call.session, call.actor, call.at)
    return render(
        "procurement/settlement_claims.html", list=paginate(call.session, found), counts=counts, late=late,
        states=tuple(ClaimState),
    )  # fmt: skip


def form(call: Call) -> str:
    """Show what can be claimed by hospital; of one hospital, its invoices to tick."""
    must_sell(call.actor)
    hospital = record_id(call.form.get("hospital") or call.args.get("hospital", ""))
    day, until = today(call.at), int(policy(call.actor.region).value("claim.until_day"))
    month = month_of(day, -1)
    shown = {"month": month, "until": until, "open": may_claim(day, until), "errors": mistakes(call.error)}
    if hospital is None:
        found = queries.by_hospital(call.session, call.actor, month)
        return render("procurement/settlement_claim_new.html", hospitals=found, **shown)
    return render(
        "procurement/settlement_claim_form.html", **shown, hospital=hospital, values=call.form, most=queries.MOST,
        invoices=queries.of_hospital(call.session, call.actor, hospital, month),
    )  # fmt: skip


def file(call: Call) -> Response:
    """File a claim over the ticked invoices."""
    made = services.file(
        call.session, hospital_id=record_id(call.form.get("hospital", "")) or 0,
        invoice_ids=Reader(call.form).ids("invoice"), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("Claim %(number)s is filed; the hospital reviews it.", number=made.number))
    return redirect_to("procurement.settlement_claim", claim_id=made.id)


def show(call: Call, claim_id: int) -> str:
    """Show a claim with its invoices and the credit notes netted."""
    found = queries.one(call.session, claim_id, call.actor)
    own = call.actor.organisation_id
    return render(
        "procurement/settlement_claim.html", claim=found, rows=queries.invoices_of(call.session, found),
        sells=own == found.seller_id, buys=own == found.hospital_id, errors=mistakes(call.error), values=call.form,
    )  # fmt: skip


def approve(call: Call, claim_id: int) -> Response:
    """Approve a claim."""
    services.approve(call.session, claim_id=claim_id, actor=call.actor, at=call.at)
    flash_done(_("The claim is approved; the fund pays it on the hospital’s behalf."))
    return redirect_to("procurement.settlement_claim", claim_id=claim_id)


def return_(call: Call, claim_id: int) -> Response:
    """Return a claim with a reason."""
    reason = Reader(call.form).text("reason")
    services.return_(call.session, claim_id=claim_id, reason=reason, actor=call.actor, at=call.at)
    flash_done(_("The claim was returned; its invoices can be claimed or paid otherwise."))
    return redirect_to("procurement.settlement_claim", claim_id=claim_id)


def withdraw(call: Call, claim_id: int) -> Response:
    """Take one's own claim back."""
    services.withdraw(call.session, claim_id=claim_id, actor=call.actor, at=call.at)
    flash_done(_("The claim is withdrawn; its invoices can be claimed again."))
    return redirect_to("procurement.settlement_claim", claim_id=claim_id)
