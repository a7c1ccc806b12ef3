"""Guarded reading: whatever comes is read or refused with a reason, and nothing else happens."""

from __future__ import annotations

import pathlib

import pytest
from openpyxl import Workbook as Openpyxl

from importers import workbook
from importers.reading_columns import KINDS, number
from importers.reading_parse import ranges
from importers.rules import Found
from importers.workbook import pack, read, unpack
from kernel.errors import FileRefused, Issue
from tests.importers import books


def refusal(data: bytes, name: str = "x.xlsx", **limits: int) -> Issue:
    """The first issue of a refused file."""
    with pytest.raises(FileRefused) as caught:
        read(data, name, **limits)
    issue: Issue = caught.value.issues[0]
    assert issue.facts["file"] == name
    return issue


@pytest.mark.parametrize(
    ("make", "code", "place"),
    [
        (books.far_cell, "cell-too-far-out", "XFD1048576"),
        (books.wide_cell, "too-many-columns", "XFD3"),
        (books.merge_bomb, "merges-too-far", "A1:XFD2000"),
        (books.many_merges, "merges-too-far", "A50001:B50001"),
        (books.quine_ratio, "inflates-too-far", ""),
        (books.understated, "part-damaged", ""),
        (books.entities, "declares-entities", ""),
        (lambda: books.entities("xl/sharedStrings.xml"), "declares-entities", ""),
        (lambda: books.entities("xl/workbook.xml"), "declares-entities", ""),
        (books.outside_file, "declares-entities", ""),
        (books.password_protected, "password", ""),
        (lambda: b"", "empty-file", ""),
        (lambda: b"a,b\n1,2\n", "content-does-not-match-name", ""),
        (lambda: b"PK\3\4" + bytes(200), "cut-off", ""),
        (lambda: books.zipped({"a.txt": "x"}), "not-a-workbook", ""),
        (lambda: books.zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "old-format", ""),
        (lambda: books.zipped({f"part{n}.xml": "x" for n in range(501)}), "too-many-parts", ""),
        (lambda: books.parts(books.worksheet(""), extra={"xl/vbaProject.bin": b"x"}), "macros", ""),
        (lambda: books.parts(books.worksheet(""), extra={"xl/externalLinks/a.xml": b"x"}), "external-links", ""),
        (lambda: books.parts(books.worksheet(""), extra={"xl/embeddings/o.bin": b"x"}), "embedded-objects", ""),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_with_its_reason(make: object, code: str, place: str) -> None:
    assert callable(make)
    data: bytes = make()
    issue = refusal(data)
    assert (issue.code, issue.cell) == (code, place)


def test_a_gigabyte_of_zeros_is_refused_by_its_size() -> None:
    assert refusal(books.zip_bomb()).code == "inflates-too-far"


def test_a_child_that_hangs_is_killed() -> None:
    assert refusal(books.book([["a"], *([[n] for n in range(40_000)])]), wall=0).code == "too-large"


@pytest.mark.parametrize("name", ["x.xls", "x.ods", "x.xlsb", "x.et", "x.xlsm", "x.exe", "x", ""])
def test_other_formats_are_refused_by_name(name: str) -> None:
    assert refusal(b"x", name).code in ("old-format", "macros", "format-not-taken")


def test_an_upload_above_the_limit_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_UPLOAD", 10)
    assert refusal(b"PK\3\4" + bytes(20)).code == "upload-too-large"


def test_kinds_and_texts_of_cells_arrive_as_they_were() -> None:
    made = Openpyxl()
    page = made.active
    assert page is not None
    for value in ("00123", 1.2345, 12345678901234567, True, "=1/0", "23字符码XJ01DDT057B0010100367X", 0.25, 1e-7):
        page.append([value])
    page["A9"] = 1234
    page["A9"].number_format = "00000000"
    sheet = read(books.saved(made), "x.xlsx").sheets[0]
    texts = sheet.texts(0)
    assert texts[:4] == ["00123", "1.2345", "12345678901234570", "TRUE"]  # openpyxl writes 16 digits
    assert texts[5:] == ["23字符码XJ01DDT057B0010100367X", "0.25", "0.0000001", "00001234"]
    found = [Found(kind).name for kind in sheet.found(0)]
    assert found == ["TEXT", "NUMBER", "NUMBER", "FLAG", "NO_RESULT", "TEXT", "NUMBER", "NUMBER", "TEXT"]


def test_binary_noise_in_a_number_is_not_hidden() -> None:
    sheet = read(books.parts(books.worksheet(books.cell("A1", "0.30000000000000004"))), "x.xlsx").sheets[0]
    assert sheet.texts(0) == ["0.30000000000000004"]


def test_error_cells_are_not_taken_for_empty_ones() -> None:
    cells = '<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    sheet = read(books.parts(books.worksheet(cells)), "x.xlsx").sheets[0]
    assert [sheet.texts(0), sheet.texts(1)] == [["#N/A"], ["#DIV/0!"]]
    assert sheet.found(0) == [Found.ERROR]


def test_an_error_cell_without_a_position_is_refused() -> None:
    data = books.parts(books.worksheet('<row><c t="e"><v>#N/A</v></c></row>'))
    assert refusal(data).code == "cell-without-reference"


def test_sheets_are_found_through_the_relations() -> None:
    cells = '<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>'
    data = books.parts(books.worksheet(cells), target="worksheets/odd name.xml")
    assert read(data, "x.xlsx").sheets[0].found(0) == [Found.ERROR]


def test_rows_keep_excels_numbers_and_columns_their_letters() -> None:
    made = Openpyxl()
    page = made.active
    assert page is not None
    page["C4"], page["E9"] = "x", 2
    sheet = read(books.saved(made), "x.xlsx").sheets[0]
    assert (sheet.numbers, sheet.width, sheet.texts(2), sheet.texts(4)) == ([4, 9], 5, ["x", None], [None, "2"])


def test_hidden_sheets_and_rows_are_left_out_and_named() -> None:
    found = read(books.careless(), "x.xlsx")
    assert [sheet.name for sheet in found.sheets] == ["数据", "备注"]
    assert 11 not in found.sheets[0].numbers
    assert {(issue.code, issue.sheet) for issue in found.skipped} == {
        ("hidden-sheet", "旧数据"),
        ("hidden-rows", "数据"),
    }
    assert next(issue for issue in found.skipped if issue.code == "hidden-rows").facts["rows"] == "11"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_every_encoding_people_have(encoding: str) -> None:
    data = "代码,名称\r\n00123,联通阿莫西林𠮷\r\n".encode(encoding)
    sheet = read(data, "x.csv").sheets[0]
    assert (sheet.texts(0), sheet.texts(1)) == (["代码", "00123"], ["名称", "联通阿莫西林𠮷"])


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "a;b\n1;2\n", "a\tb\n1\t2\n", "sep=|\na|b\n1|2\n"])
def test_csv_separators(text: str) -> None:
    sheet = read(text.encode(), "x.csv").sheets[0]
    assert (sheet.numbers, sheet.texts(1)) == ([1, 2], ["b", "2"])


