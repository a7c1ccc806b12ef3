"""Invoices over batches that hospitals received, on a template of what is still to be invoiced; a row is a line.

Rows of one code and number are one invoice: it is registered whole, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
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
from procurement.settlement.models.invoices import Invoice
from procurement.settlement.queries import invoices as queries
from procurement.settlement.queries.invoices import Batch
from procurement.settlement.rules import ZERO
from procurement.settlement.services import invoicing
from procurement.settlement.services.invoicing import Asked, Draft

MOST = 5_000
Number = tuple[str, str]
short_names(
    {
        "batch-unknown": _l("Unknown batches"), "invoice-number-bad": _l("No invoice number"),
        "invoice-registered-already": _l("Registered already"), "invoice-in-the-future": _l("Issued in the future"),
        "invoice-two-hospitals": _l("Two hospitals"), "invoiced-out-of-range": _l("More than is left"),
        "invoice-rows-differ": _l("Rows differ"), "invoice-part-missing": _l("Day or total missing"),
        "invoice-not-whole": _l("Another row is wrong"), "amount-not-positive": _l("No amount"),
    }
)  # fmt: skip


def prefill(session: Session, *, context: Context, actor: Actor, at: datetime) -> Iterable[Mapping[str, Any]]:
    """Everything received and not invoiced yet, the oldest first; at the order's price."""
    for one in queries.uninvoiced(session, actor, MOST):
        yield {
            "line": one.row.id, "shipment": one.shipment.number, "hospital": one.order.hospital.name,
            "name": one.line.product.registered_name, "specification": one.line.product.specification.text,
            "batch": one.row.batch, "left": one.left, "quantity": one.left, "price": one.line.price,
        }  # fmt: skip


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Put rows together to invoices and hold each against what may still be invoiced and what is registered."""
    seller, out, groups = invoicing.must_sell(actor), Plan(), dict[Number, list[Row]]()
    for row in rows:
        if row["number"]:
            groups.setdefault(_number(row), []).append(row)
        else:
            out.unchanged += 1
    batches = queries.batches(session, {row["line"] for held in groups.values() for row in held}, actor)
    known, spoiled = queries.registered(session, list(groups), seller), _spoiled(rows)
    taken: dict[int, Decimal] = {}
    for number, held in groups.items():
        issues, made = _drafted(number, held, batches)
        if made is not None and number in known and _same(known[number], made):
            out.unchanged += len(held)
            continue
        if made is not None:
            found = invoicing.faults(made, batches, known=number in known, day=today(at), taken=taken)
            issues += _placed(found, held)
        if issues or made is None or number in spoiled:
            out.issues += issues + _rest(held, issues, number)
            continue
        for line in made.lines:
            taken[line.shipment_line_id] = taken.get(line.shipment_line_id, ZERO) + line.quantity
        out.creates += [_planned(row, made, batches) for row in held]
    return out


def _number(row: Row) -> Number:
    return row["code"] or "", row["number"]


def _spoiled(rows: Rows) -> set[Number]:
    """Return the invoices of which a row could not be read."""
    codes, numbers = rows.columns.get("code"), rows.columns["number"]
    return {((codes[place] if codes else None) or "", numbers[place]) for place in rows.faulty if numbers[place]}


def _drafted(number: Number, held: Sequence[Row], batches: Mapping[int, Batch]) -> tuple[list[Issue], Draft | None]:
    """Put an invoice's rows together; what is written once of it may stand in any row, and the same in all."""
    issues = [row.issue("batch-unknown", "line") for row in held if row["line"] not in batches]
    for row in held:
        if row["quantity"] is None:
            issues.append(row.issue("quantity-not-positive", "quantity", value=""))
        if row["price"] is None:
            issues.append(row.issue("price-not-positive", "price", value=""))
    whole: dict[str, Any] = {}
    for name in ("issued_on", "amount"):
        said = [row for row in held if row[name] is not None]
        if not said:
            issues.append(held[0].issue("invoice-part-missing", name))
            continue
        whole[name] = said[0][name]
        issues += [row.issue("invoice-rows-differ", name, number=number[1]) for row in said if row[name] != whole[name]]
    if issues:
        return issues, None
    lines = tuple(Asked(row["line"], row["quantity"], row["price"]) for row in held)
    return [], Draft(*number, whole["issued_on"], whole["amount"], lines)


