"""Who drafted a plan or changed what it says has no vote on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from importers import services as imports
from importers.flow import Mode
from kernel.auth.second import SamePerson
from kernel.db import Database
from kernel.migrations.cli import downgrade, upgrade
from kernel.notices.models import Notice
from kernel.sheets import Sheet
from pricing.adjustments import exports
from pricing.adjustments.flow import PlanState
from pricing.adjustments.models import AdjustmentPlan, PlanAuthor
from pricing.adjustments.queries import plans
from pricing.adjustments.services import drafting, proposing, steps
from pricing.adjustments.services.drafting import NewLine
from pricing.items.flow import PriceGrade
from tests.factories.people import signed_in
from tests.importers.ways import by_xlsx
from tests.pricing.adjustments.scene import STARTS, Province, begun, populate, raised, to_vote
from tests.pricing.adjustments.test_pages import URL
from tests.pricing.scene import NOW

Change = Callable[[Session, Province, AdjustmentPlan, dict[str, Any]], object]


def lines(session: Session, scene: Province, plan: AdjustmentPlan, given: dict[str, Any]) -> None:
    rows = [NewLine(scene.items[0], PriceGrade.THIRD, Decimal("21.10"))]
    drafting.set_lines(session, rows=rows, **given)


def book(session: Session, scene: Province, plan: AdjustmentPlan, given: dict[str, Any]) -> None:
    sheet = exports.lines(session, {"plan": str(plan.id)}, scene.drafter, NOW)
    rows = [list(row) for row in sheet.rows]
    rows[0][2] = Decimal("21.10")
    made = imports.stage(
        session, name="adjustment-lines", query={"plan": str(plan.id)}, actor=given["actor"], at=NOW,
        book=by_xlsx(Sheet("调价方案", exports.HEADERS, rows)),
    )  # fmt: skip
    imports.apply(session, import_id=made.id, mode=Mode.GOOD_ROWS, actor=given["actor"], at=NOW)


def removed(session: Session, scene: Province, plan: AdjustmentPlan, given: dict[str, Any]) -> None:
    drafting.remove_lines(session, line_ids=[plans.lines(session, plan)[-1].id], **given)


CHANGES: dict[str, Change] = {
    "lines": lines,
    "workbook": book,
    "removed": removed,
    "prefix": lambda session, scene, plan, given: drafting.add_by_prefix(
        session, prefix=plans.lines(session, plan)[0].item.code, percent=Decimal(6), step=Decimal("0.1"), **given
    ),
    "number": lambda session, scene, plan, given: drafting.fill(
        session, parameter="growth", text="0.07", source="x", **given
    ),
    "day": lambda session, scene, plan, given: drafting.put_off(
        session, starts_on=STARTS + timedelta(days=1), **given
    ),
    "complex": lambda session, scene, plan, given: proposing.mark(session, item_ids={scene.items[0]}, **given),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_whoever_changes_what_a_plan_says_has_no_vote_on_it(
    session: Session, scene: Province, plan: AdjustmentPlan, change: str
) -> None:
    CHANGES[change](session, scene, plan, {"plan_id": plan.id, "actor": scene.second, "at": NOW})
    assert [one.id for one in plans.authors(session, plan)] == [scene.drafter.user_id, scene.second.user_id]
    to_vote(session, scene, plan)
    for actor in (scene.drafter, scene.second):
        with pytest.raises(SamePerson):
            steps.vote(session, plan_id=plan.id, approves=True, reason="", actor=actor, at=NOW)
    assert [plans.waiting(session, one) for one in (scene.drafter, scene.second, scene.third)] == [0, 0, 1]
    steps.vote(session, plan_id=plan.id, approves=True, reason="", actor=scene.third, at=NOW)
    assert plan.state is PlanState.DECISION


def test_what_changes_nothing_costs_no_vote_and_a_plan_has_its_authors_once(
    session: Session, scene: Province, plan: AdjustmentPlan
) -> None:
    given: dict[str, Any] = {"plan_id": plan.id, "actor": scene.second, "at": NOW}
    same = [NewLine(one.item_id, one.grade, one.new_price, one.technical) for one in plans.lines(session, plan)]
    assert drafting.set_lines(session, rows=same, **given) == drafting.remove_lines(session, line_ids=[999], **given)
    held = plan.values["growth"]
    drafting.fill(session, parameter="growth", text=str(held["value"]), source=held["source"], **given)
    drafting.put_off(session, starts_on=STARTS, **given)
    proposing.mark(session, item_ids=set(), **given)
    assert plans.voters(session, plan) == sorted([scene.second.user_id or 0, scene.third.user_id or 0])
    for price in ("21.10", "21.20"):
        drafting.set_lines(session, rows=[NewLine(scene.items[0], PriceGrade.THIRD, Decimal(price))], **given)
    assert len(plans.authors(session, plan)) == 2
    to_vote(session, scene, plan)
    told = session.scalars(select(Notice.user_id).where(Notice.code == "plan-to-vote")).all()
    assert told == [scene.third.user_id]


def test_an_author_of_an_earlier_turn_has_no_vote_in_the_next(
    session: Session, scene: Province, plan: AdjustmentPlan
) -> None:
    to_vote(session, scene, plan)
    steps.vote(session, plan_id=plan.id, approves=False, reason="幅度过大", actor=scene.second, at=NOW)
    raised_by(session, scene, plan, "0.80", scene.second)
    to_vote(session, scene, plan)
    with pytest.raises(SamePerson):
        steps.vote(session, plan_id=plan.id, approves=True, reason="", actor=scene.second, at=NOW)


def raised_by(session: Session, scene: Province, plan: AdjustmentPlan, by: str, actor: Any) -> None:
    rows = [NewLine(one.item_id, one.grade, one.old_price + Decimal(by)) for one in plans.lines(session, plan)]
    drafting.set_lines(session, plan_id=plan.id, rows=rows, actor=actor, at=NOW)


def test_authors_of_plans_that_there_are_come_from_the_plans_and_the_journal(database: Database) -> None:
    with database.transaction() as session:
        scene = populate(session)
        plan = begun(session, scene)
        raised(session, scene, plan)
        raised_by(session, scene, plan, "0.80", scene.second)
    with database.transaction(write=False) as session:
        before = session.execute(select(PlanAuthor.plan_id, PlanAuthor.user_id).order_by(PlanAuthor.id)).all()
    assert len(before) == 2
    downgrade(database, "0059")
    upgrade(database)
    with database.transaction(write=False) as session:
        assert session.execute(select(PlanAuthor.plan_id, PlanAuthor.user_id).order_by(PlanAuthor.id)).all() == before


def test_the_page_offers_no_vote_to_authors_and_says_why(app: Flask, database: Database) -> None:
    with database.transaction() as session:
        scene = populate(session)
        plan = begun(session, scene)
        raised(session, scene, plan)
        raised_by(session, scene, plan, "0.80", scene.second)
        to_vote(session, scene, plan)
    two, three = (signed_in(app, scene.users[f"officer{number}"]) for number in (2, 3))
    for lang, words in (("zh_CN", "您起草或修改过本方案"), ("en", "You drafted this plan or changed what it says")):
        two.get(f"/language/{lang}")
        page = two.get(URL).get_data(as_text=True)
        assert words in page and f'action="{URL}/vote"' not in page
    two.get("/language/zh_CN")
    assert "本单位目前有 1 名" in two.get(URL).get_data(as_text=True)
    refused = two.post(f"{URL}/vote", data={"vote": "yes"})
    assert refused.status_code == 422 and "须由第二人办理" in refused.get_data(as_text=True)
    assert f'action="{URL}/vote"' in three.get(URL).get_data(as_text=True)
    assert three.post(f"{URL}/vote", data={"vote": "yes"}).status_code == 303
    page = three.get(URL).get_data(as_text=True)
    assert "您已表决" in page and f'action="{URL}/vote"' not in page
    assert three.post(f"{URL}/vote", data={"vote": "yes"}).status_code == 409  # a double click counts once
