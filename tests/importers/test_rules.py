"""One cell, one value; or one reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.columns import Choice, Column, ColumnKind
from importers.rules import Flaw, Found, choice_table, header_row, match_headers, read

K = ColumnKind


def column(kind: ColumnKind, **settings: Any) -> Column:
    return Column("c", "列", "Column", kind, **settings)


def outcome(kind: ColumnKind, found: Found, text: str, **settings: Any) -> Any:
    value = read(column(kind, **settings), found, text)
    return value.code if isinstance(value, Flaw) else value


@pytest.mark.parametrize(
    ("kind", "found", "text", "value"),
    [
        (K.PRICE, Found.NUMBER, "1.2345", Decimal("1.2345")),
        (K.PRICE, Found.TEXT, "１，２３４．５０", Decimal("1234.50")),
        (K.PRICE, Found.TEXT, " 1,234.5 ", Decimal("1234.5")),
        (K.PRICE, Found.TEXT, "1.20000", Decimal("1.20000")),
        (K.PRICE, Found.NUMBER, "0.30000000000000004", "too-many-decimals"),
        (K.PRICE, Found.TEXT, "1.23456", "too-many-decimals"),
        (K.PRICE, Found.TEXT, "1e3", "not-a-number"),
        (K.PRICE, Found.TEXT, "1_000", "not-a-number"),
        (K.PRICE, Found.TEXT, "NaN", "not-a-number"),
        (K.PRICE, Found.TEXT, "²", "not-a-number"),
        (K.PRICE, Found.TEXT, "１２³", "not-a-number"),
        (K.PRICE, Found.TEXT, "12,34", "not-a-number"),
        (K.PRICE, Found.TEXT, "¥12", "not-a-number"),
        (K.PRICE, Found.TEXT, "-1", "below-minimum"),
        (K.PRICE, Found.TEXT, "1234567890123", "number-too-large"),
        (K.PRICE, Found.NUMBER, "1234567890123456", "damaged-number"),
        (K.PRICE, Found.FLAG, "TRUE", "not-a-number"),
        (K.PRICE, Found.DATE, "2026-01-02", "not-a-number"),
        (K.PRICE, Found.ERROR, "#N/A", "error-cell"),
        (K.PRICE, Found.NO_RESULT, "", "formula-without-result"),
        (K.INT, Found.NUMBER, "10", 10),
        (K.INT, Found.TEXT, "10.0", 10),
        (K.INT, Found.NUMBER, "1.5", "not-whole"),
        (K.QUANTITY, Found.NUMBER, "0.125", Decimal("0.125")),
        (K.CODE, Found.TEXT, "00123", "00123"),
        (K.CODE, Found.NUMBER, "123", "123"),
        (K.CODE, Found.NUMBER, "123456789012345680", "damaged-number"),
        (K.CODE, Found.TEXT, "123456789012345678", "123456789012345678"),
        (K.CODE, Found.NUMBER, "1.5", "code-not-text"),
        (K.CODE, Found.DATE, "2026-05-01", "text-became-date"),
        (K.CODE, Found.TEXT, "Ａ１２", "A12"),
        (K.CODE, Found.TEXT, "A 1", "gap-in-code"),
        (K.CODE, Found.TEXT, "\u200bA1\ufeff", "A1"),
        (K.TEXT, Found.TEXT, "  甲\u3000", "甲"),
        (K.TEXT, Found.TEXT, "10²", "10²"),
        (K.TEXT, Found.TEXT, "a\x01b", "control-character"),
        (K.TEXT, Found.TEXT, "x" * 401, "too-long"),
        (K.TEXT, Found.DATE, "2026-05-01", "text-became-date"),
        (K.DATE, Found.DATE, "2026-05-01", date(2026, 5, 1)),
        (K.DATE, Found.DATE, "2026-05-01T00:00:00", date(2026, 5, 1)),
        (K.DATE, Found.DATE, "2026-05-01T09:30:00", "has-time"),
        (K.DATE, Found.TEXT, "2026-05-01", date(2026, 5, 1)),
        (K.DATE, Found.TEXT, "２０２６－０５－０１", date(2026, 5, 1)),
        (K.DATE, Found.TEXT, "2026/5/1", "not-a-date"),
        (K.DATE, Found.TEXT, "05-01-2026", "not-a-date"),
        (K.DATE, Found.TEXT, "2026-02-30", "no-such-day"),
        (K.DATE, Found.NUMBER, "46000", "not-a-date"),
        (K.DATE, Found.DATE, "1900-02-28", "date-before-1900"),
        (K.DATE, Found.DURATION, "108000.0", "not-a-date"),
        (K.FLAG, Found.TEXT, "是", True),
        (K.FLAG, Found.TEXT, "Ｎ", False),
        (K.FLAG, Found.FLAG, "TRUE", True),
        (K.FLAG, Found.NUMBER, "0", False),
        (K.FLAG, Found.TEXT, "也许", "not-yes-or-no"),
        (K.TEXT, Found.EMPTY, "", None),
        (K.TEXT, Found.TEXT, " \u00a0", None),
    ],
)
def test_a_cell_is_read_strictly(kind: ColumnKind, found: Found, text: str, value: Any) -> None:
    got = outcome(kind, found, text)
    assert got == value and type(got) is type(value)


def test_a_required_cell_may_not_be_empty() -> None:
    assert outcome(K.TEXT, Found.EMPTY, "", required=True) == "required"


def test_lost_zeros_are_told_from_a_wrong_length() -> None:
    assert outcome(K.CODE, Found.NUMBER, "1234", length=(6,)) == "zeros-lost"
    assert outcome(K.CODE, Found.TEXT, "1234", length=(6,)) == "wrong-length"
    assert outcome(K.CODE, Found.NUMBER, "320100", length=(6,)) == "320100"


def test_a_choice_may_be_written_as_its_value_or_either_label() -> None:
    table = choice_table([Choice("oral", "口服", "Oral"), Choice("injection", "注射", "Injection")])
    subject = column(K.CHOICE)
    assert [read(subject, Found.TEXT, text, table) for text in ("口服", "ORAL", "injection")] == [
        "oral",
        "oral",
        "injection",
    ]
    flaw = read(subject, Found.TEXT, "外用", table)
    assert flaw.code == "not-in-list" and flaw.facts["choices"] == {"zh": "口服、注射", "en": "Oral, Injection"}


@given(st.decimals(min_value=0, max_value=10**11, places=4))
def test_every_price_a_number_cell_can_hold_comes_back_exactly(price: Decimal) -> None:
    if len(price.normalize().as_tuple().digits) <= 15:
        from importers.reading_columns import number

        assert outcome(K.PRICE, Found.NUMBER, number(float(price))) == price


@given(st.text())
def test_no_text_crashes_any_reader(text: str) -> None:
    for kind in K:
        for found in Found:
            outcome(kind, found, text)


COLUMNS = (
    Column("code", "药品代码", "Drug code", K.CODE, required=True, aliases=("编码",)),
    Column("price", "单价（元）", "Price (yuan)", K.PRICE, required=True),
    Column("note", "备注", "Note"),
)


@pytest.mark.parametrize(
    "cells",
    [
        ["药品代码", "单价（元）"], ["单价(元) *", None, " 编码 "], ["PRICE (YUAN)", "drug code"],
        ["price", "code", "备注"],
        ["单价\n（元）", "药品 代码", "校验结果", "错误原因"],
    ],
)  # fmt: skip
def test_headers_are_found_in_any_order_and_language(cells: list[str | None]) -> None:
    found = match_headers(cells, COLUMNS)
    assert {"code", "price"} <= set(found.at) and not found.missing and not found.twice and not found.unknown


def test_missing_double_and_unknown_headers_are_all_named() -> None:
    found = match_headers(["药品代码", "编码", "单位"], COLUMNS)
    assert [each.name for each in found.missing] == ["price"]
    assert [(position, each.name) for position, each in found.twice] == [(1, "code")]
    assert found.unknown == (2,)


def test_the_header_row_may_stand_below_a_title() -> None:
    rows: list[list[str | None]] = [["某省药品目录", None], ["", "备注"], ["药品代码", "单价（元）"], ["1", "2"]]
    found = header_row(rows, COLUMNS)
    assert found is not None and found[0] == 2
