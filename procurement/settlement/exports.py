"""Rows of settlement for workbooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.downloads.tables import rows_of
from kernel.i18n import _l, label
from kernel.sheets import Sheet, Value
from procurement.settlement.models.invoices import Invoice, InvoiceLine, Payment
from procurement.settlement.queries import invoices as invoice_queries
from procurement.settlement.queries import payments as payment_queries
from procurement.settlement.queries.payments import Owed
from procurement.settlement.rules import ZERO

INVOICES = (
    "发票类型", "发票代码", "发票号码", "销售方", "销售方统一社会信用代码", "医疗机构", "医疗机构统一社会信用代码",
    "开票日期", "价税合计", "收货时间", "应付截止", "状态", "退回原因",
)  # fmt: skip
LINES = (
    "批次编号", "发货单号", "医疗机构", "产品名称", "规格", "批号", "待开票数量", "发票代码", "发票号码", "开票日期",
    "价税合计", "本次开票数量", "含税单价", "状态",
)  # fmt: skip
"""The headers of the workbook by which sellers register invoices (kind `invoices`), and the state."""
AGES = (
    "单位", "统一社会信用代码", "发票数", "最早应付截止", "未到期", "逾期30日内", "逾期31至90日", "逾期90日以上",
    "待冲减红字", "净额",
)  # fmt: skip
PAYMENTS = (
    "付款凭证号", "付款方式", "医疗机构", "销售方", "销售方统一社会信用代码", "付款日期", "发票金额", "红字冲减",
    "实付金额", "登记时间",
)  # fmt: skip


def invoices(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return what the list of invoices shows; amounts in yuan, those of credit notes below 0."""
    query = invoice_queries.listing(actor, **invoice_queries.asked(asked))
    return rows_of(session, "发票", INVOICES, query, _invoice)


def _invoice(each: Invoice) -> tuple[Value, ...]:
    return (
        label(each.kind), each.code, each.number, each.seller.name, each.seller.code, each.hospital.name,
        each.hospital.code, each.issued_on, each.signed, each.received_at, each.due_at, label(each.state), each.reason,
    )  # fmt: skip


def lines(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return the lines of the invoices that the list shows, as they can be registered by workbook."""
    query = invoice_queries.lines(actor, **invoice_queries.asked(asked))
    return rows_of(session, "发票明细", LINES, query, _row)


def _row(each: InvoiceLine) -> tuple[Value, ...]:
    row, invoice = each.shipment_line, each.invoice
    product = row.line.product
    return (
        str(row.id), row.shipment.number, invoice.hospital.name, product.registered_name, product.specification.text,
        row.batch, max(ZERO, row.received - row.returned - row.invoiced), invoice.code, invoice.number,
        invoice.issued_on, invoice.amount, each.quantity, each.price, label(invoice.state),
    )  # fmt: skip


def due(session: Session, _asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return what a hospital is to pay by seller and age, in yuan."""
    return _ages("应付账龄", payment_queries.owed(session, actor, at))


def owed(session: Session, _asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return what is owed to a seller by hospital and age, in yuan."""
    return _ages("应收账龄", payment_queries.owed_to(session, actor, at))


def _ages(title: str, rows: Sequence[Owed]) -> Sheet:
    return Sheet(title, AGES, map(_age, rows), total=len(rows))


def _age(one: Owed) -> tuple[Value, ...]:
    return one.party.name, one.party.code, one.count, one.first_due, *one.ages, one.credited, one.net


def payments(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return what the list of payments shows, in yuan."""
    query = payment_queries.listing(actor, asked.get("q", "").strip()[:80])
    return rows_of(session, "付款", PAYMENTS, query, _payment)


def _payment(each: Payment) -> tuple[Value, ...]:
    return (
        each.reference, label(each.channel), each.hospital.name, each.seller.name, each.seller.code, each.paid_on,
        each.gross, each.credited, each.amount, each.made_at,
    )  # fmt: skip


export("procurement.settlement-invoices", _l("Invoices"), P.INVOICE_READ, invoices)
export("procurement.settlement-invoice-lines", _l("Lines of invoices"), P.INVOICE_READ, lines)
export("procurement.settlement-due", _l("Payments by age"), P.INVOICE_PAY, due)
export("procurement.settlement-owed", _l("Owed to us"), P.INVOICE_WRITE, owed)
export("procurement.settlement-payments", _l("Payments"), P.INVOICE_READ, payments)
