"""The national list as a workbook: ours go out, others' come in; every mistake of a row is named at its cell."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from importers import queries as imports
from importers import services as importing
from importers.flow import ImportState, Mode
from importers.workbook import read
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.db import Database
from kernel.errors import Conflict, FileRefused, Forbidden
from pricing.credit.flow import Matter
from pricing.credit.national import queries
from pricing.credit.national.exports import COLUMNS, national
from pricing.credit.national.models import NationalEnd
from pricing.credit.national.services import bring
from tests.importers import books
from tests.pricing.credit.national.test_national import CODE, ENDS, barred, seconded, told
from tests.pricing.credit.ratings.court import Court, court
from tests.pricing.scene import CITY, NOW, OTHER, PROVINCE

pytestmark = pytest.mark.usefixtures("then")
TOMORROW, YESTERDAY = (str(today(NOW) + timedelta(days=days)) for days in (1, -1))


def staged(session: Session, actor: Actor, *rows: list[str]) -> Any:
    book = read(books.book([list(COLUMNS), *rows]), "汇总.xlsx")
    return importing.stage(session, name="national-ratings", query={}, book=book, actor=actor, at=NOW)


def row_of(stand: Court, number: str, region: str, ends: str) -> list[str]:
    day = str(today(NOW))
    return [number, region, "甲制药", CODE, "给予回扣", "2025", "特别严重失信", "判决", "文书", day, day, ends,
            stand.scene.products[0].approval_number]  # fmt: skip


def test_ours_go_out_from_serious_upward_and_come_back_unchanged(session: Session, stand: Court) -> None:
    stand.published(session, stand.proposed(session, stand.fact(session, Matter.KICKBACKS, 600_000)))
    stand.published(session, stand.proposed(session, stand.fact(session, Matter.KICKBACKS, 20_000), ()))
    bring(session, rows=[told(stand)], ended={}, source={}, actor=stand.first, at=NOW)
    everyone = list(national(session, {}, stand.first, NOW).rows)
    own = list(national(session, {"of": "own"}, stand.first, NOW).rows)
    assert (len(everyone), len(own), own[0][6]) == (2, 1, "严重失信")
    rows = [["" if one is None else str(one) for one in row] for row in everyone]

    def stage(*rows: list[str]) -> Any:
        return staged(session, stand.first, *rows)

    assert stage(*rows).unchanged == 2
    theirs = next(row for row in rows if row[0] == "SH2026-7")
    ours = next(row for row in rows if row is not theirs)
    ended, new, low = [*theirs], ["SH2026-8", *theirs[1:]], ["SH2026-9", *theirs[1:]]
    ended[11], low[6], ours[6] = "2027-01-01", "失信", "特别严重失信"
    named = ["SH2026-10", *theirs[1:12], ""]
    city = ["SH2026-11", CITY, *theirs[2:]]
    found = imports.findings(session, stage(ended, new, low, ours, named, city))
    codes = {"national-level", "national-own", "national-no-products", "national-no-province"}
    assert {one.code for one in found.issues} == codes
    importing.apply(session, import_id=stage(ended, new).id, mode=Mode.ALL, actor=stand.first, at=NOW)
    assert {one.number: str(one.ends_on) for one in queries.national(session, today(NOW)) if not one.own} == {
        "SH2026-7": "2027-01-01", "SH2026-8": str(ENDS),
    }  # fmt: skip


def test_a_rating_of_ones_own_province_is_not_brought_in(session: Session, stand: Court) -> None:
    row = row_of(stand, "XYPJ-1", PROVINCE, str(ENDS))
    found = staged(session, replace(stand.first, region=PROVINCE), row)
    assert [one.code for one in imports.findings(session, found).issues] == ["national-here"]


def test_an_end_that_is_past_is_put_right(session: Session, stand: Court) -> None:
    bring(session, rows=[told(stand, ends_on=today(NOW))], ended={}, source={}, actor=stand.first, at=NOW)
    seconded(session, stand)
    assert barred(session, stand) == set()
    found = staged(session, stand.first, row_of(stand, "SH2026-7", OTHER, str(ENDS)))
    importing.apply(session, import_id=found.id, mode=Mode.ALL, actor=stand.first, at=NOW)
    assert barred(session, stand) == set()  # until a second person confirms it
    seconded(session, stand)
    assert barred(session, stand) == {stand.scene.products[0].id}


MISTAKES = [
    ({9: TOMORROW, 10: TOMORROW}, ("national-future", "公布日期", TOMORROW)),
    ({10: YESTERDAY}, ("national-start", "生效日期", YESTERDAY)),
    ({11: YESTERDAY}, ("national-span", "失效日期", YESTERDAY)),
    ({4: "违背信用承诺"}, ("national-no-level", "等级", "特别严重失信")),
    ({4: "拒不配合监督", 5: "2020", 6: "严重"}, ("national-no-level", "等级", "严重")),
    ({12: "国药准字H20045678；=cmd|calc"}, ("bad-approval-number", "涉及产品批准文号", "国药准字H20045678；=cmd|calc")),
    ({3: CODE[:-1] + "?"}, ("bad-credit-code", "统一社会信用代码", CODE[:-1] + "?")),
]


@pytest.mark.parametrize(("wrong", "said"), MISTAKES)
def test_a_mistake_is_named_at_its_cell(
    session: Session, stand: Court, wrong: dict[int, str], said: tuple[str, str, str]
) -> None:
    row = row_of(stand, "SH2026-7", OTHER, str(ENDS))
    sound = staged(session, stand.first, row)
    assert not imports.findings(session, sound).issues
    for place, text in wrong.items():
        row[place] = text
    (issue,) = imports.findings(session, staged(session, stand.first, row)).issues
    assert (issue.code, issue.column, issue.value) == said and issue.row == 2


def test_codes_and_numbers_are_kept_in_their_one_spelling(session: Session, stand: Court) -> None:
    row = row_of(stand, "SH2026-7", OTHER, str(ENDS))
    own = row[12]
    row[3], row[12] = f"{CODE[:4]}-{CODE[4:].lower()}", f" {own.lower()}，{own}；国械注准 20203130001"
    found = staged(session, stand.first, row)
    importing.apply(session, import_id=found.id, mode=Mode.ALL, actor=stand.first, at=NOW)
    (kept,) = queries.national(session, today(NOW))
    assert (kept.code, kept.products) == (CODE, tuple(sorted((own, "国械注准20203130001"))))
    seconded(session, stand)
    assert barred(session, stand) == {stand.scene.products[0].id}
    assert staged(session, stand.first, row).unchanged == 1


def test_everything_that_differs_is_named_in_the_words_of_the_file(session: Session, stand: Court) -> None:
    bring(session, rows=[told(stand)], ended={}, source={}, actor=stand.first, at=NOW)
    row = row_of(stand, "SH2026-7", OTHER, str(ENDS))
    row[4], row[6], row[7], row[12] = "涉税违法", "严重失信", "另一判决", "国药准字H20045678"
    issues = imports.findings(session, staged(session, stand.first, row)).issues
    before = {one.column: one.facts["before"] for one in issues if one.code == "national-differs"}
    assert before == {
        "失信事项": "给予回扣", "等级": "特别严重失信", "依据": "判决",
        "涉及产品批准文号": stand.scene.products[0].approval_number,
    }  # fmt: skip


@pytest.mark.parametrize("place", [7, 8, 11, 12])
def test_a_file_without_a_column_takes_nothing_back(session: Session, stand: Court, place: int) -> None:
    bring(session, rows=[told(stand)], ended={}, source={}, actor=stand.first, at=NOW)
    row = row_of(stand, "SH2026-7", OTHER, str(ENDS))
    book = read(books.book([[*each[:place], *each[place + 1 :]] for each in (list(COLUMNS), row)]), "汇总.xlsx")
    with pytest.raises(FileRefused) as refused:
        importing.stage(session, name="national-ratings", query={}, book=book, actor=stand.first, at=NOW)
    assert [(one.code, one.column) for one in refused.value.issues] == [("column-missing", COLUMNS[place])]


def test_a_file_of_ends_that_two_bring_at_once_is_taken_once(database: Database) -> None:
    with database.transaction() as session:
        stand = court(session)
        bring(session, rows=[told(stand)], ended={}, source={}, actor=stand.first, at=NOW)
        row = row_of(stand, "SH2026-7", OTHER, TOMORROW)
        ids = [(staged(session, actor, row).id, actor) for actor in (stand.first, stand.second)]
    gate = Barrier(2)

    def take(one: tuple[int, Actor]) -> bool:
        gate.wait()
        with suppress(Conflict), database.transaction() as session:
            found = importing.apply(session, import_id=one[0], mode=Mode.ALL, actor=one[1], at=NOW)
            return found.state is ImportState.APPLIED
        return False

    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(take, ids))
    with database.transaction() as session:
        assert (sum(taken), len(session.scalars(select(NationalEnd)).all())) == (1, 2)


def test_officers_of_a_city_stage_nothing(session: Session, stand: Court) -> None:
    with pytest.raises(Forbidden):
        staged(session, replace(stand.first, region=CITY))
