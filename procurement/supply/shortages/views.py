"""Pages of shortages: the list, a report, one shortage with everything that its readers may do."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from catalogue.drugs.queries import products
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.forms import mistakes
from kernel.i18n import _, label
from kernel.identity import record_id
from kernel.parties.codes import OrganisationKind
from kernel.web import flash_done, paginate, redirect_to, render
from procurement.orders.queries import orders
from procurement.supply.shortages import queries, schemas, services
from procurement.supply.shortages.flow import Cause, Reply, ShortageState, TakeOverState
from procurement.supply.shortages.models import Shortage


def index(call: Call) -> str:
    """List shortages: those that are open where nothing else is asked."""
    found = paginate(call.session, queries.listing(call.actor, **queries.asked(call.args, call.at)))
    return render(
        "procurement/shortages.html", list=found, at=call.at, states=tuple(ShortageState),
        counts=queries.counts(call.session, call.actor, call.at), buys=call.actor.buys,
        makes=call.actor.organisation_kind is OrganisationKind.COMPANY,
    )  # fmt: skip


def new(call: Call) -> str:
    """Show the form of a report; the address may bring the product and the order."""
    product_id = record_id(call.form.get("product_id") or call.args.get("product", ""))
    order_id = record_id(call.form.get("order_id") or call.args.get("order", ""))
    product = products.one(call.session, product_id) if product_id else None
    order = orders.one(call.session, order_id, call.actor) if order_id else None
    return render(
        "procurement/shortage_new.html", product=product, order=order, values=call.form, errors=mistakes(call.error)
    )


def report(call: Call) -> Response:
    """Report a shortage."""
    made = services.report(call.session, said=schemas.report(call.form), actor=call.actor, at=call.at)
    flash_done(_("The shortage is reported; the producer is told."))
    return redirect_to("procurement.shortage", shortage_id=made.id)


def show(call: Call, shortage_id: int) -> str:
    """Show a shortage, what may stand in for the product, and what the reader may do."""
    found = queries.one(call.session, shortage_id, call.actor)
    state = found.state_at(call.at)
    owns = call.actor.organisation_id == found.hospital_id
    looks = state is not ShortageState.CLOSED and (owns or call.actor.runs_platform)
    return render(
        "procurement/shortage.html", shortage=found, state=state, at=call.at, owns=owns, errors=mistakes(call.error),
        values=call.form, unsupplied=queries.unsupplied(found, call.at),
        substitutes=queries.substitutes(call.session, found, call.at) if looks else [], looks=looks,
        take_over=queries.take_over_of(call.session, found.id), **_may(call, found, state),
    )  # fmt: skip


def _may(call: Call, found: Shortage, state: ShortageState) -> dict[str, Any]:
    """Say what the reader may do, with the choices of the forms."""
    is_open = state is not ShortageState.CLOSED
    makes, decides = call.actor.organisation_id == found.company_id, call.actor.may(P.SHORTAGE_DECIDE)
    return {
        "answers": is_open and makes and call.actor.may(P.SHORTAGE_ANSWER), "makes": makes,
        "closes": is_open and call.actor.organisation_id == found.hospital_id and call.actor.may(P.SHORTAGE_REPORT),
        "decides": decides, "asked": TakeOverState.ASKED,
        "replies": [(one.value, label(one)) for one in Reply], "causes": [(one.value, label(one)) for one in Cause],
        "arranged": TakeOverState.ARRANGED,
        "line": queries.in_line(call.session, found, call.actor, call.at)[1] if decides else [],
    }  # fmt: skip


def answer(call: Call, shortage_id: int) -> Response:
    """Take the producer's answer."""
    said = schemas.answer(call.form)
    services.answer(call.session, shortage_id=shortage_id, said=said, actor=call.actor, at=call.at)
    flash_done(_("Your answer is recorded; the hospital is told."))
    return redirect_to("procurement.shortage", shortage_id=shortage_id)


def close(call: Call, shortage_id: int) -> Response:
    """Close a shortage."""
    said = schemas.ending(call.form)
    services.close(call.session, shortage_id=shortage_id, ending=said, actor=call.actor, at=call.at)
    flash_done(_("The shortage is closed."))
    return redirect_to("procurement.shortage", shortage_id=shortage_id)


def substitute(call: Call, shortage_id: int) -> Response:
    """Begin a purchase plan with a substitute."""
    product_id = record_id(call.form.get("product_id", "")) or 0
    plan = services.substitute(
        call.session, shortage_id=shortage_id, product_id=product_id, actor=call.actor, at=call.at
    )  # fmt: skip
    flash_done(_("A purchase plan is begun with the substitute; check its quantity, then hand it in."))
    return redirect_to("procurement.plan", plan_id=plan.id)


def ask_take_over(call: Call, shortage_id: int) -> Response:
    """Ask for a take-over."""
    reason = call.form.get("reason", "")[:400]
    services.ask_take_over(call.session, shortage_id=shortage_id, reason=reason, actor=call.actor, at=call.at)
    flash_done(_("The take-over is asked for; the agency is told."))
    return redirect_to("procurement.shortage", shortage_id=shortage_id)


def decide_take_over(call: Call, shortage_id: int) -> Response:
    """Decide on a take-over."""
    services.decide_take_over(
        call.session, shortage_id=shortage_id, arranged=call.form.get("arranged") == "1",
        backup_id=record_id(call.form.get("backup_id", "")), note=call.form.get("decision", "")[:400],
        actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The decision is recorded; everybody concerned is told."))
    return redirect_to("procurement.shortage", shortage_id=shortage_id)


def send_breach(call: Call, shortage_id: int) -> Response:
    """Send a breach to credit."""
    note = call.form.get("breach", "")[:400]
    services.send_breach(call.session, shortage_id=shortage_id, note=note, actor=call.actor, at=call.at)
    flash_done(_("The breach is sent to credit as a fact; the company is told."))
    return redirect_to("procurement.shortage", shortage_id=shortage_id)
