"""From a workbook to rows: every trap ends in a note or an issue with its cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from importers.checking import Checked, check
from importers.columns import Choice, Column, ColumnKind, Plan
from importers.registry import Kind
from importers.workbook import read
from kernel.auth.permissions import P
from kernel.errors import FileRefused
from tests.importers import books

K = ColumnKind


def nothing(*_args: Any, **_more: Any) -> Any:
    return Plan()


def kind(**changes: Any) -> Kind:
    settings: dict[str, Any] = {
        "name": "things", "version": 3, "title_zh": "东西", "title_en": "Things", "permission": P.CATALOGUE_WRITE,
        "plan": nothing, "apply": nothing, "key": ("code",),
        "columns": (
            Column("code", "代码", "Code", K.CODE, required=True),
            Column("name", "名称", "Name", required=True),
            Column("price", "单价", "Price", K.PRICE),
            Column("quantity", "数量", "Quantity", K.INT),
            Column("day", "日期", "Date", K.DATE),
        ),
    }  # fmt: skip
    return Kind(**{**settings, **changes})


def checked(data: bytes, name: str = "x.xlsx", **changes: Any) -> Checked:
    return check(read(data, name), kind(**changes), {})


def refused(data: bytes, name: str = "x.xlsx", *, stamp: str = "", **changes: Any) -> list[str]:
    with pytest.raises(FileRefused) as caught:
        check(read(data, name), kind(**changes), {}, stamp=stamp)
    return [issue.code for issue in caught.value.issues]


def test_every_trap_of_a_careless_workbook_is_found_at_its_cell() -> None:
    found = checked(books.careless())
    assert {(issue.cell, issue.code) for issue in found.issues} == {
        ("A3", "damaged-number"), ("B5", "text-became-date"), ("C5", "too-many-decimals"), ("D5", "not-whole"),
        ("E5", "has-time"), ("C6", "not-a-number"), ("D6", "not-a-number"), ("E6", "not-a-date"),
        ("C7", "not-a-number"), ("D7", "below-minimum"), ("E7", "not-a-date"), ("A8", "gap-in-code"),
        ("C8", "not-a-number"), ("D8", "not-a-number"), ("E8", "not-a-date"), ("A9", "row-repeated"),
        ("B10", "formula-without-result"), ("C10", "formula-without-result"), ("D10", "not-a-number"),
    }  # fmt: skip
    notes = {(note.code, note.cell or note.sheet) for note in found.notes}
    assert {("hidden-sheet", "旧数据"), ("hidden-rows", "数据"), ("sheet-left-out", "备注")} <= notes
    assert {("column-unknown", "F1"), ("spaces-taken-off", "数据")} <= notes


def test_the_good_rows_of_it_are_typed_values() -> None:
    rows = list(checked(books.careless()).rows)
    assert [row.number for row in rows] == [2, 4]
    assert rows[0].values == {
        "code": "00123", "name": "阿莫西林", "price": Decimal("1.2345"), "quantity": 10, "day": date(2026, 1, 2),
    }  # fmt: skip
    assert rows[1].values == {
        "code": "A2", "name": "乙", "price": Decimal("12.50"), "quantity": 1234, "day": date(2026, 1, 2),
    }  # fmt: skip


def test_an_issue_of_a_row_names_cell_header_and_value() -> None:
    row = next(iter(checked(books.careless()).rows))
    issue = row.issue("over-cap", "price", cap=Decimal(1), rule="4.2")
    assert (issue.sheet, issue.row, issue.column, issue.cell, issue.value) == ("数据", 2, "单价", "C2", "1.2345")
    assert issue.facts == {"cap": Decimal(1), "rule": "4.2"}


def test_plain_columns_and_cell_by_cell_reading_agree() -> None:
    plain = [["代码", "名称", "单价", "数量"], *([f"A{n}", f"名{n}", n + 0.25, n] for n in range(50))]
    mixed = [*plain, ["Ａ50", " 名50 ", "50.25", "50"]]
    first, second = checked(books.book(plain)), checked(books.book(mixed))
    assert not first.issues and not second.issues
    for name, values in first.rows.columns.items():
        assert second.rows.columns[name][:50] == values
        assert [type(value) for value in values] == [type(value) for value in second.rows.columns[name][:50]]
    assert [second.rows.columns[name][50] for name in ("code", "name", "price", "quantity")] == [
        "A50", "名50", Decimal("50.25"), 50,
    ]  # fmt: skip


def test_all_missing_and_double_columns_are_named_at_once() -> None:
    data = books.book([["代码", "Code", "单价"], ["1", "1", 1]])
    assert refused(data) == ["column-missing", "column-twice"]


def test_a_file_without_headers_or_rows_is_refused() -> None:
    assert refused(books.book([["甲", "乙"], [1, 2]])) == ["no-headers"]
    assert refused(books.book([["代码", "名称"]])) == ["no-rows"]
    assert refused(books.book([])) == ["no-headers"]


def test_two_sheets_with_the_headers_are_not_guessed_between() -> None:
    rows = [["代码", "名称"], ["1", "甲"]]
    assert refused(books.book(rows, title="一", 二=rows)) == ["several-data-sheets"]
    assert len(checked(books.book(rows, title="数据", 二=rows)).rows) == 1


def test_merged_cells_over_rows_are_wrong_in_every_row() -> None:
    merges = '<mergeCells count="2"><mergeCell ref="B2:B3"/><mergeCell ref="A9:C9"/></mergeCells>'
    text = "".join(
        f'<row r="{row}">'
        + "".join(f'<c r="{c}{row}" t="str"><v>{v}</v></c>' for c, v in zip("AB", cells, strict=True))
        + "</row>"
        for row, cells in ((1, ("代码", "名称")), (2, ("a", "甲")), (3, ("b", "")), (4, ("c", "丙")))
    )
    found = checked(books.parts(books.worksheet(text, after=merges)))
    assert {(issue.cell, issue.code) for issue in found.issues} == {
        ("B2", "merged-cells"), ("B3", "merged-cells"), ("B3", "required"),
    }  # fmt: skip


def test_values_without_a_header_are_named() -> None:
    found = checked(books.book([["代码", "名称", None], ["1", "甲", "丢了"]]))
    assert [(note.code, note.cell) for note in found.notes] == [("column-without-header", "C1")]


def test_our_own_result_columns_are_read_over() -> None:
    found = checked(books.book([["代码", "名称", "校验结果", "错误原因"], ["1", "甲", "有错误", "空"]]))
    assert not found.notes and not found.issues


@pytest.mark.parametrize(
    ("marker", "stamp", "code"),
    [
        (("jicai", "others", "3", ""), "", "template-of-another-kind"),
        (("jicai", "things", "2", ""), "", "template-outdated"),
        (("jicai", "things", "3", '{"round":1}'), '{"round":2}', "template-of-another-occasion"),
    ],
)
def test_a_template_of_something_else_is_refused(marker: tuple[str, ...], stamp: str, code: str) -> None:
    data = books.book([["代码", "名称"], ["1", "甲"]], _jicai=[[part] for part in marker])
    assert refused(data, stamp=stamp) == [code]


def test_a_kind_may_insist_on_its_template() -> None:
    assert refused(books.book([["代码", "名称"], ["1", "甲"]]), template_required=True) == ["template-required"]


def test_choices_come_from_the_occasion() -> None:
    columns = (*kind().columns, Column("form", "剂型", "Form", K.CHOICE))
    book = read(books.book([["代码", "名称", "剂型"], ["1", "甲", "口服"], ["2", "乙", "外用"]]), "x.xlsx")
    found = check(book, kind(columns=columns), {"form": (Choice("oral", "口服", "Oral"),)})
    assert found.rows.columns["form"] == ["oral", None]
    assert [(issue.cell, issue.code) for issue in found.issues] == [("C3", "not-in-list")]


def test_csv_in_gb18030_is_checked_like_a_workbook() -> None:
    found = checked("代码,名称,单价\n001,阿莫西林,1.2345\n002,,9\n".encode("gb18030"), "x.csv")
    assert [(issue.cell, issue.code) for issue in found.issues] == [("B3", "required")]
    assert [row["code"] for row in found.rows] == ["001"]
