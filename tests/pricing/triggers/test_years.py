"""A region's year from its data to the decision of two persons."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from importers import services as imports
from importers.flow import Mode
from importers.kinds.trigger_indicators import KIND
from kernel.auth.permissions import Role
from kernel.auth.second import SamePerson
from kernel.db import Database
from kernel.errors import Conflict, DomainError, Forbidden, Invalid
from kernel.notices.models import Notice
from kernel.parties.codes import OrganisationKind
from kernel.rulebooks import queries as sets
from kernel.sheets import Sheet
from pricing.triggers import queries
from pricing.triggers.flow import YEAR_FLOW, Decision, Verdict, YearAction, YearState
from pricing.triggers.models import TriggerRuleVersion, TriggerYear
from pricing.triggers.rules import RULE_SETS, rules
from pricing.triggers.services import deciding, reminding, years
from pricing.triggers.services.years import Given
from pricing.triggers.sets.rules import read, stored
from pricing.triggers.sets.services import BOOK
from tests.factories.people import organisation, signed_in, user
from tests.importers.ways import by_xlsx
from tests.pricing.scene import NOW, PROVINCE
from tests.pricing.triggers.scene import OWN, Bureau, enter, populate


@pytest.fixture
def scene(session: Session) -> Bureau:
    return populate(session)


def evaluated(session: Session, scene: Bureau) -> Decision:
    return years.evaluate_year(session, year_id=scene.year_id, actor=scene.officer, at=NOW).decision


def proposed(session: Session, scene: Bureau, verdict: Verdict = Verdict.START) -> TriggerYear:
    return deciding.propose(
        session, year_id=scene.year_id, verdict=verdict, reason="三项触发", actor=scene.officer, at=NOW
    )


@pytest.mark.parametrize("name", RULE_SETS.ids())
def test_built_in_rules_come_back_from_their_version_as_they_are(name: str) -> None:
    own = rules(name)
    back = read(own.id, own.title, stored(own))
    assert sorted(back.indicators, key=lambda one: one.code) == sorted(own.indicators, key=lambda one: one.code)
    assert (back.needed, back.calendar.value("calendar.cycle", 0) if name[0] == "g" else None) == (
        own.needed, "2" if name[0] == "g" else None
    )  # fmt: skip


def test_a_threshold_is_filled_in_by_one_and_approved_by_another(session: Session, scene: Bureau) -> None:
    given = {"code": OWN, "source": "文号", "reason": "调整", "actor": scene.officer, "at": NOW}
    for parameter, text in (("wage-change", "a"), ("wage-change.relation", "="), ("triggers", "0"),
                            ("triggers", "?"), ("calendar.finish", "9-31"), ("calendar.cycle", "1.5")):  # fmt: skip
        with pytest.raises(Invalid):
            BOOK.change(session, parameter=parameter, text=text, **given)  # type: ignore[arg-type]  # as above
    BOOK.change(session, parameter="calendar.finish", text="09-30", **given)  # type: ignore[arg-type]  # as above
    with pytest.raises(SamePerson):
        BOOK.approve(session, code=OWN, actor=scene.officer, at=NOW)
    BOOK.change(session, parameter="triggers", text="2", **{**given, "actor": scene.second})  # type: ignore[arg-type]
    for maker in (scene.officer, scene.second):  # both wrote what the approval would let in
        with pytest.raises(SamePerson):
            BOOK.approve(session, code=OWN, actor=maker, at=NOW)
    with pytest.raises(Conflict, match="rule-built-in"):
        BOOK.approve(session, code="hunan-2021", actor=scene.second, at=NOW)
    usable = {one.code: one.number for one in sets.usable(session, TriggerRuleVersion)}
    assert usable[OWN] == 2
    bureau = scene.users["first"].organisation
    third = replace(scene.second, user_id=user(session, bureau, Role.PRICE_OFFICER, login="price-3").id)
    BOOK.approve(session, code=OWN, actor=third, at=NOW)
    held = sets.usable(session, TriggerRuleVersion)
    assert {one.code: one.number for one in held}[OWN] == 4
    BOOK.change(session, parameter="triggers", text="1", **given)  # type: ignore[arg-type]  # as above
    BOOK.approve(session, code=OWN, actor=scene.second, at=NOW)  # what was approved before is nobody's any more


def test_every_figure_has_a_source_or_the_reason_why_it_is_missing(session: Session, scene: Bureau) -> None:
    for row in (Given("gdp", Decimal(1)), Given("gdp", None), Given("gdp", Decimal("0.00001"), "年鉴"),
                Given("rain", Decimal(1), "年鉴"), Given("gdp", Decimal("1e14"), "年鉴")):  # fmt: skip
        with pytest.raises(Invalid):
            years.enter(session, year_id=scene.year_id, rows=[row], actor=scene.officer, at=NOW)
    with pytest.raises(DomainError, match="trigger-no-data"):
        evaluated(session, scene)
    enter(session, scene)
    gdp = Given("gdp", Decimal("14106800000000.5"), "年鉴")  # Guangdong's, in yuan
    assert years.enter(session, year_id=scene.year_id, rows=[gdp, gdp][:1], actor=scene.officer, at=NOW) == 1
    assert queries.values(session, scene.year_id)["gdp"].value == gdp.value
    assert years.enter(session, year_id=scene.year_id, rows=[gdp], actor=scene.officer, at=NOW) == 0


def test_a_year_is_evaluated_and_decided_by_two(session: Session, scene: Bureau) -> None:
    enter(session, scene)
    assert evaluated(session, scene) is Decision.START
    found = proposed(session, scene)
    with pytest.raises(SamePerson):
        deciding.confirm(session, year_id=found.id, actor=scene.officer, at=NOW)
    deciding.send_back(session, year_id=found.id, reason="补充说明", actor=scene.second, at=NOW)
    proposed(session, scene)
    done = deciding.confirm(session, year_id=found.id, actor=scene.second, at=NOW)
    assert (done.state, done.verdict, done.decided_by_id) == (YearState.DECIDED, Verdict.START, scene.second.user_id)
    assert [one.id for one in queries.started(session)] == [done.id]
    with pytest.raises(Conflict, match="wrong-state"):
        enter(session, scene)


def test_whoever_entered_figures_does_not_confirm_what_they_bring(session: Session, scene: Bureau) -> None:
    enter(session, scene)
    gdp = Given("gdp", Decimal("106.7"), "年鉴")
    years.enter(session, year_id=scene.year_id, rows=[gdp], actor=scene.second, at=NOW)
    evaluated(session, scene)
    found = proposed(session, scene)
    with pytest.raises(SamePerson):
        deciding.confirm(session, year_id=found.id, actor=scene.second, at=NOW)
    deciding.send_back(session, year_id=found.id, reason="补充说明", actor=scene.second, at=NOW)


def test_officers_of_other_regions_and_bureaus_do_not_decide(session: Session, scene: Bureau) -> None:
    elsewhere = replace(scene.second, region="970000")
    with pytest.raises(Forbidden):
        enter(session, replace(scene, officer=elsewhere))
    enter(session, scene)
    for verb in (years.evaluate_year, deciding.confirm):
        with pytest.raises(Forbidden):
            verb(session, year_id=scene.year_id, actor=elsewhere, at=NOW)
    evaluated(session, scene)
    proposed(session, scene)
    nation = organisation(session, OrganisationKind.BUREAU, name="国家医疗保障局")  # covers the region, did not propose
    for stranger in (elsewhere, replace(scene.second, organisation_id=nation.id)):
        with pytest.raises(Forbidden):
            deciding.confirm(session, year_id=scene.year_id, actor=stranger, at=NOW)
        with pytest.raises(Forbidden):
            deciding.send_back(session, year_id=scene.year_id, reason="补充", actor=stranger, at=NOW)
    assert deciding.confirm(session, year_id=scene.year_id, actor=scene.second, at=NOW).state is YearState.DECIDED


def test_a_missing_constraint_leaves_it_undetermined_and_new_data_call_for_a_new_evaluation(
    session: Session, scene: Bureau
) -> None:
    enter(session, scene, without=("disaster",))
    assert evaluated(session, scene) is Decision.UNDETERMINED
    with pytest.raises(Conflict, match="trigger-not-met"):
        proposed(session, scene)
    found = enter(session, scene, disaster="1")
    assert found.state is YearState.COLLECTING
    with pytest.raises(Conflict, match="wrong-state"):
        proposed(session, scene)
    assert evaluated(session, scene) is Decision.NO_START
    assert [one.number for one in queries.evaluations(session, found.id)] == [2, 1]
    assert proposed(session, scene, Verdict.NO_START).state is YearState.PROPOSED


def test_a_year_begins_once_with_approved_rules_on_data_that_can_be_complete(session: Session, scene: Bureau) -> None:
    held = {one.code: one.id for one in sets.latest(session, TriggerRuleVersion)}
    given: dict[str, Any] = {"region_code": PROVINCE, "year": 2024, "rules_id": held[OWN], "actor": scene.officer,
                             "at": NOW, "data_due_at": NOW + timedelta(1), "due_at": NOW + timedelta(2)}  # fmt: skip
    for wrong in ({"year": NOW.year}, {"region_code": "1"}, {"data_due_at": NOW}, {"due_at": NOW + timedelta(hours=1)}):
        with pytest.raises(Invalid):
            years.open_year(session, **{**given, **wrong})
    with pytest.raises(Conflict, match="trigger-year-open"):
        years.open_year(session, **{**given, "year": NOW.year - 1})
    BOOK.copy(session, rules_id=held[OWN], code="other", title="试", actor=scene.officer, at=NOW)
    fresh = next(one for one in sets.latest(session, TriggerRuleVersion) if one.code == "other")
    with pytest.raises(Conflict, match="rule-unapproved"):
        years.open_year(session, **{**given, "rules_id": fresh.id})


def test_officers_are_reminded_once_a_step(session: Session, scene: Bureau) -> None:
    due = NOW + timedelta(days=10)
    told = [reminding.remind(session, at=due - timedelta(days=days)) for days in (10, 9, 6, 6, 0.5, 0)]
    assert told == [1, 0, 1, 0, 1, 0]
    enter(session, scene)
    evaluated(session, scene)
    assert reminding.remind(session, at=NOW + timedelta(days=11)) == 1
    codes = set(session.scalars(select(Notice.code)))
    assert codes == {"trigger-data-due", "trigger-decision-due"}


@pytest.mark.parametrize("state", list(YearState))
def test_only_what_the_flow_allows_is_done(state: YearState) -> None:
    allowed = {one for one in YearAction if YEAR_FLOW.allows(state, one)}
    assert (YearAction.CONFIRM in allowed) == (state is YearState.PROPOSED)
    assert (allowed == set()) == (state is YearState.DECIDED)


def test_a_workbook_brings_the_data_and_the_template_comes_back(session: Session, scene: Bureau) -> None:
    headers = ("数据项代码", "数据项", "数值", "数据来源", "缺失原因")
    rows = [("gdp", "", Decimal(106), "年鉴", None), ("disaster", "", None, None, "待应急部门提供"),
            ("gdp_last_year", "", None, None, None), ("rain", "", Decimal(1), "年鉴", None),
            ("cpi_growth", "", Decimal("-0.01"), None, None)]  # fmt: skip
    book = by_xlsx(Sheet("触发评估数据", headers, rows))
    query = {"year": str(scene.year_id)}
    made = imports.stage(session, name=KIND.name, query=query, book=book, actor=scene.officer, at=NOW)
    assert (made.created, made.faulty) == (2, 2)
    imports.apply(session, import_id=made.id, mode=Mode.GOOD_ROWS, actor=scene.officer, at=NOW)
    held = queries.values(session, scene.year_id)
    assert (held["gdp"].value, held["disaster"].value, held["disaster"].note) == (106, None, "待应急部门提供")


def test_pages_from_the_beginning_to_the_decision(app: Flask, database: Database) -> None:
    with database.transaction() as session:
        scene = populate(session)
        enter(session, scene)
    first, second = (signed_in(app, scene.users[name]) for name in ("first", "second"))
    url = f"/pricing/triggers/{scene.year_id}"
    for path in ("/pricing/triggers", "/pricing/triggers/new", url, "/pricing/triggers/rules",
                 f"/pricing/triggers/rules/{OWN}"):  # fmt: skip
        assert first.get(path).status_code == 200, path
        assert signed_in(app, scene.users["finance"]).get(path).status_code == 403
    assert first.get(f"{url}/report").status_code == 404
    refused = first.post(f"{url}/enter", data={"v-gdp": "x", "v-cpi_growth": "0.01", "s-cpi_growth": " "})
    told = refused.get_data(as_text=True).partition('class="summary"')[2].partition("</ul>")[0]
    assert refused.status_code == 422  # every mistake names its figure
    assert all(f">{figure}：" in told for figure in ("地区生产总值（元）", "居民消费价格涨幅（2% 写 0.02）"))
    assert first.post(f"{url}/enter", data={"v-gdp": "106.5", "s-gdp": "年鉴", "v-disaster": "0"}).status_code == 422
    assert first.post(f"{url}/evaluate").status_code == 303
    assert "启动" in first.get(f"{url}/report").get_data(as_text=True)
    assert first.post(f"{url}/propose", data={"verdict": "start", "reason": ""}).status_code == 422
    assert first.post(f"{url}/propose", data={"verdict": "start", "reason": "触发"}).status_code == 303
    assert first.post(f"{url}/confirm").status_code == 422
    assert second.get(url).status_code == 200
    assert second.post(f"{url}/confirm").status_code == 303
    done = first.get("/pricing/triggers?state=decided").get_data(as_text=True)
    assert "启动" in done
    begun = {"region": PROVINCE, "year": "2024", "rules": "1", "data_due": "2099-01-01", "due": "2099-02-01"}
    assert first.post("/pricing/triggers/new", data={**begun, "due": "x"}).status_code == 422
    assert first.post("/pricing/triggers/new", data=begun).status_code == 303
