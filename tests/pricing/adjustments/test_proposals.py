"""Hospitals propose the prices of complex items, in rounds, within the plan's total."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import Conflict, Forbidden, Invalid
from pricing.adjustments.flow import PlanState
from pricing.adjustments.models import AdjustmentPlan
from pricing.adjustments.queries import complexes, plans
from pricing.adjustments.services import drafting, proposing, steps
from pricing.items.flow import PriceGrade
from tests.pricing.adjustments.scene import Province
from tests.pricing.scene import NOW


def test_hospitals_propose_prices_of_complex_items_in_two_rounds_within_the_total(
    session: Session, scene: Province, plan: AdjustmentPlan
) -> None:
    complex_, drafter = set(scene.items[:2]), {"plan_id": plan.id, "actor": scene.drafter}
    with pytest.raises(Conflict, match="plan-no-complex"):
        proposing.open_round(session, due_at=NOW + timedelta(1), at=NOW, **drafter)  # type: ignore[arg-type]  # a dict of many
    proposing.mark(session, item_ids=complex_, at=NOW, **drafter)  # type: ignore[arg-type]  # a dict of many
    steps.survey(session, at=NOW, **drafter)  # type: ignore[arg-type]  # as above
    at = NOW
    for number in (1, 2):
        with clock.travel(to=at):
            proposing.open_round(session, due_at=at + timedelta(days=1), at=at, **drafter)  # type: ignore[arg-type]  # as above
            for name, price in (("third", "21.10"), ("second", "19"), ("first", "16.5")):
                given = dict.fromkeys(complex_, Decimal(price) + number)
                proposing.propose_prices(
                    session, plan_id=plan.id, prices=given, reason="成本核算", actor=scene.people[name], at=at
                )
            refused(session, scene, plan, at)
            with pytest.raises(Conflict, match="plan-proposals-open"):
                asked(session, plan, scene, at)
        at += timedelta(days=2)
        if number == 1:
            with clock.travel(to=at), pytest.raises(Conflict, match="plan-proposals-open"):
                asked(session, plan, scene, at)  # the second round is still to come
    with clock.travel(to=at):
        with pytest.raises(Conflict, match="plan-no-more-rounds"):
            proposing.open_round(session, due_at=at + timedelta(1), at=at, **drafter)  # type: ignore[arg-type]  # as above
        assert proposing.adopt(session, at=at, **drafter) == 6  # type: ignore[arg-type]  # as above
        assert asked(session, plan, scene, at).state is PlanState.OPINIONS
    found = {(one.item_id, one.grade): one.new_price for one in plans.lines(session, plan)}
    assert found[scene.items[0], PriceGrade.THIRD] == Decimal("23.10")
    assert complexes.compared(session, plan, 1)[scene.items[0]].middle == Decimal("20.00")


def asked(session: Session, plan: AdjustmentPlan, scene: Province, at: datetime) -> AdjustmentPlan:
    """Ask for opinions."""
    return steps.ask(session, plan_id=plan.id, text="成本", due_at=at + timedelta(1), actor=scene.drafter, at=at)


def refused(session: Session, scene: Province, plan: AdjustmentPlan, at: datetime) -> None:
    """Prices beyond the total, of other items, of a private hospital, or without a reason."""
    for prices_, who, reason, why in (
        ({scene.items[0]: Decimal(999)}, "third", "成本", Invalid),
        ({scene.items[4]: Decimal(20)}, "third", "成本", Invalid),
        ({scene.items[0]: Decimal(21)}, "private", "成本", Forbidden),
        ({scene.items[0]: Decimal(21)}, "third", "", Invalid),
        ({}, "third", "成本", Invalid),
    ):  # fmt: skip
        with pytest.raises(why):
            proposing.propose_prices(
                session, plan_id=plan.id, prices=prices_, reason=reason, actor=scene.people[who], at=at
            )


def test_an_item_without_lines_is_complex_no_longer(session: Session, scene: Province, plan: AdjustmentPlan) -> None:
    given: dict[str, Any] = {"plan_id": plan.id, "actor": scene.drafter, "at": NOW}
    proposing.mark(session, item_ids=set(scene.items[:2]), **given)
    held = [one.id for one in plans.lines(session, plan) if one.item_id == scene.items[0]]
    drafting.remove_lines(session, line_ids=held[:2], **given)
    assert [one.item_id for one in complexes.marked(session, plan)] == scene.items[:2]  # a grade is left
    with clock.travel(to=NOW):
        proposing.open_round(session, due_at=NOW + timedelta(days=1), **given)
        prices_ = dict.fromkeys(scene.items[:2], Decimal("21.10"))
        hospital = scene.people["third"]
        proposing.propose_prices(session, plan_id=plan.id, prices=prices_, reason="成本", actor=hospital, at=NOW)
    drafting.remove_lines(session, line_ids=held[2:], **given)
    assert [one.item_id for one in complexes.marked(session, plan)] == scene.items[1:2]
    after = NOW + timedelta(days=2)
    with clock.travel(to=after):
        assert proposing.adopt(session, plan_id=plan.id, actor=scene.drafter, at=after) == 1
        assert scene.items[0] not in {one.item_id for one in plans.lines(session, plan)}
        rest = [one.id for one in plans.lines(session, plan) if one.item_id == scene.items[1]]
        drafting.remove_lines(session, line_ids=rest, **given)
        steps.survey(session, plan_id=plan.id, actor=scene.drafter, at=after)
        asked(session, plan, scene, after)  # nothing is complex: no second round is waited for
