"""Rule sets of the demo: one approved by a second person, one being written."""

from __future__ import annotations

from datetime import timedelta

from importers.demo.stage import Stage
from procurement.rounds.sets import services
from procurement.rounds.sets.services import Typed


def build(stage: Stage) -> None:
    """Copy, change, submit and approve, each by the person who may."""
    agency, reviewer, at = stage.actor("agency"), stage.actor("reviewer"), stage.day(-60)
    code = "jianghai-2027"
    with stage.at(at) as session:
        services.copy(
            session, source="batch-11", code=code, title="江海省省级药品集采规则（2027）", actor=agency, at=at
        )
        for name, value, reason in (
            ("limit.multiplier", "1.6", "省级价差较小，熔断线从严"),
            ("period.years", "2", "省级协议期两年"),
        ):
            typed = Typed(name, value, "江海集采〔2027〕1号（虚构）", "F", reason)
            services.change(session, code=code, typed=typed, actor=agency, at=at)
        services.submit(session, code=code, actor=agency, at=at)
    with stage.at(at + timedelta(days=1)) as session:
        services.approve(session, code=code, actor=reviewer, at=at + timedelta(days=1))
    with stage.at(stage.day(-3)) as session:
        services.copy(
            session, source=code, code=f"{code}-2", title="江海省省级药品集采规则（2027 修订稿）", actor=agency,
            at=stage.day(-3),
        )  # fmt: skip
        services.drop(
            session, code=f"{code}-2", name="anchor.factor", reason="改用最低价为锚点", actor=agency, at=stage.day(-3)
        )
