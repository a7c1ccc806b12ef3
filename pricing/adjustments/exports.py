"""A plan's lines and effect as workbooks.

Headers of lines are those of the import kind, so that an export imports as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.downloads.registry import export
from kernel.i18n import _l
from kernel.identity import record_id
from kernel.sheets import Sheet, Value
from pricing.adjustments.models import AdjustmentPlan
from pricing.adjustments.queries import effects, plans
from pricing.adjustments.rules import Part
from pricing.items.rules.prices import GRADE_WORDS

HEADERS = ("项目编码", "医院等级", "调整后价格", "技术劳务", "项目名称", "计价单位", "现行价格")


def lines(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return the lines of a plan that the reader may see."""
    plan = plans.one(session, record_id(asked.get("plan", "")) or 0, actor)
    rows = list(_rows(session, plan, at))
    return Sheet("调价方案", HEADERS, rows, total=len(rows))


def _rows(session: Session, plan: AdjustmentPlan, at: datetime) -> Iterator[tuple[Value, ...]]:
    found = plans.lines(session, plan)
    versions = plans.versions(session, [one.item_id for one in found], today(at))
    for one in found:
        version = versions.get(one.item_id)
        yield (one.item.code, GRADE_WORDS[one.grade], one.new_price, "是" if one.technical else "否",
               version.name if version else None, version.unit if version else None, one.old_price)  # fmt: skip


EFFECT = ("维度", "名称", "医院等级", "年增加额", "医保基金负担", "患者负担")
OF_GRADE, OF_DEPARTMENT, OF_HOSPITAL, WHOLE = "等级", "科室", "医院", "合计"


def effect(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return whom a plan costs what a year, in yuan: by grade, department and hospital."""
    plan = plans.one(session, record_id(asked.get("plan", "")) or 0, actor)
    found = effects.effect(session, plan, plans.lines(session, plan))
    rows = [
        *((OF_GRADE, GRADE_WORDS[grade], GRADE_WORDS[grade], *_parts(one)) for grade, one in found.by_grade.items()),
        *((OF_DEPARTMENT, name, None, *_parts(one)) for name, one in found.by_department),
        *((OF_HOSPITAL, place.name, GRADE_WORDS[place.grade], *_parts(one)) for place, one in found.by_hospital),
        (WHOLE, plan.title, None, *_parts(found.whole)),
    ]
    return Sheet("影响测算", EFFECT, rows, total=len(rows))


def _parts(one: Part) -> tuple[Value, Value, Value]:
    return one.amount, one.fund, one.patients


export("pricing.adjustment-effect", _l("Effect of the plan"), P.ADJUSTMENT_READ, effect)
export("pricing.adjustment-lines", _l("Prices of the plan"), P.PUBLIC, lines)
