"""The retained balance for workbooks: lines, the fund application, the payment list."""

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
from kernel.money import capitals
from kernel.sheets import Sheet, Value
from procurement.retention.models.runs import RetentionRun, RunLine, RunShare
from procurement.retention.queries import lines, runs, shares

LINES = (
    "医疗机构", "医疗机构统一社会信用代码", "序号", "品种", "基准量Q0", "集采前均价P0", "约定量Qc", "中选价Pw",
    "非中选使用金额N", "基金支付比例r", "参保人使用占比s", "已采购量", "完成约定量", "豁免", "考核得分",
    "医保资金预算B", "医保支出E", "结余测算基数M", "留用比例k", "结余留用金额R", "其中计入上一财年", "医疗机构意见",
)  # fmt: skip
APPLICATION = (
    "序号", "医疗机构", "医疗机构统一社会信用代码", "考核得分", "品种数", "医保资金预算", "医保支出金额",
    "结余测算基数", "结余留用金额", "结余留用金额（大写）", "其中计入上一财年",
)  # fmt: skip
PAYMENT = (
    "序号", "收款医疗机构", "统一社会信用代码", "拨付金额", "拨付金额（大写）", "其中计入上一财年",
    "申请文号", "拨付凭证号", "拨付日期", "内部分配金额", "内部分配情况",
)  # fmt: skip


def of_run(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return a run's lines; a hospital gets its own."""
    run = _run(session, asked, actor)
    query = lines.of_run(run)
    if not actor.runs_platform:
        query = query.where(RunLine.hospital_id == actor.organisation_id)
    return rows_of(session, "结余留用明细", LINES, query, _line)


def _run(session: Session, asked: Mapping[str, str], actor: Actor) -> RetentionRun:
    return runs.one(session, record_id(asked.get("run", "")) or 0, actor)


def _line(one: RunLine) -> tuple[Value, ...]:
    return (
        one.hospital.name, one.hospital.code, one.lot.number, one.lot.variety.name, one.q0, one.p0, one.qc, one.pw,
        one.n, one.r, one.s, one.used, "是" if one.completed else "否", "是" if one.exempt else "否", one.score,
        one.budget, one.spend, one.base, one.k, one.retained, one.earlier, label(one.state),
    )  # fmt: skip


def application(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return the fund application: a row a hospital, the total last."""
    run = _run(session, asked, actor)
    found = session.scalars(shares.listed(run, actor)).all()
    rows: list[tuple[Value, ...]] = [
        (place, one.hospital.name, one.hospital.code, one.score, one.lines_count, one.budget, one.spend, one.base,
         one.retained, capitals(one.retained), one.earlier)
        for place, one in enumerate(found, 1)
    ]  # fmt: skip
    if actor.runs_platform:
        total = (None, "合计", "", None, run.lines_count, run.budget, run.spend, run.base, run.retained)
        rows.append((*total, capitals(run.retained), run.earlier))
    return Sheet("结余留用资金拨付申请表", APPLICATION, iter(rows), total=len(rows))


def payment(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return the payment list: who is paid what; those who retain nothing are left out."""
    run = _run(session, asked, actor)
    found = session.scalars(shares.listed(run, actor).where(RunShare.retained > 0)).all()
    rows: list[tuple[Value, ...]] = [
        (place, one.hospital.name, one.hospital.code, one.retained, capitals(one.retained), one.earlier,
         run.application, run.payment, run.paid_on, one.distributed, one.distribution)
        for place, one in enumerate(found, 1)
    ]  # fmt: skip
    return Sheet("结余留用资金拨付清单", PAYMENT, iter(rows), total=len(rows))


export("procurement.retention-lines", _l("Retained balance by variety"), P.RETENTION_READ, of_run)
export("procurement.retention-application", _l("Fund application"), P.RETENTION_READ, application)
export("procurement.retention-payment", _l("Payment list"), P.RETENTION_READ, payment)
