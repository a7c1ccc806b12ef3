"""What goes out in a table comes back the same."""

from __future__ import annotations

import csv
import io
import json
import pathlib
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.workbook import read
from kernel.sheets import (
    STRIDE,
    Sheet,
    by_columns,
    csv_cell,
    csv_column,
    plain,
    plain_column,
    sheet_name,
    text,
    write_csv,
    xlsx,
)
from kernel.sheets_styled import Heading, Styled, styled

TRICKY = (
    "=1+1", "+1", "-1", "@x", "'x", "''", "#N/A", "TRUE", "001", "123456789012345678", "1E5", "2026-01-02", "_x0041_",
    "_x000D_", "a\rb", "a\nb", "\x01", "http://a.b", "mailto:a@b", "a,b", 'a"b', "阿莫西林²", "😀", "<b>&amp;", "sep=,",
)  # fmt: skip


def bulk(values: list[str]) -> bytes:
    return xlsx([Sheet("数据", ["v", "n"], [[value, 1] for value in values])])


def small(values: list[str]) -> bytes:
    return styled([Styled("数据", [Heading("v"), Heading("n")], [[value, 1] for value in values])])


def comma(values: list[str], encoding: str = "utf-8") -> bytes:
    target = io.BytesIO()
    write_csv(target, ["v", "n"], [[value, 1] for value in values], encoding=encoding)
    return target.getvalue()


def back(data: bytes, name: str) -> list[str]:
    return [found or "" for found in read(data, name).sheets[0].texts(0)[1:]]


WAYS = [(bulk, "x.xlsx"), (small, "x.xlsx"), (comma, "x.csv"), (lambda values: comma(values, "gb18030"), "x.csv")]


@pytest.mark.parametrize(("way", "name"), WAYS)
def test_text_comes_back_character_by_character(way: Any, name: str) -> None:
    assert back(way(list(TRICKY)), name) == list(TRICKY)


@pytest.mark.parametrize(("way", "name"), WAYS)
def test_naughty_strings_come_back(way: Any, name: str, shared: pathlib.Path) -> None:
    strings = [
        s for s in json.loads((shared / "data/strings/blns.json").read_text("utf-8")) if s.strip() and "\ufffe" not in s
    ]
    assert back(way(strings), name) == strings


@pytest.mark.parametrize("way", [bulk, small])
def test_no_text_becomes_a_formula_or_a_link(way: Any) -> None:
    with zipfile.ZipFile(io.BytesIO(way(list(TRICKY)))) as archive:
        parts = b"".join(archive.read(name) for name in archive.namelist() if "sheet" in name)
    assert b"<f>" not in parts and b"hyperlink" not in parts


@settings(max_examples=12, deadline=None)  # each example is read in a child process
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffe\uffff"), max_size=40),
        min_size=1,
        max_size=30,
    )
)
def test_any_text_comes_back_through_comma_separated_text(values: list[str]) -> None:
    assert back(comma(values), "x.csv") == values


def test_csv_spectrum_is_read_as_its_authors_say(shared: pathlib.Path) -> None:
    folder = shared / "data/strings/csv_spectrum"
    paths = sorted(folder.glob("csvs_*.csv"))
    assert paths
    for path in paths:
        expected = json.loads(
            (folder / path.name.replace("csvs_", "json_").replace(".csv", ".json"))
            .read_text("utf-8")
            .replace("\\r", "")  # the files came through a tool that dropped them
        )
        sheet = read(path.read_bytes(), "x.csv").sheets[0]
        columns = [[found or "" for found in sheet.texts(position)] for position in range(sheet.width)]
        headers, rows = [column[0] for column in columns], zip(*(column[1:] for column in columns), strict=True)
        assert [dict(zip(headers, row, strict=True)) for row in rows] == expected, path.name


def test_values_keep_their_worth() -> None:
    values = [
        Decimal("1.2300"),
        Decimal("12345678901234567.89"),
        10**17,
        True,
        date(2026, 1, 2),
        date(1899, 1, 1),
        None,
    ]
    data = xlsx([Sheet("s", ["v", "n"], [[value, "x"] for value in values])])
    assert back(data, "x.xlsx") == [
        "1.23", "12345678901234567.89", "100000000000000000", "TRUE", "2026-01-02", "1899-01-01", "",
    ]  # fmt: skip
    assert plain(datetime(2026, 11, 20, 6, 0, tzinfo=UTC)) == "2026-11-20 14:00:00"


def test_an_empty_export_still_has_its_headers() -> None:
    assert read(xlsx([Sheet("s", ["代码", "名称"], [])]), "x.xlsx").sheets[0].texts(1) == ["名称"]


def test_headers_may_not_repeat_and_cells_may_not_overflow() -> None:
    with pytest.raises(ValueError, match="repeat"):
        xlsx([Sheet("s", ["a", "a"], [])])
    with pytest.raises(ValueError, match="32768"):
        text("x" * 32_768)


def test_names_of_sheets_are_made_acceptable() -> None:
    assert (sheet_name("a" * 40), sheet_name("[x]"), sheet_name("")) == ("a" * 31, "x", "Sheet1")


def test_numbers_in_csv_are_not_taken_for_formulas() -> None:
    assert [csv_cell(value) for value in (Decimal("-1.5"), -3, "-3", None, False)] == ["-1.5", "-3", "'-3", "", "FALSE"]


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**18), 10**18), st.decimals(allow_nan=False, allow_infinity=False),
    st.sampled_from([*TRICKY, "", "\ud800", "\uffff", "a\n=1"]), st.dates(date(1890, 1, 1)),
    st.text(st.characters(exclude_categories=[])),
)  # fmt: skip
COLUMNS = st.sampled_from([str, int, bool]).flatmap(
    lambda kind: st.lists(CELLS.filter(lambda cell: type(cell) is kind))
)


@given(st.one_of(st.lists(CELLS), COLUMNS))
def test_a_column_is_converted_as_each_of_its_cells_would_be(values: list[Any]) -> None:
    assert list(plain_column(values)) == [plain(value) for value in values]
    assert written(csv_column(values)) == written([csv_cell(value) for value in values])


def written(cells: Sequence[Any]) -> str:
    """A column as the csv module writes it, beside another one."""
    target = io.StringIO()
    csv.writer(target).writerows([cell, "x"] for cell in cells)
    return target.getvalue()


def test_rows_are_converted_in_strides_and_none_is_lost() -> None:
    rows = [(number, str(number)) for number in range(3 * STRIDE + 1)]
    assert list(by_columns(iter(rows), list)) == rows
    assert list(by_columns([], list)) == []


def test_a_text_that_no_cell_holds_is_refused_among_others() -> None:
    with pytest.raises(ValueError, match="32768"):
        plain_column(["a", "b" * 32_768])
