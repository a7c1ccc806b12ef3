"""The violation list for workbooks; the export comes back as it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.downloads.registry import export
from kernel.downloads.tables import rows_of
from kernel.i18n import _l
from kernel.sheets import Sheet, Value
from pricing.credit.ratings.views.ratings import day_of
from pricing.credit.violations import queries
from pricing.credit.violations.models import RoundViolation

COLUMNS = (
    "统一社会信用代码", "企业", "采购批次", "地区代码", "违规情形", "取消中选资格", "暂停起始日期", "暂停终止日期",
    "作出单位", "文书编号",
)  # fmt: skip


def listed(session: Session, asked: Mapping[str, str], _actor: Actor, at: datetime) -> Sheet:
    """Return the list of a day."""
    on = day_of(asked.get("on", ""), today(at))
    query = queries.listed(on, text=asked.get("q", "").strip()[:80])
    return rows_of(session, f"集采违规名单 {on.isoformat()}", COLUMNS, query, _row)


def _row(one: RoundViolation) -> tuple[Value, ...]:
    return (
        one.company.code, one.company_name, one.round, one.region_code, one.conduct, "是" if one.cancels else "否",
        one.suspended_from, one.suspended_until, one.origin, one.document,
    )  # fmt: skip


export("pricing.round-violations", _l("Violation list of rounds"), P.PUBLIC, listed)
