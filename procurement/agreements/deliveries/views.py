"""Pages of delivery relationships."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

from werkzeug.wrappers import Response

from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.files import queries as files
from kernel.forms import mistakes
from kernel.i18n import _, _n, label
from kernel.identity import record_id
from kernel.sending import attachment
from kernel.web import flash_done, paginate, redirect_to, render
from procurement.agreements.deliveries import queries, services
from procurement.agreements.deliveries.flow import DELIVERY_FLOW, DeliveryAction, DeliveryState, Exemption, Via
from procurement.agreements.deliveries.models import DeliveryRelation
from procurement.agreements.deliveries.rules import invoices
from procurement.agreements.deliveries.services import Chain

KIND = DeliveryRelation.__tablename__
CodeT = TypeVar("CodeT", bound=StrEnum)


def index(call: Call) -> str:
    """List the relationships the reader is a party to; a hospital chooses among those of its region."""
    state, text = call.args.get("state", ""), call.args.get("q", "").strip()[:80]
    found = paginate(call.session, queries.listing(call.actor, state=state, text=text))
    hospital = call.actor.may(P.DELIVERY_CHOOSE) and call.actor.organisation_id
    return render(
        "procurement/deliveries.html", list=found, states=[(one.value, label(one)) for one in DeliveryState],
        papers=files.of_parents(call.session, KIND, [one.id for one in found.rows]), invoices=invoices,
        actions={one.id: set(DELIVERY_FLOW.actions(one.state)) for one in found.rows}, A=DeliveryAction,
        offered=queries.offered(call.session, call.actor) if hospital else [],
        chosen=queries.choices(call.session, hospital) if hospital else {},
    )  # fmt: skip


def form(call: Call) -> str:
    """Ask a producer whom it names, for what and where."""
    products = queries.own_products(call.session, call.actor)
    return render(
        "procurement/delivery_new.html", errors=mistakes(call.error), form=call.form,
        products=[(one.id, f"{one.registered_name} {one.specification.text} × {one.pack}") for one in products],
        regions=[(one.code, one.name) for one in queries.regions(call.session)],
        distributors=[(one.id, one.name) for one in queries.distributors(call.session)],
        ways=[(one.value, label(one)) for one in Via], grounds=[(one.value, label(one)) for one in Exemption],
    )  # fmt: skip


def name(call: Call) -> Response:
    """Name a deliverer for one product, or for all of them."""
    typed = call.form.get("product", "")
    known = [one.id for one in queries.own_products(call.session, call.actor)] if typed == "all" else []
    made = services.name(
        call.session, product_ids=known or [record_id(typed) or 0], region_code=call.form.get("region", ""),
        deliverer_id=record_id(call.form.get("deliverer", "")) or 0, chain=_chain(call), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_n("%(num)s relationship was entered.", "%(num)s relationships were entered.", len(made)))
    return redirect_to("procurement.deliveries")


def _chain(call: Call) -> Chain:
    file = call.files.get("file")
    document = (file.filename, file.read()) if file is not None and file.filename else None
    return Chain(
        _code(Via, call.form.get("via", "")) or Via.DIRECT, call.form.get("via_name", ""),
        _code(Exemption, call.form.get("exemption", "")), call.form.get("reason", ""), document,
    )  # fmt: skip


def _code(enum: type[CodeT], typed: str) -> CodeT | None:
    return enum(typed) if typed in set(enum) else None


def decide(call: Call, relation_id: int) -> Response:
    """Grant or refuse an exemption."""
    values: dict[str, Any] = {"granted": call.form.get("then") == "grant", "note": call.form.get("note", "")}
    services.decide(call.session, relation_id=relation_id, actor=call.actor, at=call.at, **values)
    flash_done(_("The decision was recorded."))
    return redirect_to("procurement.deliveries")


def answer(call: Call, relation_id: int) -> Response:
    """Accept or decline a delivery."""
    values: dict[str, Any] = {"accepted": call.form.get("then") == "accept", "note": call.form.get("note", "")}
    services.answer(call.session, relation_id=relation_id, actor=call.actor, at=call.at, **values)
    flash_done(_("The answer was recorded."))
    return redirect_to("procurement.deliveries")


def end(call: Call, relation_id: int) -> Response:
    """End a relationship."""
    services.end(call.session, relation_id=relation_id, actor=call.actor, at=call.at)
    flash_done(_("The delivery relationship has ended."))
    return redirect_to("procurement.deliveries")


def choose(call: Call, company_id: int) -> Response:
    """Choose among the deliverers a company named."""
    deliverer = record_id(call.form.get("deliverer", ""))
    services.choose(call.session, company_id=company_id, deliverer_id=deliverer, actor=call.actor, at=call.at)
    flash_done(_("The choice was kept; it counts from the next order on."))
    return redirect_to("procurement.deliveries")


def document(call: Call, relation_id: int, file_id: int) -> Response:
    """Send a relationship's document."""
    found = queries.one(call.session, relation_id, call.actor)
    return attachment(files.one(call.session, file_id, parent_kind=KIND, parent_id=found.id))
