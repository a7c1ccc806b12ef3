"""Lines of a purchase plan, on the template of the plan: what the hospital may buy, with price and volume left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from importers.columns import Column, ColumnKind, Plan, Row, Rows
from importers.labels import short_names
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import Issue
from kernel.i18n import _l
from kernel.identity import record_id
from procurement.orders.flow import PLAN_FLOW, OrderKind, PlanAction
from procurement.orders.planning import queries
from procurement.orders.planning.naming import queries as naming
from procurement.orders.planning.naming.rules import Named, spelt
from procurement.orders.queries import plans
from procurement.orders.services import plans as verbs
from procurement.orders.services.plans import Wanted

short_names(
    {
        "product-unknown": _l("Unknown products"), "product-in-several-packs": _l("Pack not named"),
        "product-twice": _l("Products twice"), "order-without-agreement": _l("Without an agreement"),
        "order-without-listing": _l("Not listed"), "quantity-not-positive": _l("No quantity"),
        "price-not-typed": _l("Price typed"),
    }
)  # fmt: skip


def context(session: Session, query: Mapping[str, str], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Which plan; only a draft of the actor's hospital takes lines."""
    plan = plans.one(session, record_id(query.get("plan", "")) or 0, actor)
    verbs.own_hospital(actor)
    PLAN_FLOW.after(plan.state, PlanAction.SAVE)
    return {"plan": plan.id}


def prefill(session: Session, *, context: Context, actor: Actor, at: datetime) -> Iterable[Mapping[str, Any]]:
    """What the plan holds; under agreements also everything the hospital has an agreement on."""
    plan = plans.one(session, context["plan"], actor)
    lines = plans.lines(session, plan)
    held = queries.quoted(session, plan, lines, at)
    known = {one.product.id for one in held}
    more = queries.agreed_products(session, plan, at) if plan.kind is OrderKind.AGREEMENT else {}
    rest = queries.offered(session, plan, {key: one for key, one in more.items() if key not in known}, at)
    for one in [*held, *rest]:
        product, source = one.product, one.source
        yield {
            "product": str(product.id), "approval_number": product.approval_number, "pack": product.pack,
            "name": product.registered_name, "specification": product.specification.text,
            "maker": product.company.name, "price": source.price if source else None,
            "left": source.left if source and source.agreements else None, "quantity": one.quantity,
            "own": one.typed, "remark": one.remark or None,
        }  # fmt: skip


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Find the product of every row, ask whether it can be bought, and compare with the plan's lines."""
    found = plans.one(session, context["plan"], actor)
    listed = list(rows)
    meant = naming.found(session, [_named(row) for row in listed])
    known = {one.id: one for held in meant for one in held}
    offered = {one.product.id: one for one in queries.offered(session, found, known, at)}
    before = {line.product_id: line for line in plans.lines(session, found)}
    out, first = Plan(), dict[int, int]()
    for row, held in zip(listed, meant, strict=True):
        product, issues = _product(row, held, offered)
        if product is not None:
            issues += _wrong(row, offered[product.id], found.kind)
            if product.id in first and row["quantity"] is not None:
                issues.append(row.issue("row-repeated", "product", first=first[product.id]))
            first.setdefault(product.id, row.number)
        if issues or product is None:
            out.issues += issues
            continue
        _compare(out, row, product, before.get(product.id))
    return out


def _named(row: Row) -> Named:
    codes = (row["product"], row["standard_code"], row["approval_number"])
    return Named(tuple(spelt(code) for code in codes if code), (row["pack"],) if row["pack"] else ())


def _product(
    row: Row, held: list[Product], offered: Mapping[int, queries.Quoted]
) -> tuple[Product | None, list[Issue]]:
    if len(held) > 1:
        held = [one for one in held if offered[one.id].source] or held
    if len(held) == 1:
        return held[0], []
    column = "product" if row["product"] else "approval_number"
    if not held:
        return None, [row.issue("product-unknown", column)]
    packs = [f"{one.specification.text}×{one.pack}" for one in held]
    return None, [row.issue("product-in-several-packs", column, packs=packs)]


