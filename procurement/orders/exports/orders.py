"""Orders, and the lines of one, for workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.downloads.tables import rows_of
from kernel.i18n import _l, label
from kernel.identity import record_id
from kernel.sheets import Sheet, Value
from procurement.orders.flow import settled_order
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.queries import lists, orders

HEADERS = (
    "订单号", "采购类别", "医疗机构", "医疗机构统一社会信用代码", "企业", "企业统一社会信用代码", "配送企业",
    "配送企业统一社会信用代码", "品规数", "金额", "下单时间", "状态", "办理期限", "答复时间", "办结时间",
)  # fmt: skip
LINES = (
    "订单号", "行号", "产品", "规格", "包装", "批准文号", "企业", "协议内外", "单价", "数量", "金额", "已发货",
    "验收不符", "已收货", "已退货", "已取消", "待发货",
)  # fmt: skip


def order_sheet(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return what the list page shows, a row an order."""

    def row(one: Order) -> tuple[Value, ...]:
        return (
            one.number, label(one.kind), one.hospital.name, one.hospital.code, one.company.name, one.company.code,
            one.deliverer.name, one.deliverer.code, one.lines_count, one.amount, one.placed_at,
            label(settled_order(one.state, one.due_at, at)), one.due_at, one.answered_at, one.closed_at,
        )  # fmt: skip

    return rows_of(session, "订单", HEADERS, lists.listing(actor, lists.asked(asked), at), row)


def line_sheet(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return the lines of one order."""
    order = orders.one(session, record_id(asked.get("order", "")) or 0, actor)
    numbers = {line.id: place for place, line in enumerate(order.lines, start=1)}

    def row(one: OrderLine) -> tuple[Value, ...]:
        product = one.product
        return (
            order.number, numbers[one.id], product.registered_name, product.specification.text, product.pack,
            product.approval_number, product.company.name, _book(one),
            one.price, one.quantity, one.amount, one.shipped, one.rejected, one.received, one.returned, one.cancelled,
            one.left,
        )  # fmt: skip

    query = select(OrderLine).where(OrderLine.order_id == order.id).options(joinedload(OrderLine.product))
    return rows_of(session, "订单明细", LINES, query.order_by(OrderLine.id), row)


def _book(line: OrderLine) -> str:
    return "协议外" if line.beyond else "协议内" if line.agreement_id else "—"


export("procurement.orders", _l("Orders"), P.ORDER_READ, order_sheet)
export("procurement.order-lines", _l("Lines of an order"), P.ORDER_READ, line_sheet)
