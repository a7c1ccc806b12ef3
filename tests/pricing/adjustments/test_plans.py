"""A plan from its draft to effective prices, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from importers import services as imports
from importers.flow import Mode
from kernel import clock
from kernel.auth.second import SamePerson
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, UnsetParameter
from kernel.sheets import Sheet
from pricing.adjustments import exports
from pricing.adjustments.flow import PlanKind, PlanState, StatementKind
from pricing.adjustments.models import AdjustmentPlan
from pricing.adjustments.queries import effects, judging, plans
from pricing.adjustments.services import drafting, saying, steps
from pricing.adjustments.services.drafting import Draft, NewLine
from pricing.items.flow import PriceGrade, PriceSource
from pricing.items.models import ItemVolume
from pricing.items.queries.prices import prices_on
from pricing.items.rules.prices import NewPrice
from pricing.items.services.prices import set_prices
from tests.importers.ways import by_xlsx
from tests.pricing.adjustments.scene import PRICES, STARTS, YEAR, Province, begun, prices, raised, to_vote
from tests.pricing.scene import CITY, NOW, PROVINCE


def plain_effect(session: Session, scene: Province, plan: AdjustmentPlan) -> Decimal:
    """Add it up row by row, as anybody would by hand."""
    lines = {(one.item_id, one.grade): one.new_price - one.old_price for one in plans.lines(session, plan)}
    grades = {scene.hospitals[name].id: PriceGrade(name) for name in ("third", "second", "first")}
    return sum(
        (lines.get((row.item_id, grades[row.hospital_id]), Decimal(0)) * row.quantity
         for row in session.query(ItemVolume) if row.hospital_id in grades),
        Decimal(0),
    )  # fmt: skip


def test_the_effect_is_that_of_a_plain_recomputation_and_its_parts_are_the_whole(
    session: Session, scene: Province, plan: AdjustmentPlan
) -> None:
    drafting.set_lines(
        session, plan_id=plan.id, rows=[NewLine(scene.items[4], PriceGrade.THIRD, Decimal("19.37"))],
        actor=scene.drafter, at=NOW,
    )  # fmt: skip
    found = judging.judged(session, plan, date(2026, 11, 20)).effect
    assert found.whole.amount == plain_effect(session, scene, plan)
    for parts in (
        found.by_grade.values(),
        [one for _p, one in found.by_hospital],
        [one for _d, one in found.by_department],
    ):
        assert sum((one.amount for one in parts), Decimal(0)) == found.whole.amount
        assert sum((one.fund or Decimal(0) for one in parts), Decimal(0)) == found.whole.fund
    assert sum((line.amount for line in found.lines), Decimal(0)) == found.whole.amount
    assert {place.name for place, _one in found.by_hospital} == {
        f"江州{name}医院" for name in ("third", "second", "first")
    }


def test_a_city_with_prices_of_its_own_is_not_the_provinces(session: Session, scene: Province) -> None:
    assert len(effects.places(session, PROVINCE)) == 3
    prices(session, scene.items[:1], CITY)
    assert (len(effects.places(session, PROVINCE)), len(effects.places(session, CITY))) == (0, 3)


def test_a_plan_stands_on_a_decision_or_a_document(session: Session, scene: Province) -> None:
    given: dict[str, Any] = {"code": "P-1", "title": "调价", "kind": PlanKind.SINGLE, "region_code": PROVINCE,
                             "volume_year": YEAR, "starts_on": STARTS, "document": "文号"}  # fmt: skip
    for wrong in ({"document": ""}, {"kind": PlanKind.REGULAR}, {"starts_on": date(2026, 11, 20)}, {"code": "é"},
                  {"region_code": "1"}, {"base": Decimal(1)}, {"title": " "}):  # fmt: skip
        with pytest.raises(Invalid):
            drafting.begin(session, draft=Draft(**{**given, **wrong}), actor=scene.drafter, at=NOW)
    made = drafting.begin(session, draft=Draft(**given), actor=scene.drafter, at=NOW)
    assert made.base == 3 * 5 * 2 * 4000  # the private hospital's revenue is not in it
    with pytest.raises(Invalid):
        drafting.begin(session, draft=Draft(**given), actor=scene.drafter, at=NOW)
    with pytest.raises(Forbidden):
        drafting.begin(session, draft=Draft(**{**given, "code": "P-2"}), actor=scene.people["third"], at=NOW)
    with pytest.raises(Invalid):  # a city's officer sets no prices for the province
        drafting.begin(
            session, draft=Draft(**{**given, "code": "P-2"}), actor=replace(scene.drafter, region=CITY), at=NOW
        )


def test_lines_come_by_prefix_and_by_workbook_and_go_out_as_they_come_in(session: Session, scene: Province) -> None:
    plan = begun(session, scene)
    added = drafting.add_by_prefix(
        session,
        plan_id=plan.id,
        prefix="3302",
        percent=Decimal("12.5"),
        step=Decimal("0.5"),
        actor=scene.drafter,
        at=NOW,
    )
    assert added == 15
    assert {one.new_price for one in plans.lines(session, plan)} == {Decimal("22.5"), Decimal("20.5"), Decimal(18)}
    sheet = exports.lines(session, {"plan": str(plan.id)}, scene.drafter, NOW)
    rows = [list(row) for row in sheet.rows]
    assert (staged(session, scene, plan, rows).unchanged, len(rows)) == (15, 15)
    rows[0][2], rows[1][0], rows[2][2], rows[3][3] = Decimal(25), "999999999", Decimal("1.234"), "否"
    other = staged(session, scene, plan, rows)
    assert (other.changed, other.faulty) == (2, 2)
    imports.apply(session, import_id=other.id, mode=Mode.GOOD_ROWS, actor=scene.drafter, at=NOW)
    assert Decimal(25) in {one.new_price for one in plans.lines(session, plan)}
    with pytest.raises(Invalid):
        drafting.set_lines(session, plan_id=plan.id, rows=[NewLine(99, PriceGrade.THIRD, Decimal(1))],
                           actor=scene.drafter, at=NOW)  # fmt: skip


def staged(session: Session, scene: Province, plan: AdjustmentPlan, rows: list[list[Any]]) -> Any:
    book = by_xlsx(Sheet("调价方案", exports.HEADERS, rows))
    return imports.stage(
        session, name="adjustment-lines", query={"plan": str(plan.id)}, book=book, actor=scene.drafter, at=NOW
    )


def test_a_plan_that_fails_or_lacks_a_number_is_not_put_to_the_vote(
    session: Session, scene: Province, plan: AdjustmentPlan
) -> None:
    raised(session, scene, plan, by="15")
    with pytest.raises(Conflict, match="plan-fails"):
        to_vote(session, scene, plan)
    plan.values = {**plan.values, "fund.first": {**plan.values["fund.first"], "value": "?"}}
    with pytest.raises(UnsetParameter):
        steps.propose(session, plan_id=plan.id, text="同意", actor=scene.drafter, at=NOW)


def test_two_others_decide_and_prices_switch_on_the_day(
    session: Session, scene: Province, plan: AdjustmentPlan
) -> None:
    to_vote(session, scene, plan)
    assert plan.effect is not None
    given: dict[str, Any] = {"plan_id": plan.id, "approves": True, "reason": "", "at": NOW}
    with pytest.raises(SamePerson):
        steps.vote(session, actor=scene.drafter, **given)
    stranger = replace(scene.second, organisation_id=scene.hospitals["third"].id)
    with pytest.raises(Forbidden):
        steps.vote(session, actor=stranger, **given)  # an officer of another bureau
    steps.vote(session, actor=scene.second, **given)
    with pytest.raises(Conflict, match="plan-voted"):
        steps.vote(session, actor=scene.second, **given)
    assert plan.state is PlanState.DECISION
    steps.vote(session, actor=scene.third, **given)
    assert (plan.state, plan.publicity_ends_at) == (
        PlanState.PUBLICITY, clock.from_beijing(datetime(2026, 11, 27, 23, 59, 59))
    )  # fmt: skip
    statement = objected(session, scene, plan)
    filing: dict[str, Any] = {"plan_id": plan.id, "filing": "备〔2026〕1号", "actor": scene.drafter}
    with clock.travel(to=NOW + timedelta(days=5)), pytest.raises(Conflict, match="plan-publicity"):
        steps.file(session, at=NOW + timedelta(days=5), **filing)
    after = NOW + timedelta(days=9)
    with clock.travel(to=after):
        with pytest.raises(Conflict, match="plan-unanswered"):
            steps.file(session, at=after, **filing)
        saying.reply(session, statement_id=statement, text="按成本测算", actor=scene.second, at=after)
        steps.file(session, at=after, **filing)
    assert_switched(session, scene, plan)


def objected(session: Session, scene: Province, plan: AdjustmentPlan) -> int:
    """Let a hospital object, in time; afterwards it is too late."""
    given: dict[str, Any] = {
        "plan_id": plan.id,
        "kind": StatementKind.OBJECTION,
        "text": "幅度偏低",
        "actor": scene.people["third"],
    }
    with clock.travel(to=NOW + timedelta(days=1)):
        found = saying.say(session, at=NOW + timedelta(days=1), **given)
        again = saying.say(session, at=NOW + timedelta(days=1), **{**given, "text": " 幅度偏低 "})  # a double click
        other = saying.say(session, at=NOW + timedelta(days=1), **{**given, "actor": scene.people["second"]})
    assert again.id == found.id != other.id
    session.delete(other)
    with clock.travel(to=NOW + timedelta(days=8)), pytest.raises(Conflict, match="plan-too-late"):
        saying.say(session, at=NOW + timedelta(days=8), **given)
    return found.id


def assert_switched(session: Session, scene: Province, plan: AdjustmentPlan) -> None:
    eve, day = (prices_on(session, one, PROVINCE, item_ids=scene.items[:1]) for one in (date(2026, 12, 31), STARTS))
    assert eve[scene.items[0], PriceGrade.THIRD] == 20
    assert day[scene.items[0], PriceGrade.THIRD] == 21
    midnight = clock.from_beijing(datetime(2027, 1, 1))
    assert plans.state_of(plan, midnight - timedelta(seconds=1)) is PlanState.FILED
    assert plans.state_of(plan, midnight) is PlanState.EFFECTIVE
    watched = steps.monitor(session, plan_id=plan.id, text="运行平稳", actor=scene.second, at=midnight)
    assert watched.state is PlanState.MONITORED
    assert effects.later(session, plan)[0][0] == YEAR


def test_a_vote_against_sends_the_plan_back_and_votes_begin_anew(
    session: Session, scene: Province, plan: AdjustmentPlan
) -> None:
    to_vote(session, scene, plan)
    steps.vote(session, plan_id=plan.id, approves=True, reason="", actor=scene.second, at=NOW)
    with pytest.raises(Invalid):
        steps.vote(session, plan_id=plan.id, approves=False, reason="", actor=scene.third, at=NOW)
    steps.vote(session, plan_id=plan.id, approves=False, reason="幅度过大", actor=scene.third, at=NOW)
    assert (plan.state, plan.turn, plan.effect) == (PlanState.DRAFT, 2, None)
    to_vote(session, scene, plan)
    steps.vote(session, plan_id=plan.id, approves=True, reason="", actor=scene.third, at=NOW)
    assert plan.state is PlanState.DECISION


def test_prices_that_changed_meanwhile_are_noticed(session: Session, scene: Province, plan: AdjustmentPlan) -> None:
    new = [NewPrice(scene.items[0], PROVINCE, PriceGrade.THIRD, Decimal("20.5"))]
    set_prices(session, new, starts_on=date(2026, 11, 20), source=PriceSource.IMPORT, source_id=None,
               actor=scene.drafter, at=NOW)  # fmt: skip
    with pytest.raises(Conflict, match="plan-stale"):
        to_vote(session, scene, plan)


def test_a_plan_is_seen_by_whom_it_concerns(session: Session, scene: Province, plan: AdjustmentPlan) -> None:
    hospital = scene.people["third"]
    with pytest.raises(NotFound):
        plans.one(session, plan.id, hospital)
    to_vote(session, scene, plan)
    assert plans.one(session, plan.id, hospital) is plan
    with pytest.raises(NotFound):
        plans.one(session, plan.id, replace(hospital, region="970000"))


def test_a_years_volumes_come_by_workbook(session: Session, scene: Province) -> None:
    headers = ("医疗机构信用代码", "项目编码", "年度", "科室", "服务量", "收入")
    item = session.scalars(select(ItemVolume).limit(1)).first()
    assert item is not None
    code, hospital = item.item.code, scene.hospitals["third"].code
    rows = [
        [hospital, code, 2024, "内科", Decimal(10), Decimal("200.00")],
        [hospital, code, 1999, "", Decimal(1), Decimal(1)],
        ["91110000MA0000000X", code, 2024, "", Decimal(1), Decimal(1)],
        [hospital, "9", 2024, "", Decimal(1), Decimal(1)],
    ]
    book = by_xlsx(Sheet("医疗服务项目年度服务量", headers, rows))
    made = imports.stage(session, name="service-volumes", query={}, book=book, actor=scene.drafter, at=NOW)
    assert (made.created, made.faulty) == (1, 3)
    imports.apply(session, import_id=made.id, mode=Mode.GOOD_ROWS, actor=scene.drafter, at=NOW)
    again = imports.stage(session, name="service-volumes", query={}, book=book, actor=scene.drafter, at=NOW)
    assert (again.unchanged, again.faulty) == (1, 3)
    assert PRICES[PriceGrade.THIRD] == 20