def _wrong(row: Row, one: queries.Quoted, kind: OrderKind) -> list[Issue]:
    """A row without a quantity asks for nothing, whatever it says."""
    if row["quantity"] is None:
        return []
    issues = []
    if row["quantity"] <= 0:
        issues.append(row.issue("quantity-not-positive", "quantity"))
    if row["own"] is not None and kind is not OrderKind.EMERGENCY:
        issues.append(row.issue("price-not-typed", "own"))
    if one.issue and (kind is not OrderKind.EMERGENCY or row["own"] is None):
        issues.append(row.issue(one.issue.code, "product", value=one.product.registered_name, **one.issue.facts))
    return issues


def _compare(out: Plan, row: Row, product: Product, line: Any) -> None:
    after = (row["quantity"], row["own"], row["remark"] or "")
    before = (line.quantity, line.price, line.note) if line else (None, None, "")
    if before == after or (line is None and row["quantity"] is None):
        out.unchanged += 1
        return
    title = f"{product.registered_name} {product.specification.text}×{product.pack} {product.company.shown_name}"
    old = {"quantity": line.quantity, "own": line.price} if line else {}
    (out.changes if line else out.creates).append(row.planned(title=title, before=old, product_id=product.id))


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Keep the lines in the draft; handing it in stays an act of its own."""
    lines, cleared = [], []
    for item in [*plan.creates, *plan.changes]:
        values = item.values
        if values.get("quantity") is None:
            cleared.append(values["product_id"])
        else:
            quantity: Decimal = values["quantity"]
            lines.append(Wanted(values["product_id"], quantity, values.get("own"), values.get("remark") or ""))
    found = plans.one(session, context["plan"], actor)
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    kept = verbs.keep(
        session, plan_id=found.id, version=found.version, lines=lines, cleared=cleared, source=facts, actor=actor, at=at
    )
    if kept.refused:  # sold when it was checked, and no longer
        raise verbs.PlanRefused(list(kept.refused.values()))


KIND = Kind(
    name="plan-lines",
    version=1,
    title_zh="采购计划明细",
    title_en="Lines of a purchase plan",
    permission=P.ORDER_PLAN,
    columns=(
        Column("product", "产品编号", "Product number", ColumnKind.CODE, present=True, width=12, example="1024",
               aliases=("平台产品编号", "product id"),
               help_zh="平台产品编号；留空时按批准文号和包装识别",
               help_en="The platform's number; empty: found by approval number and pack"),
        Column("approval_number", "批准文号", "Approval number", width=22, aliases=("国药准字", "注册证号"),
               example="国药准字H20051234"),
        Column("standard_code", "本位码", "Standard code", ColumnKind.CODE, width=18, aliases=("药品本位码",),
               example="86900001000015"),
        Column("pack", "包装", "Pack", ColumnKind.INT, width=8, aliases=("转换比", "包装数量"), example="24"),
        Column("name", "产品名称", "Product", locked=True, width=24, aliases=("药品名称", "通用名")),
        Column("specification", "规格", "Specification", locked=True, width=14),
        Column("maker", "生产企业", "Maker", locked=True, width=26),
        Column("price", "单价", "Price", ColumnKind.PRICE, locked=True, help_zh="元/最小计量单位，以下单时为准",
               help_en="Yuan per smallest unit; the price at the time of the order counts"),
        Column("left", "协议剩余量", "Agreed volume left", ColumnKind.QUANTITY, locked=True),
        Column("quantity", "数量", "Quantity", ColumnKind.QUANTITY, present=True, minimum=None, width=12,
               aliases=("采购数量", "订货数量", "数量（最小单位）"), example="1200",
               help_zh="最小计量单位（片、支等）；空白为不采购，计划中已有的行将删除",
               help_en="In smallest units; empty buys nothing and takes a line out of the plan"),
        Column("own", "自填单价", "Own price", ColumnKind.PRICE, help_zh="仅应急采购可填",
               help_en="In emergency purchases only"),
        Column("remark", "备注", "Remark", width=20, max_length=200),
    ),
    plan=plan,
    apply=apply,
    context=context,
    prefill=prefill,
    notes_zh=("导入只保存到计划草稿，仍须提交并由本院另一人审批。", "可只导入正确的行。"),
    notes_en=("Importing fills the draft; it still has to be handed in and approved by a second person.",
              "The good rows can be taken without the others."),
    back=("procurement.plan", {"plan_id": "plan"}),
)  # fmt: skip
