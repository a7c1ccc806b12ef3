"""What areas bought of a round's varieties before it: the prices behind the budget of the retained balance."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from importers.columns import Column, ColumnKind, Plan, Rows
from importers.kinds._retention_rows import LOT, context, lots_of, round_of
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.parties import regions
from procurement.retention.queries.brought import prior
from procurement.retention.services.inputs import Prior, record_prior


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Find lot and area of every row, and compare with what is known."""
    lots = lots_of(session, round_of(session, context, actor))
    areas, known = regions.by_code(session), prior(session, [lot.id for lot in lots.values()])
    out = Plan()
    for row in rows:
        lot = lots.get(row["lot"])
        issues = [] if lot else [row.issue("retention-unknown-lot", "lot")]
        issues += [] if row["area"] in areas else [row.issue("retention-unknown-area", "area")]
        out.issues += issues
        if lot is None or issues:
            continue
        old = known.get((lot.id, row["area"], row["product"]))
        title, new = f"{lot.number} {row['product']} {areas[row['area']].name}", (row["price"], row["quantity"])
        if old is None:
            out.creates.append(row.planned(title=title, lot_id=lot.id))
        elif old == new:
            out.unchanged += 1
        else:
            before = {"price": old[0], "quantity": old[1]}
            out.changes.append(row.planned(title=title, before=before, lot_id=lot.id))
    return out


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Write all of them at once."""
    rows = [
        Prior(item.values["lot_id"], item.values["area"], item.values["product"], item.values["price"],
              item.values["quantity"])
        for item in (*plan.creates, *plan.changes)
    ]  # fmt: skip
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    record_prior(
        session, round_=round_of(session, context, actor), rows=rows, source=facts, actor=actor, at=at
    )  # fmt: skip


KIND = Kind(
    name="pre-round-purchases",
    version=1,
    title_zh="集采前采购数据",
    title_en="Purchases before the round",
    permission=P.RETENTION_RUN,
    columns=(
        LOT,
        Column("area", "地区代码", "Area code", ColumnKind.CODE, required=True, length=(6,), example="320100",
               help_zh="统筹区的行政区划代码", help_en="Of the pooling area"),
        Column("product", "产品名称", "Product", required=True, max_length=120, width=30, example="原研产品",
               help_zh="同一通用名下的全部产品，含原研", help_en="Every product of the generic name"),
        Column("price", "采购价", "Price", ColumnKind.PRICE, required=True, example="0.6500",
               help_zh="元，按代表规格最小单位折算", help_en="Yuan, per unit of the reference specification"),
        Column("quantity", "采购量", "Quantity", ColumnKind.QUANTITY, required=True, example="120000",
               help_zh="代表规格最小单位", help_en="Units of the reference specification"),
    ),
    key=("lot", "area", "product"),
    plan=plan,
    apply=apply,
    context=context,
    back=("procurement.retention_inputs", {}),
)  # fmt: skip
