"""A payment run for the bank and the files: a row for each claim."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.downloads.tables import rows_of
from kernel.i18n import _l, label
from kernel.identity import record_id
from kernel.sheets import Sheet, Value
from procurement.settlement.models.claims import Claim, Run
from procurement.settlement.runs import queries

HEADERS = (
    "支付批次", "批次状态", "银行凭证号", "付款日期", "申报编号", "申报月份", "收款企业",
    "统一社会信用代码", "医疗机构", "发票金额", "红字冲减", "支付金额",
)  # fmt: skip


def run(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return a run's claims, in yuan."""
    found = queries.one(session, record_id(asked.get("run", "")) or 0, actor)
    return rows_of(session, "基金支付", HEADERS, queries.claims_of(found), lambda each: _row(found, each))


def _row(run_: Run, each: Claim) -> tuple[Value, ...]:
    return (
        run_.number, label(run_.state), run_.reference or "", run_.paid_on, each.number, f"{each.month:%Y-%m}",
        each.seller.name, each.seller.code, each.hospital.name, each.gross, each.credited, each.amount,
    )  # fmt: skip


export("procurement.settlement-run", _l("Payment run"), P.FUND_WATCH, run)
