"""Every hostile file is refused for its own reason, at the place where that can be said, and quickly."""

from __future__ import annotations

import pathlib
import time
from collections.abc import Callable
from typing import Any

import pytest

from importers import labels
from importers.checking import check
from importers.workbook import read
from kernel.errors import FileRefused, Issue
from kernel.problems import known_codes
from tests.importers import books, hostile
from tests.importers.hostile import Hostile
from tests.importers.test_checking import kind

WALL = 10  # the product's own limit on a reader; one that takes longer is refused as too-large


def refusal(data: bytes, name: str) -> Issue:
    """The first issue of a refused file."""
    with pytest.raises(FileRefused) as caught:
        read(data, name, wall=WALL)
    return caught.value.issues[0]


@pytest.mark.parametrize("made", [*hostile.XLSX, *hostile.CSV], ids=lambda made: made.name)
def test_a_hostile_file_is_refused_with_its_reason_and_place(
    made: Hostile, speaking: Callable[[str], Any], figure: Callable[[str], None]
) -> None:
    data = made.make()
    begun = time.perf_counter()
    issue = refusal(data, made.file)
    took = time.perf_counter() - begun
    assert (issue.code, issue.sheet, issue.cell) == (made.code, made.sheet, made.cell)
    assert issue.facts["file"] == made.file and issue.code in known_codes()
    for locale in ("zh_CN", "en"):
        with speaking(locale):
            said = labels.says(issue)
        assert "—" not in said and (not made.cell or made.cell in said or "%" not in said)
    figure(f"hostile: {made.name:32} {took:5.2f} s  {issue.code}")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(hostile.misstated("local-sizes"), id="local-sizes"),
        pytest.param(hostile.content_types("text/plain"), id="content-type"),
        pytest.param(hostile.shared_strings("500"), id="count-of-strings"),
        pytest.param(hostile.shared_strings("0"), id="no-strings"),
        pytest.param(hostile.many_rows(2, "A1:XFD1048576"), id="dimension-too-large"),
        pytest.param(hostile.many_rows(2, "A1"), id="dimension-too-small"),
        pytest.param(hostile.far("A1048576"), id="a-stray-cell-far-down"),
        pytest.param(hostile.spaces_behind_a_formula(), id="spaces-behind-a-formula"),
    ],
)
def test_a_lie_that_hurts_nobody_does_not_hide_what_is_there(data: bytes) -> None:
    sheet = read(data, "x.xlsx", wall=WALL).sheets[0]
    assert len(sheet.numbers) in (1, 2) and sheet.texts(0)[0] in ("1", "x")


def test_rows_that_hold_nothing_do_not_count() -> None:
    assert len(read(hostile.headed(1_000, blank=400_000), "x.xlsx").sheets[0].numbers) == 1_001


def test_a_long_text_that_is_shown_once_is_read() -> None:
    texts = read(hostile.long_text_many_times(shown=1), "x.xlsx").sheets[0].texts(0)
    assert [len(texts[0]), texts[1], len(texts)] == [1 << 20, "short", 50_000]


def test_the_limit_of_rows_is_that_of_data_rows() -> None:
    book = read(b"\xe4\xbb\xa3\xe7\xa0\x81,\xe5\x90\x8d\xe7\xa7\xb0\n" + b"1,x\n" * 300_001, "x.csv")
    with pytest.raises(FileRefused) as caught:
        check(book, kind(key=()), {})
    assert [(issue.code, issue.facts["limit"]) for issue in caught.value.issues] == [("too-many-rows", 300_000)]


def test_a_quote_that_is_never_closed_is_shown_where_it_opens() -> None:
    issue = refusal(b'a,b\n1,2\n"3,4\n' + b"5,6\n" * 1_000, "x.csv")
    assert (issue.code, issue.facts["line"]) == ("bad-csv", 3)


def test_a_csv_whose_encoding_is_guessed_says_so() -> None:
    """Bytes that are letters in UTF-8 and Han in GB18030: read as UTF-8, and said."""
    book = read("code,name\n1,模\n".encode("gb18030"), "x.csv")
    assert [issue.code for issue in book.skipped] == ["encoding-guessed"]
    assert not read("code,name\n1,模\n".encode(), "x.csv").skipped
    assert not read("代码,名称\n1,模\n".encode("gb18030"), "x.csv").skipped


@pytest.mark.parametrize(
    ("text", "code"),
    [("NaN", "not-a-number"), ("1e-7", "too-many-decimals"), ("1E+300", "damaged-number"), ("inf", "not-a-number"),
     ("1_000", "not-a-number"), ("0x10", "not-a-number"), ("999999999999999", "number-too-large")],
)  # fmt: skip
def test_strange_numbers_in_number_cells_are_refused_at_their_cell(text: str, code: str) -> None:
    found = check(read(hostile.number_cell(text), "x.xlsx"), kind(), {})
    assert [(issue.cell, issue.code) for issue in found.issues] == [("C2", code)]


@pytest.mark.parametrize("text", ["NaN", "1e3", "1_000", "١٢", "²", "1,23", "0x10", "--1", "１_０", "1.", "＋－1"])
def test_strange_numbers_in_text_cells_are_refused_at_their_cell(text: str) -> None:
    found = check(read(books.book([["代码", "名称", "单价"], ["1", "x", text]]), "x.xlsx"), kind(), {})
    assert [(issue.cell, issue.code) for issue in found.issues] == [("C2", "not-a-number")]


def test_a_number_too_large_for_the_database_is_refused_at_its_cell() -> None:
    rows = [["代码", "名称", "数量"], ["1", "x", 2_147_483_647], ["2", "y", 2_147_483_648], ["3", "z", 99_999_999_999]]
    found = check(read(books.book(rows), "x.xlsx"), kind(), {})
    assert [(issue.cell, issue.code) for issue in found.issues] == [
        ("C3", "number-too-large"),
        ("C4", "number-too-large"),
    ]
    assert found.rows.columns["quantity"][0] == 2_147_483_647


def test_formulas_with_cached_errors_are_refused_at_their_cells() -> None:
    head = '<row r="1"><c r="A1" t="str"><v>代码</v></c><c r="B1" t="str"><v>名称</v></c></row>'
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="str"><v>{n}</v></c><c r="B{n}" t="e"><f{more}>x</f><v>{error}</v></c></row>'
        for n, (more, error) in enumerate(
            [("", "#REF!"), (' t="array" ref="B3"', "#N/A"), (' t="shared" si="0" ref="B4:B5"', "#DIV/0!")], 2
        )
    )
    found = check(read(books.parts(books.worksheet(head + rows)), "x.xlsx"), kind(), {})
    assert [(issue.cell, issue.code, issue.value) for issue in found.issues] == [
        ("B2", "error-cell", "#REF!"), ("B3", "error-cell", "#N/A"), ("B4", "error-cell", "#DIV/0!"),
    ]  # fmt: skip


def test_real_old_files_under_another_name_are_told_from_damaged_ones(shared: pathlib.Path) -> None:
    folder, told = shared / "data" / "spreadsheets", {}
    for path in sorted(folder.iterdir()):
        if path.suffix in (".xls", ".xlsb", ".ods") and path.stat().st_size > 100:
            told[path.name] = refusal(path.read_bytes(), "renamed.xlsx").code
    assert told.pop("pass_protected.xlsb") == "password"
    assert set(told.values()) == {"old-format", "macros"}, told
