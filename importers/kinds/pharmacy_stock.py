"""A pharmacy's report of stock and prices, on the template of the drugs it may sell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from catalogue.dual_channel.queries import places, stock
from catalogue.dual_channel.queries.stock import ShelfRow
from catalogue.dual_channel.services import stock as services
from catalogue.editions.rules.parts import AGREED, PART_NAMES
from importers.columns import Choice, Column, ColumnKind, Plan, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.errors import DomainError, Issue

PARTS = tuple(Choice(part.value, PART_NAMES[part]) for part in sorted(AGREED))


def context(session: Session, query: Mapping[str, str], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """The actor's pharmacy, which has to be designated."""
    pharmacy = places.place(session, services.own_pharmacy(actor))
    if not places.is_designated(session, pharmacy.id):
        raise DomainError("dual-not-designated", name=pharmacy.shown_name)
    return {"pharmacy": pharmacy.id}


def _shelf(session: Session, context: Context, at: datetime) -> list[ShelfRow]:
    return stock.shelf(session, places.place(session, context["pharmacy"]), today(at))


def prefill(session: Session, *, context: Context, actor: Actor, at: datetime) -> Iterable[Mapping[str, Any]]:
    """Every drug that may be sold, with the last report."""
    for row in _shelf(session, context, at):
        entry, last = row.drug.entry, row.last
        yield {
            "edition": entry.edition.code, "part": entry.part.value, "number": entry.number, "name": entry.name,
            "quantity": last.quantity if last else None, "price": last.price if last else None,
        }  # fmt: skip


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Compare with today's report, or the last one; a row with neither figure is left out."""
    out, day = Plan(), today(at)
    shelf = {_place(each): each for each in _shelf(session, context, at)}
    reported = stock.lines_on(session, context["pharmacy"], day)
    for row in rows:
        if row["quantity"] is None and row["price"] is None:
            out.unchanged += 1
            continue
        found = shelf.get((row["edition"], row["part"], row["number"]))
        if found is None:
            out.issues.append(row.issue("dual-not-on-sale", "number"))
        elif issues := _issues(row, found):
            out.issues += issues
        else:
            _compare(out, row, found, found.drug.drug_key in reported)
    return out


def _place(row: ShelfRow) -> tuple[str, str, int]:
    entry = row.drug.entry
    return entry.edition.code, entry.part.value, entry.number


def _issues(row: Row, found: ShelfRow) -> list[Issue]:
    missing = [name for name in ("quantity", "price") if row[name] is None]
    if missing:
        return [row.issue("dual-figure-missing", missing[0])]
    stated = services.Stated(found.drug.drug_key, row["quantity"], row["price"])
    faults = services.faults([stated], {found.drug.drug_key: found.drug.entry})
    return [row.issue(fault.code, "price", **fault.facts) for fault in faults]


def _compare(out: Plan, row: Row, found: ShelfRow, today_too: bool) -> None:
    last, name = found.last, found.drug.entry.name
    stands = {"quantity": last.quantity, "price": last.price} if last else {}
    before = {field: value for field, value in stands.items() if value != row[field]}
    if last is None:
        out.creates.append(row.planned(title=name, drug_key=found.drug.drug_key))
    elif before or not today_too:
        shown = before or {"quantity": last.quantity}
        out.changes.append(row.planned(title=name, before=shown, drug_key=found.drug.drug_key))
    else:
        out.unchanged += 1


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Keep all of them as today's report."""
    lines = [
        services.Stated(item.values["drug_key"], item.values["quantity"], item.values["price"])
        for item in (*plan.creates, *plan.changes)
    ]
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    services.report(session, lines=lines, source=facts, actor=actor, at=at)


KIND = Kind(
    name="pharmacy-stock",
    version=1,
    title_zh="药店库存与价格",
    title_en="Stock and prices of a pharmacy",
    permission=P.DUAL_DISPENSE,
    columns=(
        Column("edition", "目录版本", "Edition", ColumnKind.CODE, required=True, width=10, locked=True),
        Column("part", "部分", "Part", ColumnKind.CHOICE, required=True, choices=PARTS, width=14, locked=True),
        Column("number", "编号", "Number", ColumnKind.INT, required=True, width=8, locked=True),
        Column("name", "药品名称", "Name", max_length=8_000, width=32, locked=True),
        Column("quantity", "库存数量", "Stock", ColumnKind.QUANTITY, help_zh="支付标准的计价单位；没有库存填 0",
               help_en="In units of the payment standard; 0 where there is none", example="20"),
        Column("price", "销售单价", "Price", ColumnKind.PRICE, help_zh="元，不高于支付标准",
               help_en="Yuan, not above the payment standard", example="398.00"),
    ),
    key=("edition", "part", "number"),
    plan=plan,
    apply=apply,
    context=context,
    prefill=prefill,
    back=("catalogue.dual_stock", {}),
)  # fmt: skip
