"""Ratings for workbooks: the officers' list, and the public register of a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.downloads.registry import export
from kernel.downloads.tables import rows_of
from kernel.i18n import _l, label, listed
from kernel.sheets import Sheet, Value
from pricing.credit.flow import Matter
from pricing.credit.ratings.flow import Level, MeasureKind
from pricing.credit.ratings.models import CreditRating
from pricing.credit.ratings.queries import ratings as queries
from pricing.credit.ratings.queries import waiting
from pricing.credit.ratings.rules import NUMBERS
from pricing.credit.ratings.views.ratings import day_of, level_of

RATINGS = ("编号", "企业", "统一社会信用代码", "失信事项", "案号", "裁量基准", "等级", "状态", "申辩截止", "生效日期")
REGISTER = (
    "编号", "企业", "统一社会信用代码", "失信事项", "案号", "裁量基准", "等级", "地区", "依据", "文书", "公布日期",
    "生效日期", "失效日期", "处置措施", "涉及产品", "修复措施",
)  # fmt: skip


def ratings(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return the ratings that the list shows."""
    query = waiting.listed(session, actor, asked, at)
    return rows_of(session, "信用评级", RATINGS, query, lambda one: _rating(one, at))


def _rating(one: CreditRating, at: datetime) -> tuple[Value, ...]:
    return (
        one.number, one.company.name, one.company.code, label(one.matter), one.case.number, one.benchmark,
        label(one.level), label(queries.stage_of(one, at)), one.due_at, one.starts_on,
    )  # fmt: skip


def register(session: Session, asked: Mapping[str, str], _actor: Actor, at: datetime) -> Sheet:
    """Return the register of a day."""
    on = day_of(asked.get("on", ""), today(at))
    text, level = asked.get("q", "").strip()[:80], level_of(asked.get("level", ""))
    query = queries.register(on, text=text, level=level)
    return rows_of(session, f"信用评价结果 {on.isoformat()}", REGISTER, query, _published)


def _published(one: CreditRating) -> tuple[Value, ...]:
    held = one.record or {}
    return (
        held["number"], held["company"], held["code"], label(Matter(held["matter"])), held["case"], held["benchmark"],
        label(Level(held["level"])), held["region"], held["ground"], held["document"], held["published_on"],
        held["starts_on"], held["lapses_on"], listed(label(MeasureKind(kind)) for kind in held["measures"]),
        listed(" ".join(product) for product in held["products"]),
        "".join(NUMBERS[number - 1] for number in held["corrections"]),
    )  # fmt: skip


export("pricing.credit-ratings", _l("Credit ratings"), P.CREDIT_READ, ratings)
export("pricing.credit-register", _l("Register of credit ratings"), P.PUBLIC, register)
