"""Credit facts by workbook: all mistakes at once, one case of several sources, a document reported once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from importers import queries, services
from importers.flow import Mode
from importers.workbook import read
from kernel.parties.codes import OrganisationKind
from pricing.credit.models import CreditCase
from pricing.credit.queries import case, sum_of
from tests.factories.people import organisation
from tests.importers import books
from tests.pricing.scene import NOW, PROVINCE, Scene, populate

HEAD = ["统一社会信用代码", "上市许可持有人信用代码", "失信事项", "依据类型", "案号", "来源单位", "文书编号",
        "地区代码", "行为日期", "生效日期", "本文书认定金额", "单笔最大金额", "说明"]  # fmt: skip
CASE = "江01刑初12号"


@pytest.fixture
def scene(session: Session) -> Scene:
    return populate(session)


def row(code: str, origin: str, amount: str, *, single: str = "", holder: str = "", region: str = PROVINCE,
        effective: str = "2026-09-01") -> list[Any]:  # fmt: skip
    return [code, holder, "给予回扣", "判决", CASE, origin, f"{origin}文书", region, "2026-03-02", effective, amount,
            single, "给予回扣"]  # fmt: skip


def stage(session: Session, scene: Scene, *rows: list[Any]) -> Any:
    book = read(books.book([HEAD, *rows]), "信用事实.xlsx")
    return services.stage(session, name="credit-facts", query={}, book=book, actor=scene.officer, at=NOW)


def test_facts_of_several_sources_come_into_one_case_of_the_holder(session: Session, scene: Scene) -> None:
    holder = scene.companies[0].code
    through = organisation(session, OrganisationKind.DISTRIBUTOR, name="通达配送").code
    rows = [row(holder, "法院", "600000"), row(through, "审计局", "580000", holder=holder)]
    staged = stage(session, scene, *rows)
    services.apply(session, import_id=staged.id, mode=Mode.ALL, actor=scene.officer, at=NOW)
    found = case(session, session.scalars(select(CreditCase.id)).one())
    assert (found.company_id, len(found.facts), sum_of(found.facts).amount) == (scene.companies[0].id, 2, 600_000)
    assert {one.via.name if one.via else "" for one in found.facts} == {"", "通达配送"}
    assert stage(session, scene, *rows).unchanged == 2


def test_every_mistake_is_told_at_once(session: Session, scene: Scene) -> None:
    code = scene.companies[0].code
    staged = stage(session, scene, row(code, "法院", "1"))
    services.apply(session, import_id=staged.id, mode=Mode.ALL, actor=scene.officer, at=NOW)
    told = queries.findings(session, stage(
        session, scene, row("91320000MA1XXXXXXX", "甲", "1"), row(code, "乙", "1", region="000000"),
        row(code, "丙", "1.234"), row(code, "丁", "1", single="2"), row(code, "戊", "1", effective="2027-01-01"),
        row(code, "法院", "2"),
    ))  # fmt: skip
    assert told is not None and {issue.code for issue in told.issues} == {
        "bad-credit-code", "listing-no-region", "amount-not-positive", "credit-single", "credit-bad-fact",
        "credit-fact-differs",
    }  # fmt: skip


def test_one_document_in_two_writings_is_one_fact_of_one_case(session: Session, scene: Scene) -> None:
    code = scene.companies[0].code
    first, again, audit = row(code, "法院", "600000"), row(code, "法院", "600000"), row(code, "审计局", "598000")
    first[4], again[4], audit[4] = "（2026）江01刑初12号", "(2026)江01刑初12号", "（２０２６） 江01刑初12号"
    first[6], again[6] = "（2026）江01刑初12号判决书", "(2026) 江01刑初12号判决书"
    staged = stage(session, scene, first, again, audit)
    assert staged.unchanged == 1
    services.apply(session, import_id=staged.id, mode=Mode.ALL, actor=scene.officer, at=NOW)
    found = case(session, session.scalars(select(CreditCase.id)).one())
    assert (found.number, len(found.facts), sum_of(found.facts).amount) == ("（2026）江01刑初12号", 2, 600_000)
    assert stage(session, scene, again).unchanged == 1


@pytest.mark.parametrize("flag", ["涉及医保或采购工作人员", "国家集采", "短缺药品涨价未纠正"])
def test_a_document_that_says_more_the_second_time_is_not_taken_for_the_same(
    session: Session, scene: Scene, flag: str
) -> None:
    first = row(scene.companies[0].code, "法院", "600000")
    services.apply(session, import_id=stage(session, scene, first).id, mode=Mode.ALL, actor=scene.officer, at=NOW)
    book = read(books.book([[*HEAD, flag], [*first, "是"]]), "信用事实.xlsx")
    staged = services.stage(session, name="credit-facts", query={}, book=book, actor=scene.officer, at=NOW)
    (issue,) = queries.findings(session, staged).issues
    assert (issue.code, issue.column, issue.facts["before"]) == ("credit-fact-differs", flag, "否")


def test_a_document_twice_in_a_file_is_one_however_its_holder_is_written(session: Session, scene: Scene) -> None:
    code = scene.companies[0].code
    staged = stage(session, scene, row(code, "法院", "6"), row(code, "法院", "9"), row(code, "法院", "6", holder=code))
    (told,) = queries.findings(session, staged).issues
    assert (told.code, told.row, staged.created, staged.unchanged) == ("credit-fact-differs", 3, 1, 1)
