"""The batches of one shipment, on the template of its order: what is left of each line, room for batch and expiry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from importers.columns import Column, ColumnKind, Plan, Row, Rows
from importers.labels import short_names
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.errors import Issue
from kernel.i18n import _l
from kernel.identity import record_id
from procurement.orders.flow import ORDER_FLOW, OrderAction, settled_order
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.queries import orders
from procurement.orders.services import answers, shipping
from procurement.orders.services.shipping import Batch

short_names(
    {
        "order-line-unknown": _l("Unknown lines"), "batch-needed": _l("Batch missing"),
        "batch-expired": _l("Batch expired"), "shipped-beyond-order": _l("More than is left"),
    }
)  # fmt: skip


def _order(session: Session, order_id: int, actor: Actor, at: datetime) -> Order:
    """Return an order that the actor may ship now."""
    found = orders.one(session, order_id, actor)
    answers.must_supply(found, actor)
    ORDER_FLOW.after(settled_order(found.state, found.due_at, at), OrderAction.SHIP)
    return found


def context(session: Session, query: Mapping[str, str], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Which order; only its deliverer ships it, once it is confirmed."""
    return {"order": _order(session, record_id(query.get("order", "")) or 0, actor, at).id}


def _numbered(order: Order) -> dict[int, OrderLine]:
    return dict(enumerate(order.lines, start=1))


def prefill(session: Session, *, context: Context, actor: Actor, at: datetime) -> Iterable[Mapping[str, Any]]:
    """Every line that something is left of."""
    for number, line in _numbered(_order(session, context["order"], actor, at)).items():
        if line.left:
            yield {
                "line": number, "name": line.product.registered_name, "pack": line.product.pack,
                "specification": line.product.specification.text, "left": line.left, "quantity": line.left,
            }  # fmt: skip


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Hold each row against its line; a row without batch and expiry is not shipped now."""
    lines = _numbered(_order(session, context["order"], actor, at))
    out, taken = Plan(), dict[int, Decimal]()
    for row in rows:
        if not row["batch"] and row["expires"] is None:
            out.unchanged += 1
            continue
        line = lines.get(row["line"])
        issues = _wrong(row, line, taken, at)
        if issues or line is None:
            out.issues += issues
            continue
        taken[line.id] = taken.get(line.id, Decimal(0)) + row["quantity"]
        title = f"{row['line']}. {line.product.registered_name} {row['batch']}"
        out.creates.append(row.planned(title=title, line_id=line.id))
    return out


def _wrong(row: Row, line: OrderLine | None, taken: Mapping[int, Decimal], at: datetime) -> list[Issue]:
    if line is None:
        return [row.issue("order-line-unknown", "line")]
    issues = []
    if not row["batch"]:
        issues.append(row.issue("batch-needed", "batch"))
    if row["expires"] is None or row["expires"] <= today(at):
        issues.append(row.issue("batch-expired", "expires"))
    left = line.left - taken.get(line.id, Decimal(0))
    if row["quantity"] is None or row["quantity"] <= 0:
        issues.append(row.issue("quantity-not-positive", "quantity"))
    elif row["quantity"] > left:
        issues.append(row.issue("shipped-beyond-order", "quantity", left=left.normalize()))
    return issues


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Ship the batches as one shipment."""
    rows = [item.values for item in plan.creates]
    batches = [Batch(row["line_id"], row["batch"], row["expires"], row["quantity"]) for row in rows]
    waybill = next((row["waybill"] for row in rows if row.get("waybill")), "")
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    shipping.ship(
        session, order_id=context["order"], batches=batches, waybill=waybill, source=facts, actor=actor, at=at
    )  # fmt: skip


KIND = Kind(
    name="shipment-batches",
    version=1,
    title_zh="发货批次",
    title_en="Batches of a shipment",
    permission=P.ORDER_SUPPLY,
    columns=(
        Column("line", "行号", "Line", ColumnKind.INT, required=True, width=8, example="1", aliases=("订单行号",)),
        Column("name", "产品名称", "Product", locked=True, width=24),
        Column("specification", "规格", "Specification", locked=True, width=14),
        Column("pack", "包装", "Pack", ColumnKind.INT, locked=True, width=8),
        Column("left", "待发货", "To be shipped", ColumnKind.QUANTITY, locked=True),
        Column("batch", "批号", "Batch number", ColumnKind.CODE, present=True, width=16, max_length=60,
               aliases=("生产批号",), example="20260301A"),
        Column("expires", "有效期至", "Expires", ColumnKind.DATE, present=True, width=14, aliases=("有效期",),
               example="2028-03-01"),
        Column("quantity", "本次发货", "Shipped now", ColumnKind.QUANTITY, present=True, minimum=None, width=12,
               aliases=("数量", "发货数量"), example="1200", help_zh="最小计量单位；同一行可分多个批次填写多行",
               help_en="In smallest units; a line may be repeated for several batches"),
        Column("waybill", "运单号", "Waybill", ColumnKind.CODE, width=18, max_length=80,
               help_zh="整张发货单一个，取首个填写的", help_en="One for the shipment: the first that is written"),
    ),
    plan=plan,
    apply=apply,
    context=context,
    prefill=prefill,
    notes_zh=("写入即发货：正确的行生成一张发货单，并通知医疗机构。", "未填批号和有效期的行本次不发货。"),
    notes_en=("Writing ships: the good rows become one shipment, and the hospital is told.",
              "Rows without batch and expiry are not shipped now."),
    back=("procurement.order", {"order_id": "order"}),
)  # fmt: skip
