"""Statements as workbooks; amounts in yuan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.i18n import _l, label
from kernel.identity import record_id
from kernel.sheets import Sheet, Value
from procurement.settlement.statements import queries
from procurement.settlement.statements.queries import Line, Movement, Statement

LINES = (
    "对账期间", "单位", "统一社会信用代码", "期初应付", "订购金额", "收货金额", "开票金额", "红字冲减", "医疗机构付款",
    "基金直接结算", "期末应付",
)  # fmt: skip
MOVEMENTS = ("日期", "摘要", "单据号", "单据日期", "增加", "减少", "余额")


def statements(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return what the page of statements lists."""
    wanted = queries.asked(session, asked, actor, at)
    rows = queries.lines(session, wanted, asked.get("q", "").strip()[:80])
    return Sheet("对账单", LINES, (_line(wanted.text, one) for one in rows), total=len(rows))


def _line(text: str, one: Line) -> Sequence[Value]:
    sums = (one.sums[name] for name in queries.NAMES)
    return (text, one.party.name, one.party.code, one.opening, *sums, one.closing)


def statement(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return the account of a hospital and a seller: the opening, every movement, the closing."""
    ids = [record_id(asked.get(name, "")) or 0 for name in ("hospital", "seller")]
    found = queries.statement(session, ids[0], ids[1], asked, actor, at, most=None)
    return Sheet(
        "对账明细", MOVEMENTS, iter(_account(found, queries.period_asked(asked, at)[0])), total=found.total + 2
    )


def _account(found: Statement, text: str) -> list[Sequence[Value]]:
    whose = f"{found.hospital.name} — {found.seller.name} {text}"
    first = (None, f"期初余额（{whose}）", "", None, None, None, found.line.opening)
    last = (None, "期末余额", "", None, None, None, found.line.closing)
    return [first, *map(_movement, found.movements), last]


def _movement(one: Movement) -> Sequence[Value]:
    entry = one.entry
    paper = (entry.payment.reference, entry.payment.paid_on) if entry.payment else ("", None)
    if entry.invoice:
        paper = (entry.invoice.title, entry.invoice.issued_on)
    more = one.change if one.change > 0 else None
    return entry.day, label(entry.kind), *paper, more, None if more else -one.change, one.balance


export("procurement.settlement-statements", _l("Statements of account"), P.INVOICE_READ, statements)
export("procurement.settlement-statement", _l("Statement of account"), P.INVOICE_READ, statement)
