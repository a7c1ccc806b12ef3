"""Shortages of the demo in every state, and emergency purchases: one filed, one overdue."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from importers.demo.stage import SEED, Stage
from kernel.clock import today
from procurement.agreements.models import Agreement
from procurement.orders.flow import OrderKind
from procurement.orders.services import answers, plans
from procurement.orders.services.plans import Wanted
from procurement.supply.channel import services as channel
from procurement.supply.channel.services import Paper
from procurement.supply.shortages import services
from procurement.supply.shortages.flow import Cause, Ending, Reply
from procurement.supply.shortages.models import Shortage
from procurement.supply.shortages.services import Answer, Report

SECOND = "approver"
"""The second person of the first hospital's pharmacy, where the demo has one."""
PAPER = Paper("应急采购会议纪要.pdf", b"%PDF-1.4\n% demo\n%%EOF\n")
NOTES = ("连续两次拒单，配送企业称无货", "到货不足，库存持续下降", "企业来电称停产检修", "近两月订单均未发货")


def build(stage: Stage) -> None:
    """Report five products short; the producers supply, supply a part, can't, are silent, or have time."""
    chance = random.Random(SEED + 56)  # noqa: S311 - invented stocks, the same at every build
    short = _products(stage)
    if len(short) < 5:
        return
    none = _report(stage, short[0], range(6), -9, chance)
    _answer(stage, none, -8, Answer(Reply.NONE, Cause.MATERIAL, note="原料药供应商停产，预计三个月后恢复"))
    with stage.at(stage.day(-2)) as session:
        reason = "本院库存不足三天，请备供企业接替供应"
        services.ask_take_over(
            session, shortage_id=none[0], reason=reason, actor=stage.hospital(0), at=stage.day(-2)
        )  # fmt: skip
    part = _report(stage, short[1], range(3), -6, chance)
    supplies = Answer(Reply.PART, Cause.DEMAND, Decimal(600), today(stage.day(12)), "优先保障三级医院")
    _answer(stage, part, -5, supplies)
    _report(stage, short[2], (1, 4), -12, chance)
    _report(stage, short[3], (0, 2, 7), 0, chance)
    over = _report(stage, short[4], (0,), -30, chance)
    _answer(stage, over, -29, Answer(Reply.ALL, None, Decimal(2000), today(stage.day(-25))))
    with stage.at(stage.day(-24)) as session:
        services.close(
            session, shortage_id=over[0], ending=Ending.SUPPLIED, actor=stage.hospital(0), at=stage.day(-24)
        )  # fmt: skip
    with stage.at(stage.day(0, 9)) as session:
        services.settle_due(session, at=stage.day(0, 9))
    if SECOND in stage.cast.users:
        _emergencies(stage)


def _products(stage: Stage) -> list[int]:
    """Return products that the first hospital has agreements on; the fourth is the first company's, to be answered."""
    with stage.at(stage.day(-30)) as session:
        held = select(Agreement.product_id, Agreement.company_id).where(Agreement.product_id.is_not(None))
        held = held.where(Agreement.hospital_id == stage.hospital(0).organisation_id, Agreement.year == 1)
        found = session.execute(held.order_by(Agreement.id)).all()
    own = [row[0] for row in found if row[0] and row[1] == stage.cast.companies[0].id][:1]
    others = [product for product in dict.fromkeys(row[0] for row in found) if product and product not in own]
    return [*others[:3], *(own or others[4:5]), *others[3:4]]


def _report(stage: Stage, product: int, hospitals: Sequence[int], day: int, chance: random.Random) -> list[int]:
    """Let hospitals report a product short, an hour apart."""
    made = []
    for place, index in enumerate(hospitals):
        at = stage.day(day, 8) + timedelta(minutes=20 * place)
        daily = chance.randint(8, 60)
        said = Report(
            product, Decimal(daily * 30), Decimal(daily * chance.randint(0, 12)), Decimal(daily), chance.choice(NOTES)
        )
        with stage.at(at) as session:
            made.append(services.report(session, said=said, actor=stage.hospital(index), at=at).id)
    return made


def _answer(stage: Stage, shortages: Sequence[int], day: int, said: Answer) -> None:
    """Let the producer answer them all."""
    at = stage.day(day, 15)
    with stage.at(at) as session:
        for one in shortages:
            company = session.get_one(Shortage, one).company_id
            services.answer(session, shortage_id=one, said=said, actor=stage.company(company), at=at)


def _emergencies(stage: Stage) -> None:
    """Buy twice in an emergency: the first is overdue, the second was filed in time."""
    for day, filed in ((-14, False), (-12, True)):
        at = stage.day(day)
        with stage.at(at) as session:
            held = select(Agreement).where(Agreement.hospital_id == stage.hospital(0).organisation_id)
            held = held.where(
                Agreement.starts <= today(at), Agreement.ends > today(at), Agreement.product_id.is_not(None)
            )
            chosen = session.scalars(held.order_by(Agreement.id).limit(1)).one()
            plan = plans.create(
                session, kind=OrderKind.EMERGENCY, title="抢救用药应急采购", department="急诊科",
                reason="夜间批量伤员抢救，库存不足", actor=stage.hospital(0), at=at,
            )  # fmt: skip
            lines = [Wanted(chosen.product_id or 0, Decimal(200))]
            plans.keep(session, plan_id=plan.id, version=plan.version, lines=lines, actor=stage.hospital(0), at=at)
            plans.submit(session, plan_id=plan.id, version=plan.version, actor=stage.hospital(0), at=at)
            order = plans.approve(session, plan_id=plan.id, actor=stage.actor(SECOND), at=at)[0]
            order_id, company = order.id, order.deliverer_id
        with stage.at(stage.day(day, 15)) as session:
            answers.confirm(session, order_id=order_id, actor=stage.company(company), at=stage.day(day, 15))
        if filed:
            with stage.at(stage.day(day + 2)) as session:
                channel.file(
                    session, order_id=order_id, ground="夜间批量伤员抢救，挂网产品无法及时到货",
                    document="院应急采购会议纪要第7号", papers=[PAPER], actor=stage.hospital(0), at=stage.day(day + 2),
                )  # fmt: skip
    with stage.at(stage.day(0, 9)) as session:
        channel.remind_due(session, at=stage.day(0, 9))
