"""The violation list of the demo: one entry in force, one that waits; and two ratings that another province told us."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from importers.demo.gaps import NEIGHBOURS
from importers.demo.parties import credit_code
from importers.demo.stage import Stage
from kernel import clock
from pricing.credit.flow import Matter
from pricing.credit.national import queries as national
from pricing.credit.national.rules import Told
from pricing.credit.national.services import bring, confirm
from pricing.credit.ratings.flow import Level
from pricing.credit.violations import services
from pricing.credit.violations.services import NewViolation

ROUND, OFFICE = "国家组织药品联合采购（示例批次）", "联合采购办公室"


def build(stage: Stage) -> None:
    """Put a company that bids nowhere now on the list, propose another, bring in two ratings and confirm one."""
    first, second, at = stage.actor("bureau"), stage.actor("bureau2"), stage.day(-20)
    begins = clock.today(at)
    entries = [
        NewViolation(
            stage.cast.companies[-2].id, ROUND, "中选后放弃供应，经约谈未改正", OFFICE, "联采〔示例〕12号",
            cancels=True, suspended_from=begins, suspended_until=begins + timedelta(days=548),
        ),
        NewViolation(stage.cast.companies[-1].id, ROUND, "提供虚假申报材料", OFFICE, "联采〔示例〕15号", cancels=True),
    ]  # fmt: skip
    with stage.at(at) as session:
        listed, _waiting = services.propose(session, rows=entries, actor=first, at=at)
        services.confirm(session, violation_id=listed.id, seen=listed.version, actor=second, at=at)
    region = next(iter(NEIGHBOURS))
    told = Told(
        number="XYPJ-示例-000031", region_code=region, company="外省示例制药有限公司", code=credit_code(990),
        matter=Matter.KICKBACKS, benchmark="2025", level=Level.EXTREMELY_DISHONEST, ground="累计给予回扣 1 860 000 元",
        document="示例刑初31号", published_on=begins, starts_on=begins + timedelta(days=7),
        ends_on=begins + timedelta(days=1096), products=("国药准字H99000031",),
    )  # fmt: skip
    waits = replace(
        told, number="XYPJ-示例-000032", company="外省示例生物制品有限公司", code=credit_code(991),
        document="示例刑初32号", products=("国药准字S99000032",),
    )  # fmt: skip
    with stage.at(at) as session:
        bring(session, rows=[told, waits], ended={}, source={"digest": ""}, actor=first, at=at)
        one = next(each for each in national.unconfirmed(session, second) if each.rating.number == told.number)
        confirm(session, end_id=one.id, actor=second, at=at)
