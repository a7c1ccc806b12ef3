from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select

from kernel import clock
from kernel.db import Database
from procurement.bids import queries
from procurement.bids.models import Bid, Box, Submission

from .books import HEADERS, confirm, filled, upload
from .conftest import CODES, DEADLINE, World
from .pages import signed_in

GOOD = {2: "0.6580", 3: "0.3870", 4: "0.5", 5: "0.25", 6: "0.9", 7: "0.45"}


@pytest.fixture
def company(app: Flask, database: Database, built: World) -> Iterator[FlaskClient]:
    """Company a's browser, two days before the deadline."""
    with clock.travel(to=DEADLINE - timedelta(days=2)):
        yield signed_in(app, database, built.actors["a"].user_id)


def untouched(database: Database, world: World) -> bool:
    with database.transaction(write=False) as session:
        box = session.get_one(Box, world.box_id)
        return box.entries == 0 and session.scalars(select(Bid)).all() == []


def prices(database: Database, world: World) -> dict[str, str]:
    """What is sealed, as the company itself sees it."""
    with database.transaction(write=False) as session:
        mine = queries.my_bids(session, session.get_one(Box, world.box_id), world.actors["a"])
        return {
            f"{each.lot.number} {each.lot.label(line)}": each.typed[line.specification_id]
            for each in mine
            for line in each.lot.own
            if line.specification_id in each.typed
        }


def test_the_template_comes_with_the_companys_own_rows(company: FlaskClient, built: World) -> None:
    book = load_workbook(io.BytesIO(filled(company, built.box_id, {})))
    rows = list(book["数据"].iter_rows(values_only=True))
    assert rows[0][:7] == HEADERS
    assert [row[0] for row in rows[1:]] == [1, 1, 2, 2, 3, 3]
    assert {row[5] for row in rows[1:]} == {CODES["a"]}


def test_a_workbook_is_previewed_confirmed_and_sealed_as_one_submission(
    company: FlaskClient, built: World, database: Database
) -> None:
    staged = upload(company, built.box_id, filled(company, built.box_id, GOOD))
    preview = company.get(staged.headers["Location"])
    assert "0.6580" in preview.text
    assert untouched(database, built)
    done = confirm(company, staged)
    assert done.status_code == 303
    assert prices(database, built) == {
        "1 0.5g": "0.6580", "1 0.25g": "0.3870", "2 1mg": "0.5", "2 0.5mg": "0.25", "3 10mg": "0.9", "3 5mg": "0.45",
    }  # fmt: skip
    with database.transaction(write=False) as session:
        made = session.scalars(select(Submission)).one()
        assert (made.lots, made.channel) == (3, "workbook")
    assert company.get(f"/procurement/receipts/{made.receipt}").status_code == 200


def test_every_mistake_is_told_at_once_with_its_cell_and_rule_and_nothing_changes(
    company: FlaskClient, built: World, database: Database
) -> None:
    def spoil(sheet: Worksheet) -> None:
        sheet["H2"], sheet["H3"], sheet["H4"] = "1.6801", "六角", None
        sheet["H5"], sheet["H6"], sheet["H7"] = 0, "0.12345", "0.5"
        sheet["F7"] = CODES["b"]
        sheet["B6"] = "别的品种"
        for column, value in enumerate([1, "x", "0.5g", None, None, CODES["a"], "是", "0.5"], 1):
            sheet.cell(8, column).value = value
        for column, value in enumerate([9, "x", "1g", None, "国药准字Z1", CODES["a"], "是", "0.5"], 1):
            sheet.cell(9, column).value = value
        sheet["E5"] = "国药准字H99999999"
        sheet["F9"].number_format = "General"
        sheet["F9"] = 911101080000000178

    staged = upload(company, built.box_id, filled(company, built.box_id, {}, spoil))
    page = company.get(staged.headers["Location"])
    told = {code for code in CODES_OF_PAGE if code in page.text}
    assert told == set(CODES_OF_PAGE)
    assert company.post(f"{staged.headers['Location']}/apply", data={"mode": "all"}).status_code in (303, 422)
    assert untouched(database, built)


CODES_OF_PAGE = (
    "1.6801 超过最高有效申报价 1.6800", "（规则 B5）", "六角", "需填写价格", "零报价无效", "超过 4 位小数",
    "不是本企业的统一社会信用代码", "模板为", "不是本企业此规格的产品", "H2", "H6", "F7", "B6",
)  # fmt: skip


