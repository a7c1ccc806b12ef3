"""Templates and annotated workbooks: what goes out comes in again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from importers import exports, labels
from importers.checking import Checked, check
from importers.columns import Choice, Column, ColumnKind, Plan
from importers.findings import Findings, gather
from importers.queries import Occasion
from importers.registry import Kind
from importers.workbook import read
from kernel.errors import Issue
from tests.importers import books
from tests.importers.test_checking import kind

K = ColumnKind
FORM = Column("form", "剂型", "Form", K.CHOICE, locked=True, help_zh="口服或注射", example="口服")
CHOICES = {"form": (Choice("oral", "口服", "Oral"), Choice("injection", "注射", "Injection"))}


@pytest.fixture(autouse=True)
def reader() -> Iterator[None]:
    """A reader of Chinese: texts are made at the edge only."""
    from flask_babel import Babel

    from kernel.i18n import FOLDER

    app = Flask("x")
    app.config.update(BABEL_DEFAULT_LOCALE="zh_CN", BABEL_TRANSLATION_DIRECTORIES=str(FOLDER))
    Babel(app)
    with app.test_request_context():
        yield


def formed() -> Kind:
    return kind(columns=(*kind().columns, FORM), notes_zh=("每个品种一行",))


def template(**changes: Any) -> bytes:
    rows = ({"code": "00123", "name": "阿莫西林", "price": Decimal("1.2300"), "form": "oral"},)
    return exports.template(Occasion(formed(), {"round": 1}, '{"round":1}', CHOICES, rows), locale="zh_CN", **changes)


def found_in(data: bytes, what: Kind, stamp: str = "", name: str = "x.xlsx") -> tuple[Checked, Findings]:
    book = read(data, name)
    checked = check(book, what, CHOICES, stamp=stamp)
    return checked, gather(what, checked, Plan(), marker=book.marker)


def test_a_template_has_data_instructions_lists_and_a_stamp() -> None:
    made = load_workbook(io.BytesIO(template()))
    assert made.sheetnames == ["数据", "填写说明", "代码表", "_jicai"]
    data = made["数据"]
    assert [cell.value for cell in data[1]] == ["代码", "名称", "单价", "数量", "日期", "剂型"]
    assert data["A1"].fill.fgColor.rgb != data["C1"].fill.fgColor.rgb  # required headers are coloured
    assert data.column_dimensions["A"].number_format == "@"
    assert data.data_validations.dataValidation[0].formula1 == "'代码表'!$A$2:$A$3"
    assert made["_jicai"].sheet_state == "veryHidden"
    assert [row[0].value for row in made["_jicai"].rows] == ["jicai", "things", "3", '{"round":1}']
    assert "每个品种一行" in [row[0].value for row in made["填写说明"].rows]


def test_a_filled_template_imports_as_it_is() -> None:
    checked, found = found_in(template(), formed(), '{"round":1}')
    assert not found.issues and not found.notes
    assert next(iter(checked.rows)).values == {
        "code": "00123", "name": "阿莫西林", "price": Decimal("1.23"), "quantity": None, "day": None, "form": "oral",
    }  # fmt: skip


def test_an_english_template_imports_too() -> None:
    occasion = Occasion(formed(), {}, "", CHOICES, ({"code": "1", "name": "x", "form": "oral"},))
    checked, found = found_in(exports.template(occasion, locale="en"), formed())
    assert not found.issues and next(iter(checked.rows))["form"] == "oral"


def test_the_annotated_workbook_marks_cells_and_filters() -> None:
    checked, found = found_in(books.careless(), kind())
    made = load_workbook(io.BytesIO(exports.annotated(kind(), checked.sheet, found)))
    page = made["数据"]
    assert [cell.value for cell in page[1]][-2:] == ["校验结果", "错误原因"]
    assert page.auto_filter.ref == "A1:H10"
    by_code = {row[0].value: row for row in page.iter_rows(min_row=2)}
    wrong = by_code["A4"]
    assert wrong[6].value == "有错误" and "单价：1e3 不是普通数字" in wrong[7].value
    assert wrong[2].fill.fgColor.rgb == "00F8C9C5" and "只填数字" in wrong[2].comment.text
    right = by_code["A2"]
    assert right[6].value == "正确" and right[7].value is None and right[2].comment is None


def test_what_was_wrong_is_still_wrong_when_it_comes_back_unchanged() -> None:
    checked, found = found_in(books.careless(), kind())
    again, second = found_in(exports.annotated(kind(), checked.sheet, found), kind())
    shown = {number: index for index, number in enumerate(again.sheet.numbers)}
    assert len(shown) == len(checked.sheet.numbers)
    uncalculated = {"formula-without-result": "error-cell"}
    assert [issue.code for issue in second.issues] == [
        uncalculated.get(issue.code, issue.code) for issue in found.issues
    ]
    assert not [note for note in second.notes if note.code == "column-unknown" and note.cell != "F1"]


def test_a_second_round_clears_the_old_marks() -> None:
    checked, found = found_in(books.careless(), kind())
    again, second = found_in(exports.annotated(kind(), checked.sheet, found), kind())
    page = load_workbook(io.BytesIO(exports.annotated(kind(), again.sheet, second)))["数据"]
    assert [cell.value for cell in page[1]].count("校验结果") == 1


def test_only_the_wrong_rows_may_be_had() -> None:
    checked, found = found_in(books.careless(), kind())
    again, _second = found_in(exports.annotated(kind(), checked.sheet, found, only_faulty=True), kind())
    assert len(again.rows) == len({issue.row for issue in found.issues}) == 7


def test_errors_and_damaged_numbers_are_not_turned_into_text() -> None:
    cells = (
        '<row r="1"><c r="A1" t="str"><v>代码</v></c><c r="B1" t="str"><v>名称</v></c></row>'
        '<row r="2"><c r="A2"><v>123456789012345678</v></c><c r="B2" t="e"><v>#N/A</v></c></row>'
    )
    checked, found = found_in(books.parts(books.worksheet(cells)), kind())
    _again, second = found_in(exports.annotated(kind(), checked.sheet, found), kind())
    assert [issue.code for issue in found.issues] == ["damaged-number", "error-cell"]
    assert [issue.code for issue in second.issues] == ["damaged-number", "error-cell"]


def test_the_stamp_survives_the_annotation() -> None:
    book = read(template(), "x.xlsx")
    checked = check(book, formed(), CHOICES, stamp='{"round":1}')
    found = gather(formed(), checked, Plan(), marker=book.marker)
    assert read(exports.annotated(formed(), checked.sheet, found), "x.xlsx").marker == book.marker


def test_csv_comes_back_as_a_workbook() -> None:
    checked, found = found_in("代码,名称\n001,\n".encode("gb18030"), kind(), name="x.csv")
    again, second = found_in(exports.annotated(kind(), checked.sheet, found), kind())
    assert [issue.code for issue in second.issues] == ["required"] and again.rows.columns["code"] == ["001"]


def test_a_message_reads_as_people_expect() -> None:
    from kernel.problems import place, sentences

    sentences({"over-cap-in-test": "%(value)s 超过最高有效申报价 %(cap)s"})
    issue = Issue("over-cap-in-test", "数据", 12, "申报价", "C12", "1.2345", {"cap": Decimal("1.2000"), "rule": "4.2"})
    assert f"{place(issue)}：{labels.says(issue)}" == "第 12 行「申报价」：1.2345 超过最高有效申报价 1.2000（规则 4.2）"
