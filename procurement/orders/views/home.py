"""What waits on the first pages: a distributor's orders by age, what is due from a producer, a hospital's goods."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.i18n import _, _n, label
from kernel.parties.codes import OrganisationKind
from kernel.templating import amount, minute, nearness
from kernel.web import Queue, QueueRow
from procurement.orders.flow import Standing, settled_order
from procurement.orders.models.orders import Order
from procurement.orders.queries import due

WEEK = timedelta(days=7)
ANSWER = (Standing.TO_CONFIRM, Standing.TO_SHIP, Standing.LATE)


def _due(at: datetime, due_at: datetime | None) -> tuple[str, str]:
    """Say how near a moment is, and in which tone."""
    if due_at is None:
        return "", ""
    near = nearness(due_at, at)
    words = {
        "late": _n("%(num)s day late", "%(num)s days late", near.count) if near.count else _("Overdue"),
        "minutes": _n("%(num)s minute left", "%(num)s minutes left", near.count),
        "hours": _n("%(num)s hour left", "%(num)s hours left", near.count),
        "days": _n("%(num)s day left", "%(num)s days left", near.count),
        "today": _("Today %(time)s", time=minute(due_at)[11:]),
    }
    return str(words.get(near.word) or minute(due_at)[5:]), near.tone


def _row(one: Order, at: datetime, whom: str) -> QueueRow:
    words, tone = _due(at, one.due_at)
    return QueueRow(
        what=f"{one.number} {whom}", url=url_for("procurement.order", order_id=one.id), due=words, tone=tone,
        detail=str(label(settled_order(one.state, one.due_at, at))), amount=amount(one.amount),
    )  # fmt: skip


def supplier(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show a distributor its open orders by age, a producer what is due from it by its hour."""
    if not actor.supplies:
        return None
    by_age = actor.organisation_kind is OrganisationKind.DISTRIBUTOR
    found = due.few(session, actor, *ANSWER, at=at, by_age=by_age)
    rows = [_row(one, at, one.hospital.shown_name) for one in found.orders]
    title = _("Open orders, the oldest first") if by_age else _("Orders due from us")
    url = url_for("procurement.orders", sort="placed") if by_age else url_for("procurement.orders", sort="due")
    return Queue(title, "", rows, found.total, url, str(_("No order waits to be confirmed or shipped")))


def settling(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show a supplier the disputes and returns that wait for its answer."""
    found = due.few(session, actor, Standing.TO_SETTLE, at=at, by_age=True)
    if not found.total:
        return None
    rows = [_row(one, at, one.hospital.shown_name) for one in found.orders]
    url = url_for("procurement.orders", standing=Standing.TO_SETTLE.value)
    return Queue(_("Disputes and returns to answer"), "", rows, found.total, url, "")


def receiving(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show a hospital what it has to receive, what counts as received first first."""
    if not actor.buys:
        return None
    found, total = due.arriving(session, actor, at)
    rows = []
    for one in found:
        words, tone = _due(at, one.due_at)
        url = url_for("procurement.shipment_receive", shipment_id=one.id)
        detail = _("shipped %(time)s, %(waybill)s", time=minute(one.shipped_at)[5:], waybill=one.waybill or "—")
        rows.append(QueueRow(f"{one.number} {one.order.deliverer.shown_name}", url, words, tone, str(detail)))
    url = url_for("procurement.orders", standing=Standing.TO_RECEIVE.value)
    return Queue(_("Goods to receive"), "", rows, total, url, str(_("No shipment is on its way")))


def red(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show a hospital what went wrong: shipments that are late, orders refused or left unanswered this week."""
    if not actor.buys:
        return None
    late = due.few(session, actor, Standing.LATE, at=at)
    gone = due.refused(session, actor, at - WEEK)
    if not late.total + gone.total:
        return None
    rows = [_row(one, at, one.deliverer.shown_name) for one in (*late.orders, *gone.orders)][: due.SHOWN]
    pile = Standing.LATE if late.total else Standing.VOID
    url = url_for("procurement.orders", standing=pile.value)
    return Queue(_("Late, refused or unanswered"), str(_("this week")), rows, late.total + gone.total, url, "")


def count(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count what waits for the reader, and say whether something of it is late."""
    if actor.may(P.ORDER_SUPPLY):
        late = due.count(session, due.own(actor, Standing.LATE, at=at))
        return late + due.count(session, due.own(actor, Standing.TO_CONFIRM, Standing.TO_SHIP, at=at)), late > 0
    if actor.may(P.ORDER_PLAN):
        return due.count(session, due.own(actor, Standing.TO_RECEIVE, at=at)), False
    return 0, False
