"""A plan changes the prices of the day before its own, which may be put off; grids say every mistake at its line."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.db import Database
from kernel.errors import Conflict, Invalid
from pricing.adjustments.flow import PlanState
from pricing.adjustments.models import AdjustmentPlan, PlanLine
from pricing.adjustments.queries import judging, plans
from pricing.adjustments.services import drafting, steps
from pricing.adjustments.services.drafting import NewLine
from pricing.items.flow import PriceGrade, PriceSource
from pricing.items.queries.prices import prices_on
from pricing.items.rules.prices import NewPrice
from pricing.items.services.prices import set_prices
from tests.factories.people import signed_in
from tests.pricing.adjustments.scene import STARTS, Province, begun, populate, raised, to_vote
from tests.pricing.adjustments.test_pages import PLAN, URL, done
from tests.pricing.scene import NOW, PROVINCE


def table(session: Session, scene: Province, price: str, day: date) -> None:
    """Set the first item's price in hospitals of the third grade from a day on."""
    new = [NewPrice(scene.items[0], PROVINCE, PriceGrade.THIRD, Decimal(price))]
    set_prices(session, new, starts_on=day, source=PriceSource.IMPORT, source_id=None, actor=scene.drafter, at=NOW)


def test_old_prices_are_those_of_the_day_before_the_plan(session: Session, scene: Province) -> None:
    table(session, scene, "19.5", date(2026, 12, 15))
    plan = begun(session, scene)
    raised(session, scene, plan)
    first = next(one for one in plans.lines(session, plan) if one.item_id == scene.items[0])
    assert (first.grade, first.old_price, first.new_price) == (PriceGrade.THIRD, Decimal("19.5"), Decimal(21))
    to_vote(session, scene, plan)  # a table of before the plan, already reckoned with, does not stop it


def test_a_table_between_today_and_the_plan_is_noticed(session: Session, scene: Province, plan: AdjustmentPlan) -> None:
    table(session, scene, "20.5", STARTS - timedelta(days=1))
    with pytest.raises(Conflict, match="plan-stale"):
        to_vote(session, scene, plan)


def test_another_day_takes_the_prices_before_it_over(session: Session, scene: Province, plan: AdjustmentPlan) -> None:
    table(session, scene, "20.5", STARTS + timedelta(days=5))
    given: dict[str, Any] = {"plan_id": plan.id, "actor": scene.drafter, "at": NOW}
    for wrong in (None, date(2026, 11, 20)):
        with pytest.raises(Invalid):
            drafting.put_off(session, starts_on=wrong, **given)
    assert drafting.put_off(session, starts_on=STARTS + timedelta(days=6), **given) == 1
    assert not drafting.stale(session, plan, date(2026, 11, 20))
    assert Decimal("20.5") in {one.old_price for one in plans.lines(session, plan)}


def test_filing_may_put_the_published_day_off(session: Session, scene: Province, plan: AdjustmentPlan) -> None:
    to_vote(session, scene, plan)
    for actor in (scene.second, scene.third):
        steps.vote(session, plan_id=plan.id, approves=True, reason="", actor=actor, at=NOW)
    after = clock.from_beijing(clock.beijing(NOW).replace(year=2027))  # the day is past
    given: dict[str, Any] = {"plan_id": plan.id, "filing": "备〔2027〕1号", "actor": scene.drafter, "at": after}
    with clock.travel(to=after):
        for wrong in (None, STARTS - timedelta(days=1), clock.today(after)):
            with pytest.raises(Invalid):
                steps.file(session, starts_on=wrong, **given)
        assert plan.state is PlanState.PUBLICITY
        later = clock.today(after) + timedelta(days=1)
        steps.file(session, starts_on=later, **given)
    held = [prices_on(session, day, PROVINCE, item_ids=scene.items[:1]) for day in (later - timedelta(days=1), later)]
    assert [one[scene.items[0], PriceGrade.THIRD] for one in held] == [20, 21]


def test_a_filing_is_not_sooner_than_what_was_published(
    session: Session, scene: Province, plan: AdjustmentPlan
) -> None:
    to_vote(session, scene, plan)
    for actor in (scene.second, scene.third):
        steps.vote(session, plan_id=plan.id, approves=True, reason="", actor=actor, at=NOW)
    after = NOW + timedelta(days=9)
    with clock.travel(to=after), pytest.raises(Invalid) as refused:
        steps.file(session, plan_id=plan.id, filing="备1", starts_on=date(2026, 12, 20), actor=scene.drafter, at=after)
    assert refused.value.fields["starts_on"].code == "plan-sooner"


def test_a_higher_grade_that_is_cut_below_a_standing_price_fails(session: Session, scene: Province) -> None:
    plan = begun(session, scene)
    new = [NewLine(scene.items[0], PriceGrade.THIRD, Decimal("17.99"))]  # the second grade stays at 18
    drafting.set_lines(session, plan_id=plan.id, rows=new, actor=scene.drafter, at=NOW)
    checks = {step.code: step.passed for step in judging.judged(session, plan, date(2026, 11, 20)).checks}
    assert checks["plan-grades"] is False


def test_the_grid_says_every_mistake_and_keeps_what_was_typed(app: Flask, database: Database) -> None:
    with database.transaction() as session:
        scene = populate(session)
    one, two = (signed_in(app, scene.users[f"officer{number}"]) for number in (1, 2))
    assert one.post("/pricing/adjustments/new", data=PLAN).status_code == 303
    done(one, "/lines/add", {"prefix": "3302", "percent": "5", "step": "0.1"})
    with database.transaction(write=False) as session:
        held = session.scalars(select(PlanLine).order_by(PlanLine.id)).all()
        ids, code = [line.id for line in held], held[0].item.code
    rows = [{"id": ids[0], "new": "abc"}, {"id": ids[1], "new": "1.234"}, {"id": ids[2], "new": "77.70"}]
    answer = one.post(f"{URL}/lines", data={"lines": json.dumps(rows)})
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert code in text.partition('class="summary"')[2].partition("</ul>")[0]
    assert "abc" in text and "77.70" in text.partition('id="lines-data"')[2]
    for wrong in ("{", "[" * 100_000, '{"a": 1}', "1"):
        assert one.post(f"{URL}/lines", data={"lines": wrong}).status_code == 422
    assert one.post(f"{URL}/day", data={"starts_on": "0001-01-01"}).status_code == 422
    done(one, "/day", {"starts_on": "2099-02-01"})
    with database.transaction() as session:
        session.scalars(select(AdjustmentPlan)).one().state = PlanState.DECISION
    for vote in ("", "maybe"):  # neither is a vote against
        assert two.post(f"{URL}/vote", data={"vote": vote, "reason": "x"}).status_code == 422
