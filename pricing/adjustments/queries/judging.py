"""What a plan comes to and whether it passes, put together for pages, votes and prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from kernel.rulebooks.rules import held
from kernel.working import Step, plain
from pricing.adjustments import rules
from pricing.adjustments.models import AdjustmentPlan, PlanLine
from pricing.adjustments.queries import effects, plans
from pricing.adjustments.queries.effects import Effect
from pricing.adjustments.rules import Part
from pricing.items.queries.prices import prices_on


@dataclass(frozen=True, slots=True)
class Judged:
    """A plan's limit (None while the growth is unknown), its effect, its checks."""

    limit: Decimal | None
    effect: Effect
    checks: tuple[Step, ...]


def judged(session: Session, plan: AdjustmentPlan, day: date, lines: Sequence[PlanLine] | None = None) -> Judged:
    """Compute a plan's effect and hold it against what it has to keep, by the prices of the day before its own."""
    found = plans.lines(session, plan) if lines is None else lines
    parameters = held(plan.values)
    effect = effects.effect(session, plan, found)
    items, eve, limit = {one.item_id for one in found}, plans.eve(plan, day), limit_of(plan)
    beside = effects.neighbours(session, plan.region_code, items, eve)
    standing = prices_on(session, eve, plan.region_code, item_ids=items)
    return Judged(limit, effect, rules.checks(effect.lines, limit, parameters, beside, standing))


def limit_of(plan: AdjustmentPlan) -> Decimal | None:
    """Return the total amount that a plan may add; None while its growth is unknown."""
    growth = held(plan.values)["growth"]
    return rules.total(plan.base, Decimal(growth.value)).value if growth.is_set else None


def as_plain(found: Judged) -> dict[str, Any]:
    """Return what a plan is decided on as plain data."""
    return {
        "limit": plain(found.limit), "whole": _part(found.effect.whole), "lines": len(found.effect.lines),
        "grades": {grade.value: _part(one) for grade, one in found.effect.by_grade.items()},
        "checks": [step.as_dict() for step in found.checks],
    }  # fmt: skip


def _part(one: Part) -> dict[str, Any]:
    return {"amount": plain(one.amount), "fund": plain(one.fund), "patients": plain(one.patients)}
