"""How one cell becomes a value, and how headers find their columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum
from types import MappingProxyType
from typing import Any

from importers.columns import Choice, Column, ColumnKind
from kernel.money import NotANumber, parse_decimal, places

FIRST_SAFE_DAY = date(1900, 3, 1)  # Excel counts a 29 February 1900; days before it are ambiguous
MAX_WHOLE_DIGITS = 12
MOST_LISTED = 24
LARGEST_INT = 2_147_483_647  # of the database's integer columns


class Found(IntEnum):
    """What the reading child says a cell was. The child carries the same numbers."""

    EMPTY = 0
    TEXT = 1
    NUMBER = 2
    DATE = 3
    FLAG = 4
    ERROR = 5
    DURATION = 6
    NO_RESULT = 7  # a formula that was never calculated


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a cell can't be taken."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


_OUTER = " \t\r\n\u00a0\u3000\u200b\ufeff"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_WIDE = {0xFF01 + i: 0x21 + i for i in range(94)}  # the full-width forms of ASCII, one by one: ² stays ²
_GAP = re.compile(r"\s")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_ISO_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})T00:00:00", re.ASCII)
_YES = frozenset({"是", "有", "yes", "y", "true", "1", "√"})
_NO = frozenset({"否", "无", "no", "n", "false", "0", "×"})


def read(column: Column, found: int, text: str, choices: Mapping[str, str] | None = None) -> Any:
    """Return the value of a cell, None where it is empty, or a `Flaw`.

    >>> read(Column("p", "单价", "Price", ColumnKind.PRICE), Found.TEXT, "１２．５０")
    Decimal('12.50')
    >>> read(Column("p", "单价", "Price", ColumnKind.PRICE), Found.NUMBER, "0.30000000000000004").code
    'too-many-decimals'
    """
    if found == Found.ERROR:
        return Flaw("error-cell")
    if found == Found.NO_RESULT:
        return Flaw("formula-without-result")
    stripped = text.strip(_OUTER)
    if found == Found.EMPTY or not stripped:
        return Flaw("required") if column.required else None
    if _CONTROL.search(stripped):
        return Flaw("control-character")
    return _READERS[column.kind](column, found, stripped, choices or {})


class ChoiceTable(dict[str, str]):
    """Every way a choice may be written → its value; `shown` lists them by language, where they are few."""

    shown: Mapping[str, str] = MappingProxyType({})


def choice_table(choices: Iterable[Choice]) -> ChoiceTable:
    """Make the table of a column's choices."""
    table, listed = ChoiceTable(), tuple(choices)
    for choice in listed:
        for written in (choice.value, choice.zh, choice.en):
            if written:
                table.setdefault(written.casefold(), choice.value)
    if len(listed) <= MOST_LISTED:
        labels = {locale: [choice.label(locale) for choice in listed] for locale in ("zh", "en")}
        table.shown = {"zh": "、".join(labels["zh"]), "en": ", ".join(labels["en"])}
    return table


def _text(column: Column, found: int, text: str, _choices: Mapping[str, str]) -> Any:
    if found in (Found.DATE, Found.DURATION):
        return Flaw("text-became-date")
    if found == Found.NUMBER and _damaged(text):
        return Flaw("damaged-number")
    if len(text) > column.max_length:
        return Flaw("too-long", {"length": len(text), "limit": column.max_length})
    return text


def _code(column: Column, found: int, text: str, choices: Mapping[str, str]) -> Any:
    if found == Found.FLAG or (found == Found.NUMBER and not text.isdigit() and not _damaged(text)):
        return Flaw("code-not-text")
    value = _text(column, found, text.translate(_WIDE).strip(_OUTER), choices)
    if isinstance(value, Flaw):
        return value
    if _GAP.search(value):
        return Flaw("gap-in-code")
    if column.length and len(value) not in column.length:
        wanted = "/".join(map(str, column.length))
        lost = found == Found.NUMBER and len(value) < max(column.length)
        return Flaw("zeros-lost" if lost else "wrong-length", {"length": len(value), "wanted": wanted})
    return value


def _damaged(text: str) -> bool:
    return len(text.partition(".")[0].lstrip("-")) > 15


