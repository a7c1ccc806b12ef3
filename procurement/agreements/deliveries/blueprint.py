"""The map of delivery relationships."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Pages
from kernel.web import NavItem, nav_item
from procurement.agreements.deliveries import exports, labels, queries, views

assert labels and exports  # importing them registers names, sentences and the workbook


def mount(pages: Pages) -> None:
    """Add the rows to the package's table, and a line to the side bar."""
    post, one = ("POST",), "/deliveries/<int:relation_id>"
    pages.add("deliveries", "/deliveries", views.index, P.AGREEMENT_READ)
    pages.add("delivery_new", "/deliveries/new", views.form, P.DELIVERY_NAME)
    pages.add("delivery_name", "/deliveries", views.name, P.DELIVERY_NAME, methods=post, again=views.form)
    pages.add("delivery_decide", f"{one}/decide", views.decide, P.DELIVERY_DECIDE, methods=post)
    pages.add("delivery_answer", f"{one}/answer", views.answer, P.DELIVERY_ANSWER, methods=post)
    pages.add("delivery_end", f"{one}/end", views.end, P.DELIVERY_NAME, methods=post)
    pages.add("delivery_document", f"{one}/files/<int:file_id>", views.document, P.AGREEMENT_READ)
    choice = "/deliveries/of/<int:company_id>"
    pages.add("delivery_choose", choice, views.choose, P.DELIVERY_CHOOSE, methods=post)
    nav_item(
        NavItem(
            _l("Procurement"), _l("Deliveries"), "procurement.deliveries", "truck", P.AGREEMENT_READ, _count, order=45
        )
    )  # fmt: skip


def _count(session: Session, actor: Actor, _at: datetime) -> tuple[int, bool]:
    if actor.may(P.DELIVERY_ANSWER) or actor.may(P.DELIVERY_DECIDE):
        return queries.waiting(session, actor), False
    return 0, False
