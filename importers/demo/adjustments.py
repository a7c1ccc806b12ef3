"""Price adjustments of the demo: evaluated triggers, a plan whose prices hold, one in publicity, one in its draft."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from importers.demo.parties import read
from importers.demo.stage import Stage
from kernel.clock import today
from kernel.rulebooks import queries as sets
from pricing.adjustments.flow import PlanKind, StatementKind
from pricing.adjustments.services import drafting, proposing, saying, steps
from pricing.adjustments.services.drafting import Draft
from pricing.items.queries import items
from pricing.triggers.flow import Verdict
from pricing.triggers.models import TriggerRuleVersion
from pricing.triggers.services import deciding, years
from pricing.triggers.services.years import Given
from pricing.triggers.sets.services import BOOK

PROVINCE, CITY = "980000", "980100"
SOURCE = "江海省医疗服务价格动态调整工作方案"
NUMBERS = {"growth": "0.06", "publicity": "7", "fund.third": "0.62", "fund.second": "0.7", "fund.first": "0.8"}
HOSPITALS = ("hospital6", "hospital7", "hospital10")
"""Three whose cities have no prices of their own."""


def effective(stage: Stage) -> None:
    """Carry a reform's plan from its draft to the prices that hold now."""
    draft = _draft(
        stage, 1, "医学影像检查降价与技术劳务价格联动调整", starts=stage.day(-110), document="江政办发医改联动文件"
    )
    plan = _begun(stage, draft, -190, read("adjustments.toml")["effective"])
    _asked(stage, plan, -188)
    _said(stage, plan, StatementKind.OPINION, -175, "建议同步提高乡镇卫生院诊查费。", "已在一级及以下价格中体现。")
    _voted(stage, plan, -168)
    _said(stage, plan, StatementKind.OBJECTION, -163, "磁共振平扫降幅偏大。", "降幅依据成本调查，低于周边平均降幅。")
    at, bureau = stage.day(-121), stage.actor("bureau")
    with stage.at(at) as session:
        steps.file(session, plan_id=plan, filing="江医保价备〔演示〕12号", actor=bureau, at=at)


def build(stage: Stage) -> None:
    """Evaluate the triggers of two regions, publish a plan for nursing, begin the one that the decision calls for."""
    decided = _triggers(stage)
    draft = _draft(
        stage, 2, "护理类项目单项调整", starts=stage.day(45), kind=PlanKind.SINGLE, document="护理服务价格专项文件"
    )
    plan = _begun(stage, draft, -40, read("adjustments.toml")["public"])
    _asked(stage, plan, -38)
    _voted(stage, plan, -3)
    _said(stage, plan, StatementKind.OBJECTION, -1, "二级护理在三级医院的成本高于调整后价格，建议再测算。")
    draft = _draft(stage, 3, "医疗服务价格常规调整", starts=stage.day(120), kind=PlanKind.REGULAR, trigger=decided)
    plan = _begun(stage, draft, -30, read("adjustments.toml")["draft"])
    _proposed(stage, plan)


def _draft(
    stage: Stage, number: int, title: str, *, starts: Any, kind: PlanKind = PlanKind.SPECIAL, document: str = "",
    trigger: int | None = None,
) -> Draft:  # fmt: skip
    year = today(stage.now).year
    return Draft(
        f"JH-TJ-{year}-{number}", f"江海省{year}年{title}", kind, PROVINCE, year - 1, today(starts), trigger, document
    )


def _begun(stage: Stage, draft: Draft, day: int, rows: Sequence[Sequence[str]]) -> int:
    """Begin a plan, fill its numbers in and add its lines by the beginnings of codes."""
    at, bureau = stage.day(day), stage.actor("bureau")
    with stage.at(at) as session:
        plan = drafting.begin(session, draft=draft, actor=bureau, at=at).id
        for name, value in NUMBERS.items():
            drafting.fill(
                session, plan_id=plan, parameter=name, text=value, source=SOURCE, actor=bureau, at=at
            )  # fmt: skip
        for prefix, percent, step in rows:
            drafting.add_by_prefix(
                session, plan_id=plan, prefix=prefix, percent=Decimal(percent), step=Decimal(step), actor=bureau, at=at
            )
    return plan


def _asked(stage: Stage, plan: int, day: int) -> None:
    """Survey costs and ask the hospitals for ten days."""
    at, bureau = stage.day(day), stage.actor("bureau")
    with stage.at(at) as session:
        steps.survey(session, plan_id=plan, actor=bureau, at=at)
    at = stage.day(day + 3)
    with stage.at(at) as session:
        steps.ask(
            session, plan_id=plan, text="抽样调查12家医院，技术劳务类项目平均成本高于现行价格。",
            due_at=stage.day(day + 16, 17), actor=bureau, at=at,
        )  # fmt: skip


