"""The national list for workbooks: what a province reports, and what it takes in again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.downloads.registry import export
from kernel.i18n import _l
from kernel.sheets import Sheet, Value
from pricing.credit.national import queries
from pricing.credit.national.flow import LEVELS, MATTERS
from pricing.credit.national.rules import Known
from pricing.credit.ratings.views.ratings import day_of

COLUMNS = (
    "编号", "地区代码", "企业", "统一社会信用代码", "失信事项", "裁量基准", "等级", "依据", "文书", "公布日期",
    "生效日期", "失效日期", "涉及产品批准文号",
)  # fmt: skip


def national(session: Session, asked: Mapping[str, str], _actor: Actor, at: datetime) -> Sheet:
    """Return the serious ratings of a day; `of=own` leaves out those of other provinces: what is reported."""
    on = day_of(asked.get("on", ""), today(at))
    found = queries.national(session, on, asked.get("q", "").strip()[:80])
    rows = [_row(one) for one in found if one.own or asked.get("of") != "own"]
    return Sheet(f"严重失信汇总 {on.isoformat()}", COLUMNS, iter(rows), total=len(rows))


def _row(one: Known) -> tuple[Value, ...]:
    return (
        one.number, one.region_code, one.company, one.code, MATTERS[one.matter], one.benchmark, LEVELS[one.level],
        one.ground, one.document, one.published_on, one.starts_on, one.ends_on, "；".join(one.products),
    )  # fmt: skip


export("pricing.credit-national", _l("Serious ratings of all provinces"), P.PUBLIC, national)
