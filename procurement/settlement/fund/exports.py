"""Fund accounts and their entries for workbooks."""

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
from procurement.settlement.fund import queries
from procurement.settlement.models.claims import FundAccount, FundEntry

ACCOUNTS = (
    "医疗机构", "统一社会信用代码", "应拨付合计", "直接结算", "预付冲抵", "应拨余额", "预付合计", "未冲抵预付",
)  # fmt: skip
ENTRIES = (
    "医疗机构",
    "事项",
    "月份",
    "金额",
    "预算",
    "带量采购批次",
    "说明",
    "登记时间",
    "撤回时间",
    "撤回原因",
)


def accounts(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return the accounts that the list shows, in yuan."""
    query = queries.listing(actor, asked.get("q", "").strip()[:80], asked.get("sort", ""))
    return rows_of(session, "基金账户", ACCOUNTS, query, _account)


def _account(each: FundAccount) -> tuple[Value, ...]:
    return (
        each.hospital.name, each.hospital.code, each.due, each.direct, each.set_off, each.balance, each.prepaid,
        each.open,
    )  # fmt: skip


def entries(session: Session, _asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return all that changed the accounts the reader sees, in yuan."""
    return rows_of(session, "基金账户明细", ENTRIES, queries.entered(actor), _entry)


def _entry(each: FundEntry) -> tuple[Value, ...]:
    return (
        each.hospital.name, label(each.kind), f"{each.month:%Y-%m}", each.amount, each.budget,
        each.round.title if each.round else "", each.note, each.made_at,
        each.undone_at, each.undone_for,
    )  # fmt: skip


export("procurement.settlement-fund", _l("Fund accounts"), P.FUND_READ, accounts)
export("procurement.settlement-fund-entries", _l("Entries of fund accounts"), P.FUND_READ, entries)