def _placed(found: Mapping[str, Issue], held: Sequence[Row]) -> list[Issue]:
    """Put what is wrong with an invoice at its rows: what concerns a batch at that batch's, the rest at the first."""
    rows = {f"line-{row['line']}": row for row in held}
    issues = []
    for name, issue in found.items():
        row, column = rows.get(name, held[0]), name or "line"
        if name in rows:
            column = "price" if issue.code == "price-not-positive" else "quantity"
        issues.append(row.issue(issue.code, column, **issue.facts))
    return issues


def _rest(held: Sequence[Row], issues: Sequence[Issue], number: Number) -> list[Issue]:
    """Name the good rows of an invoice of which another is wrong."""
    wrong = {issue.row for issue in issues}
    return [row.issue("invoice-not-whole", "number", number=number[1]) for row in held if row.number not in wrong]


def _same(old: Invoice, new: Draft) -> bool:
    """Say whether an invoice is registered just so."""
    lines = sorted((line.shipment_line_id, line.quantity, line.price) for line in old.lines)
    asked = sorted((line.shipment_line_id, line.quantity, line.price) for line in new.lines)
    return (old.issued_on, old.amount, lines) == (new.issued_on, new.amount, asked)


def _planned(row: Row, made: Draft, batches: Mapping[int, Batch]) -> Any:
    one = batches[row["line"]]
    title = f"{made.number} {one.line.product.registered_name} {one.row.batch}"
    return row.planned(title=title, code=made.code, issued_on=made.issued_on, amount=made.amount)


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Register the invoices at once."""
    lines, heads = dict[Number, list[Asked]](), dict[Number, tuple[date, Decimal]]()
    for item in plan.creates:
        values = item.values
        number = values["code"], values["number"]
        heads[number] = values["issued_on"], values["amount"]
        lines.setdefault(number, []).append(Asked(values["line"], values["quantity"], values["price"]))
    drafts = [Draft(*number, *heads[number], tuple(held)) for number, held in lines.items()]
    batches = invoicing.arrived(session, drafts, actor, at)
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    invoicing.register_all(session, drafts=drafts, batches=batches, source=facts, actor=actor, at=at)


KIND = Kind(
    name="invoices",
    version=1,
    title_zh="发票",
    title_en="Invoices",
    permission=P.INVOICE_WRITE,
    columns=(
        Column("line", "批次编号", "Batch id", ColumnKind.INT, required=True, width=10, example="1024",
               help_zh="平台收货批次编号，由模板带出", help_en="The platform’s number of the received batch"),
        Column("shipment", "发货单号", "Shipment", ColumnKind.CODE, locked=True, width=22),
        Column("hospital", "医疗机构", "Hospital", locked=True, width=24),
        Column("name", "产品名称", "Product", locked=True, width=24),
        Column("specification", "规格", "Specification", locked=True, width=14),
        Column("batch", "批号", "Batch number", ColumnKind.CODE, locked=True, width=14),
        Column("left", "待开票数量", "To be invoiced", ColumnKind.QUANTITY, locked=True),
        Column("code", "发票代码", "Invoice code", ColumnKind.CODE, width=16, max_length=12, example="3200214130",
               help_zh="10 或 12 位；数电票留空", help_en="10 or 12 digits; empty for a fully digital invoice"),
        Column("number", "发票号码", "Invoice number", ColumnKind.CODE, present=True, width=24, max_length=20,
               example="24112000000012345678", help_zh="数电票 20 位，其他 8 位；留空的行本次不开票",
               help_en="20 digits, or 8 with a code; rows without a number are not invoiced now"),
        Column("issued_on", "开票日期", "Issued on", ColumnKind.DATE, present=True, width=14, example="2026-03-01"),
        Column("amount", "价税合计", "Total", ColumnKind.DECIMAL, places=2, present=True, width=14, example="12340.00",
               help_zh="整张发票的价税合计（元），同一张发票可只填一行",
               help_en="Of the whole invoice, in yuan; once for an invoice is enough"),
        Column("quantity", "本次开票数量", "Invoiced now", ColumnKind.QUANTITY, present=True, width=14, example="1200",
               help_zh="最小计量单位", help_en="In smallest units"),
        Column("price", "含税单价", "Price", ColumnKind.PRICE, present=True, width=12, example="0.1234",
               help_zh="元/最小计量单位", help_en="Yuan per smallest unit"),
    ),
    plan=plan,
    apply=apply,
    prefill=prefill,
    notes_zh=("发票代码和号码相同的行是一张发票，整张登记；有一行不正确，整张不登记。",
              "一批货物可以分开开在几张发票上。"),
    notes_en=("Rows of one code and number are one invoice; it is registered whole, or not where a row is wrong.",
              "A batch may stand on several invoices."),
    back=("procurement.settlement_to_invoice", {}),
)  # fmt: skip