def _number(column: Column, found: int, text: str, _choices: Mapping[str, str]) -> Any:
    if found not in (Found.NUMBER, Found.TEXT):
        return Flaw("not-a-number")
    try:
        value = parse_decimal(text)
    except NotANumber:
        return Flaw("not-a-number")
    if len(format(abs(value), "f").partition(".")[0]) > MAX_WHOLE_DIGITS:
        return Flaw("damaged-number" if found == Found.NUMBER and _damaged(text) else "number-too-large")
    if _places(value) > column.decimals:
        return Flaw("not-whole" if column.decimals == 0 else "too-many-decimals", {"places": column.decimals})
    if column.minimum is not None and value < column.minimum:
        return Flaw("below-minimum", {"minimum": column.minimum})
    if column.kind is ColumnKind.INT and abs(value) > LARGEST_INT:
        return Flaw("number-too-large")
    return int(value) if column.kind is ColumnKind.INT else value


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return 0 if isinstance(exponent, int) and exponent >= 0 else places(value)


def _date(_column: Column, found: int, text: str, _choices: Mapping[str, str]) -> Any:
    if found not in (Found.DATE, Found.TEXT):
        return Flaw("not-a-date")
    midnight = _ISO_MIDNIGHT.fullmatch(text)
    match = _ISO.fullmatch(midnight.group(1) if midnight else text.translate(_WIDE))
    if not match:
        return Flaw("has-time" if found == Found.DATE and "T" in text else "not-a-date")
    try:
        value = date(int(match.group(1)), int(match.group(2)), int(match.group(3)))
    except ValueError:
        return Flaw("no-such-day")
    return Flaw("date-before-1900") if value < FIRST_SAFE_DAY else value


def _choice(_column: Column, _found: int, text: str, choices: Mapping[str, str]) -> Any:
    value = choices.get(text.casefold())
    if value is None:
        return Flaw("not-in-list", {"choices": dict(getattr(choices, "shown", {}))})
    return value


def _flag(_column: Column, _found: int, text: str, _choices: Mapping[str, str]) -> Any:
    plain = text.translate(_WIDE).casefold()
    if plain in _YES:
        return True
    return False if plain in _NO else Flaw("not-yes-or-no")


_Reader = Callable[[Column, int, str, Mapping[str, str]], Any]
_READERS: dict[ColumnKind, _Reader] = {
    ColumnKind.TEXT: _text,
    ColumnKind.CODE: _code,
    ColumnKind.PRICE: _number,
    ColumnKind.QUANTITY: _number,
    ColumnKind.DECIMAL: _number,
    ColumnKind.INT: _number,
    ColumnKind.DATE: _date,
    ColumnKind.CHOICE: _choice,
    ColumnKind.FLAG: _flag,
}

RESULT_HEADERS = ("校验结果", "错误原因", "check result", "what is wrong")
_HEADER_NOISE = re.compile(r"[\s\u00a0\u3000\u200b\ufeff*]+")


def header_key(text: str) -> str:
    """A header as it is compared: case, spaces, full-width forms and the star of required columns do not count.

    >>> header_key(" 单价（元）* ")
    '单价(元)'
    """
    return _HEADER_NOISE.sub("", text.translate(_WIDE)).casefold()


_RESULTS = frozenset(header_key(header) for header in RESULT_HEADERS)


@dataclass(frozen=True, slots=True)
class Headers:
    """Which position each column was found at, and what did not fit."""

    at: Mapping[str, int]
    missing: tuple[Column, ...]
    twice: tuple[tuple[int, Column], ...]
    unknown: tuple[int, ...]


def match_headers(cells: Sequence[str | None], columns: Sequence[Column]) -> Headers:
    """Find the columns by Chinese or English header, name or alias, in any order."""
    names: dict[str, Column] = {}
    for column in columns:
        for written in (column.header_zh, column.header_en, column.name, *column.aliases):
            names.setdefault(header_key(written), column)
    at: dict[str, int] = {}
    twice, unknown = [], []
    for position, cell in enumerate(cells):
        key = header_key(cell or "")
        found = names.get(key)
        if found is None:
            if key and key not in _RESULTS:
                unknown.append(position)
        elif found.name in at:
            twice.append((position, found))
        else:
            at[found.name] = position
    missing = tuple(column for column in columns if (column.required or column.present) and column.name not in at)
    return Headers(at, missing, tuple(twice), tuple(unknown))


def header_row(rows: Sequence[Sequence[str | None]], columns: Sequence[Column]) -> tuple[int, Headers] | None:
    """Choose the row (of the first ones) that names most columns; None where none names any."""
    best: tuple[int, Headers] | None = None
    for index, cells in enumerate(rows):
        headers = match_headers(cells, columns)
        if headers.at and (best is None or len(headers.at) > len(best[1].at)):
            best = index, headers
    return best


def letter(position: int) -> str:
    """The column's letters in Excel, from 0.

    >>> letter(0), letter(27), letter(16383)
    ('A', 'AB', 'XFD')
    """
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
