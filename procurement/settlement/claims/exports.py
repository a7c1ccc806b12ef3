"""Claims for workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.downloads.tables import rows_of
from kernel.i18n import _l, label
from kernel.sheets import Sheet, Value
from procurement.settlement.claims import queries
from procurement.settlement.models.claims import Claim

HEADERS = (
    "申报编号", "申报月份", "申报企业", "统一社会信用代码", "医疗机构", "发票金额", "红字冲减", "申报金额", "申报时间",
    "审核截止", "状态", "审核时间", "退回原因",
)  # fmt: skip


def claims(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return what the list of claims shows, in yuan."""
    return rows_of(session, "结算申报", HEADERS, queries.listing(actor, **queries.asked(asked, at)), _row)


def _row(each: Claim) -> tuple[Value, ...]:
    return (
        each.number, f"{each.month:%Y-%m}", each.seller.name, each.seller.code, each.hospital.name, each.gross,
        each.credited, each.amount, each.filed_at, each.due_at, label(each.state), each.reviewed_at, each.reason,
    )  # fmt: skip


export("procurement.settlement-claims", _l("Claims"), P.INVOICE_READ, claims)