def test_csv_takes_exactly_one_apostrophe_off() -> None:
    sheet = read(b"a\n'=1+1\n''x\n'\n", "x.csv").sheets[0]
    assert sheet.texts(0) == ["a", "=1+1", "'x"]


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"a,b\n\xff\xff,1\n", "unknown-encoding"), (b'a,b\n"open,1\n', "bad-csv"), (b"a\0b", "text-with-nul"),
     (books.book([["a"]]), "content-does-not-match-name"), (b"1," * 300, "too-many-columns")],
)  # fmt: skip
def test_bad_csv_is_refused(data: bytes, code: str) -> None:
    assert refusal(data, "x.csv").code == code


def test_too_many_rows_are_refused() -> None:
    data = b"a\n" + b"1\n" * 300_100
    assert refusal(data, "x.csv").code == "too-many-rows"


def test_what_was_read_can_be_kept_and_read_again() -> None:
    sheets = read(books.careless(), "x.xlsx").sheets
    again = tuple(unpack(pack(sheets)))
    assert [sheet.table.to_pydict() for sheet in again] == [sheet.table.to_pydict() for sheet in sheets]


def test_the_official_list_is_read_whole(shared: pathlib.Path) -> None:
    found = read((shared / "data" / "nrdl" / "nrdl_2024.xlsx").read_bytes(), "nrdl_2024.xlsx")
    assert [(sheet.name, len(sheet.merges)) for sheet in found.sheets][:2] == [
        ("西药部分", 16306),
        ("中成药部分", 11020),
    ]


def test_pieces_of_the_child() -> None:
    assert (number(1e15), number(0.1), number(1e-7), number(5.0)) == ("1000000000000000", "0.1", "0.0000001", "5")
    assert ranges([1, 2, 3, 7]) == "1-3, 7"
    assert set(KINDS.values()) <= set(Found)