@pytest.mark.parametrize(("cell", "value", "words"), [
    ("F2", 911101080000000178, "15"), ("A2", 9, "本轮没有这个品种序号"), ("C2", "9g", "该品种没有这个规格"),
    ("C3", "0.5g", "重复"), ("H2", "1e-1", "1e-1"), ("H2", "-1", "小于零"), ("F2", None, "F2"),
])  # fmt: skip
def test_one_mistake_keeps_everything_out(
    company: FlaskClient, built: World, database: Database, cell: str, value: object, words: str
) -> None:
    def spoil(sheet: Worksheet) -> None:
        sheet[cell].number_format = "General"
        sheet[cell].value = value  # type: ignore[assignment]  # whatever people type

    staged = upload(company, built.box_id, filled(company, built.box_id, GOOD, spoil))
    assert words in company.get(staged.headers["Location"]).text
    company.post(f"{staged.headers['Location']}/apply", data={"mode": "all"})
    assert untouched(database, built)


def test_a_missing_column_a_foreign_template_and_a_csv_are_refused(
    app: Flask, company: FlaskClient, built: World, database: Database
) -> None:
    gone = upload(company, built.box_id, filled(company, built.box_id, GOOD, lambda sheet: sheet.delete_cols(7)))
    assert (gone.status_code, "是否申报" in gone.text) == (422, True)
    csv = ",".join((*HEADERS, "申报价")) + f"\n1,二甲双胍,0.5g,1.68,,{CODES['a']},是,0.5\n"
    loose = upload(company, built.box_id, csv.encode("gb18030"), "报价.csv")
    assert loose.status_code == 422
    assert untouched(database, built)


def test_rows_marked_no_and_deleted_rows_are_left_out(company: FlaskClient, built: World, database: Database) -> None:
    def leave(sheet: Worksheet) -> None:
        sheet["G3"] = "否"
        sheet.delete_rows(4, 4)

    confirm(company, upload(company, built.box_id, filled(company, built.box_id, {2: 0.658}, leave)))
    assert prices(database, built) == {"1 0.5g": "0.658"}


def test_the_same_workbook_twice_writes_nothing_and_a_changed_price_replaces_its_lot_whole(
    company: FlaskClient, built: World, database: Database
) -> None:
    confirm(company, upload(company, built.box_id, filled(company, built.box_id, GOOD)))
    again = upload(company, built.box_id, filled(company, built.box_id, GOOD))
    assert "0.6580" not in company.get(again.headers["Location"]).text
    changed = upload(company, built.box_id, filled(company, built.box_id, GOOD | {2: "0.6000"}))
    preview = company.get(changed.headers["Location"]).text
    assert "0.6580" in preview
    assert "0.6000" in preview
    confirm(company, changed)
    sealed = prices(database, built)
    assert (sealed["1 0.5g"], sealed["1 0.25g"], sealed["2 1mg"]) == ("0.6000", "0.3870", "0.5")
    with database.transaction(write=False) as session:
        assert [each.lots for each in session.scalars(select(Submission).order_by(Submission.number))] == [3, 1]


def test_another_company_does_not_see_the_upload(
    app: Flask, database: Database, company: FlaskClient, built: World
) -> None:
    staged = upload(company, built.box_id, filled(company, built.box_id, GOOD))
    other = signed_in(app, database, built.actors["b"].user_id)
    assert other.get(staged.headers["Location"]).status_code == 404
    assert other.get(f"{staged.headers['Location']}/workbook").status_code == 404


def test_a_template_filled_by_one_company_is_refused_from_another(
    app: Flask, database: Database, company: FlaskClient, built: World
) -> None:
    book = filled(company, built.box_id, GOOD)
    other = signed_in(app, database, built.actors["b"].user_id)
    staged = upload(other, built.box_id, book)
    assert "不是本企业的统一社会信用代码" in other.get(staged.headers["Location"]).text
    other.post(f"{staged.headers['Location']}/apply", data={"mode": "all"})
    assert untouched(database, built)


def test_the_preview_says_which_prices_do_not_follow_from_the_main_one(company: FlaskClient, built: World) -> None:
    """0.6580 × 0.588235 = 0.3871 by the ratio rules; 0.3870 is 0.0001 below it, and 0.5 gives 0.2941."""
    staged = upload(company, built.box_id, filled(company, built.box_id, GOOD | {5: "0.2941"}))
    shown = company.get(staged.headers["Location"]).text
    assert "按差比价为 0.3871，本行相差 -0.0001" in shown
    assert shown.count("按差比价为") == 2
