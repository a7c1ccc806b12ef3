"""The map of online purchasing."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Api, Pages
from kernel.web import NavItem, home_queue, nav_item, subject_link
from procurement.orders import jobs, labels
from procurement.orders.api import orders as calls
from procurement.orders.exchange import blueprint as exchange
from procurement.orders.exports import orders as order_exports
from procurement.orders.figures import blueprint as figures
from procurement.orders.monitored import blueprint as monitored
from procurement.orders.planning import blueprint as planning
from procurement.orders.schemas import orders as schemas
from procurement.orders.views import answers, home, orders, receiving, shipping

READ, SUPPLY, PLAN, POST = P.ORDER_READ, P.ORDER_SUPPLY, P.ORDER_PLAN, ("POST",)
ORDER = "/orders/<int:order_id>"
RETURN = "/returns/<int:return_id>/answer"
SHIPMENT = "/shipments/<int:shipment_id>"
assert labels and jobs and order_exports  # importing them registers sentences, jobs and exports


def mount(pages: Pages, api: Api) -> None:
    """Add the area's rows to the package's table."""
    planning.mount(pages, api)
    exchange.mount(api)
    figures.mount(pages)
    monitored.mount()
    _orders(pages)
    _shipments(pages)
    _calls(api)
    nav_item(NavItem(_l("Procurement"), _l("Orders"), "procurement.orders", "truck", READ, home.count, order=45))
    home_queue(SUPPLY, home.supplier, order=20)
    home_queue(SUPPLY, home.settling, order=21)
    home_queue(PLAN, home.receiving, order=20)
    home_queue(PLAN, home.red, order=40)
    subject_link("purchase_order", orders.subject)


def _orders(pages: Pages) -> None:
    pages.add("orders", "/orders", orders.index, READ)
    pages.add("orders_confirm", "/orders/confirm", answers.confirm_many, SUPPLY, methods=POST)
    pages.add("order", ORDER, orders.show, READ)
    pages.add("order_confirm", f"{ORDER}/confirm", answers.confirm, SUPPLY, methods=POST)
    pages.add("order_refuse", f"{ORDER}/refuse", answers.refuse, SUPPLY, methods=POST, again=orders.show)
    pages.add("order_cancel", f"{ORDER}/cancel", answers.cancel, PLAN, methods=POST)
    pages.add("order_ship", f"{ORDER}/ship", shipping.form, SUPPLY)
    pages.add(
        "order_send", f"{ORDER}/ship", shipping.ship, SUPPLY, methods=POST, again=shipping.form,
        long=("lines", "pasted"),
    )  # fmt: skip


def _shipments(pages: Pages) -> None:
    pages.add("shipment_receive", f"{SHIPMENT}/receive", receiving.form, PLAN)
    pages.add("shipment_take", f"{SHIPMENT}/receive", receiving.receive, PLAN, methods=POST, again=receiving.form)
    pages.add("shipment_grant", f"{SHIPMENT}/grant", receiving.grant, SUPPLY, methods=POST)
    pages.add("shipment_drop", f"{SHIPMENT}/drop", receiving.drop, PLAN, methods=POST)
    pages.add("shipment_return", f"{SHIPMENT}/return", receiving.back_form, PLAN)
    pages.add(
        "shipment_send_back", f"{SHIPMENT}/return", receiving.send_back, PLAN, methods=POST, again=receiving.back_form
    )  # fmt: skip
    pages.add(
        "return_answer", RETURN, receiving.answer, SUPPLY, methods=POST,
        again=receiving.answer_again,
    )  # fmt: skip


def _calls(api: Api) -> None:
    whole = schemas.OrderDetailOut
    api.add("orders", "/orders", calls.index, READ, query=schemas.OrderQuery, returns=schemas.OrdersOut)
    api.add(
        "orders_confirm", "/orders/confirm", calls.confirm_many, SUPPLY, methods=POST, body=schemas.ManyIn,
        returns=schemas.ManyOut,
    )  # fmt: skip
    api.add("order", ORDER, calls.one, READ, returns=whole)
    for name, url, view, permission, body in (
        ("order_confirm", f"{ORDER}/confirm", calls.confirm, SUPPLY, None),
        ("order_refuse", f"{ORDER}/refuse", calls.refuse, SUPPLY, schemas.RefuseIn),
        ("order_cancel", f"{ORDER}/cancel", calls.cancel, PLAN, None),
        ("order_ship", f"{ORDER}/ship", calls.ship, SUPPLY, schemas.ShipIn),
        ("shipment_receive", f"{SHIPMENT}/receive", calls.receive, PLAN, schemas.ReceiveIn),
        ("shipment_grant", f"{SHIPMENT}/grant", calls.grant, SUPPLY, schemas.NoteIn),
        ("shipment_drop", f"{SHIPMENT}/drop", calls.drop, PLAN, schemas.NoteIn),
        ("shipment_return", f"{SHIPMENT}/return", calls.send_back, PLAN, schemas.ReturnIn),
        ("return_answer", RETURN, calls.answer, SUPPLY, schemas.AnswerIn),
    ):
        api.add(name, url, view, permission, methods=POST, body=body, returns=whole)
