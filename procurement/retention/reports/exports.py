"""The report for workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.i18n import _l, label
from kernel.sheets import Sheet, Value
from procurement.retention.reports import queries
from procurement.retention.reports.flow import Cut
from procurement.retention.reports.queries import Row
from procurement.retention.reports.views import cut_of

HEADERS = (
    "名称", "医疗机构数", "品种数", "医保资金预算", "医保支出金额", "结余测算基数", "结余留用金额", "其中计入上一财年",
    "留用占预算比例",
)  # fmt: skip


def report(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return every row of a cut within the page's filter, the total last."""
    cut, what = cut_of(asked), queries.asked(asked)
    found = queries.rows(session, actor, cut, what)
    hospitals = found if cut is Cut.HOSPITAL else queries.rows(session, actor, Cut.HOSPITAL, what)
    rows = [_row(one.name, one) for one in found]
    rows += [_row("合计", queries.total(found, len(hospitals)))] if found else []
    return Sheet(str(label(cut)), HEADERS, iter(rows), total=len(rows))


def _row(name: str, one: Row) -> tuple[Value, ...]:
    return (
        name, one.hospitals, one.lines, one.budget, one.spend, one.base, one.retained, one.earlier, one.share
    )  # fmt: skip


export("procurement.retention-report", _l("Report of retained balances"), P.RETENTION_READ, report)