def _said(stage: Stage, plan: int, kind: StatementKind, day: int, text: str, reply: str = "") -> None:
    """Let a hospital say something; the bureau answers on the day after, if at all."""
    at = stage.day(day)
    with stage.at(at) as session:
        hospital = stage.actor(HOSPITALS[0])
        made = saying.say(session, plan_id=plan, kind=kind, text=text, actor=hospital, at=at).id
    if reply:
        at = stage.day(day + 1)
        with stage.at(at) as session:
            saying.reply(session, statement_id=made, text=reply, actor=stage.actor("bureau"), at=at)


def _voted(stage: Stage, plan: int, day: int) -> None:
    """Convene the experts, put the plan to the vote, and let two who did not draft it approve."""
    at, bureau = stage.day(day), stage.actor("bureau")
    with stage.at(at) as session:
        steps.convene(session, plan_id=plan, text="意见已逐条研究并答复。", actor=bureau, at=at)
        steps.propose(session, plan_id=plan, text="七位专家论证，一致同意。", actor=bureau, at=at)
    for number, login in enumerate(("bureau2", "bureau3"), start=1):
        at = stage.day(day, 10 + number)
        with stage.at(at) as session:
            steps.vote(session, plan_id=plan, approves=True, reason="", actor=stage.actor(login), at=at)


def _proposed(stage: Stage, plan: int) -> None:
    """Let three hospitals propose the price of a complex item in the first round; the second is open."""
    bureau = stage.actor("bureau")
    with stage.at(stage.day(-25)) as session:
        item = items.ids_by_code(session, ["331505038"])["331505038"]
        proposing.mark(session, plan_id=plan, item_ids={item}, actor=bureau, at=stage.day(-25))
    for opened, due, prices in ((-25, -12, ("4150", "3990", "3700")), (-6, 8, ("4100",))):
        at = stage.day(opened, 11)
        with stage.at(at) as session:
            proposing.open_round(session, plan_id=plan, due_at=stage.day(due, 17), actor=bureau, at=at)
        for login, price in zip(HOSPITALS, prices, strict=False):
            at = stage.day(opened + 2)
            with stage.at(at) as session:
                proposing.propose_prices(
                    session, plan_id=plan, prices={item: Decimal(price)}, reason="手术耗时与人力成本测算",
                    actor=stage.actor(login), at=at,
                )  # fmt: skip


def _triggers(stage: Stage) -> int:
    """Decide the province's evaluation with one figure missing; leave a city's without its thresholds."""
    bureau, at, found = stage.actor("bureau"), stage.day(-250), read("adjustments.toml")
    with stage.at(at) as session:
        BOOK.take_over(session, actor=bureau, at=at)
        base = {one.code: one.id for one in sets.latest(session, TriggerRuleVersion)}
        BOOK.copy(session, rules_id=base["hunan-2021"], code="jianghai", title="江海省触发规则", actor=bureau, at=at)
        BOOK.change(
            session, code="jianghai", parameter="wage-change", text="0.08", source=SOURCE, reason="明确工资变动的阈值",
            actor=bureau, at=at,
        )  # fmt: skip
        rules = BOOK.approve(session, code="jianghai", actor=stage.actor("bureau2"), at=at).id
    year = _entered(stage, PROVINCE, rules, found["province"], "bureau", -248)
    at = stage.day(-240)
    with stage.at(at) as session:
        years.evaluate_year(session, year_id=year, actor=bureau, at=at)
        reason = "次均费用连续下降，医疗收入增幅低于地区生产总值增幅，无约束指标触及。"
        deciding.propose(session, year_id=year, verdict=Verdict.START, reason=reason, actor=bureau, at=at)
        deciding.confirm(session, year_id=year, actor=stage.actor("bureau2"), at=at + timedelta(hours=3))
    _entered(stage, CITY, base["guangdong-2022"], found["city"], "city", -12)
    return year


def _entered(stage: Stage, region: str, rules: int, rows: dict[str, str], login: str, day: int) -> int:
    """Open a region's year and enter its figures; an empty one is missing."""
    at, actor = stage.day(day), stage.actor(login)
    last: date = today(at)
    given = [
        Given(name, Decimal(value), f"{last.year - 1}年统计公报")
        if value
        else Given(name, None, "", "统计年鉴尚未发布")
        for name, value in rows.items()
    ]
    with stage.at(at) as session:
        year = years.open_year(
            session, region_code=region, year=last.year - 1, rules_id=rules, data_due_at=stage.day(day + 20, 17),
            due_at=stage.day(day + 60, 17), actor=actor, at=at,
        ).id  # fmt: skip
        years.enter(session, year_id=year, rows=given, actor=actor, at=at)
    return year
