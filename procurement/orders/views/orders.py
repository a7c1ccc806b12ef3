"""The list of orders and the page of one."""

from __future__ import annotations

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.calls import Call
from kernel.errors import NotFound
from kernel.forms import mistakes
from kernel.i18n import label
from kernel.identity import record_id
from kernel.parties.codes import OrganisationKind
from kernel.web import page_number, render
from procurement.orders.flow import OrderKind, Refusal, Standing, settled_order
from procurement.orders.queries import lists, orders
from procurement.orders.views import shown

COMPANY = OrganisationKind.COMPANY


def index(call: Call) -> str:
    """List the orders the reader is a party to, or all of them."""
    asked = lists.asked(call.args)
    query = lists.listing(call.actor, asked, call.at)
    return render(
        "procurement/orders.html", list=lists.page(call.session, query, page_number()), asked=asked,
        counts=lists.counts(call.session, call.actor, call.at), standings=list(Standing),
        companies=lists.companies(call.session, call.actor), makes=call.actor.organisation_kind is COMPANY, at=call.at,
        kinds=[(one.value, label(one)) for one in OrderKind],
        state=lambda one: settled_order(one.state, one.due_at, call.at), own=call.actor.organisation_id,
    )  # fmt: skip


def show(call: Call, order_id: int) -> str:
    """Show an order with its shipments, what happened, and what the reader may do now."""
    order = orders.one(call.session, order_id, call.actor)
    return render(
        "procurement/order.html", order=order, errors=mistakes(call.error), form=call.form, at=call.at,
        refusals=[(one.value, label(one)) for one in Refusal], **shown.record(call, order),
    )  # fmt: skip


def subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Say how an order is called and where it is, to whoever may see it."""
    try:
        found = orders.one(session, record_id(identity) or 0, actor)
    except NotFound:
        return None
    return found.number, url_for("procurement.order", order_id=found.id)
