"""Flat tables of commands: lines of text under a header become rows of values, with every mistake at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kernel.errors import FileRefused, Issue
from kernel.money import NotANumber, parse_decimal, places

MOST_DIGITS, MOST_CHARACTERS = 18, 100
FLAGS = {"0": False, "1": True, "false": False, "true": True}
"""0 and 1, or the booleans of a spreadsheet."""
REASONS = {
    "missing-column": "missing column",
    "column-twice": "the column stands twice in the header",
    "blank": "must not be blank",
    "not-a-number": "is not a readable number",
    "too-many-decimals": "has more than {most} decimals",
    "out-of-range": "must be {range}",
    "not-a-flag": "must be 0 or 1",
    "not-an-option": "must be one of {options}",
    "repeated": "the same {key} as in line {first}",
    "too-many-cells": "the line has more cells than the header",
    "no-rows": "the table has no rows",
    "empty": "the file is empty",
    "unknown-format": "the table must be .csv or .xlsx",
    "unreadable": "the file can't be read ({reason})",
    "unknown-encoding": "the text is neither UTF-8 nor GB18030",
    "not-text": "the text holds a NUL character",
    "bad-csv": "is not well-formed CSV ({reason})",
    "not-a-workbook": "is not a readable .xlsx workbook ({reason})",
    "too-large": "the workbook is too large",
}
"""What commands say of each mistake, in English: they are read by machines and administrators."""


class ColumnKind(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. Numbers lie between `low` and `high` and carry at most `decimals`; `above`: more than low.

    `needed`: the header must have it. `filled`: no line may leave it blank.
    """

    name: str
    kind: ColumnKind = ColumnKind.TEXT
    needed: bool = True
    filled: bool = True
    low: Decimal | None = Decimal(0)
    high: Decimal | None = None
    above: bool = False
    decimals: int | None = None
    options: tuple[str, ...] = ()

    @property
    def range(self) -> str:
        """Say what a number must be."""
        low = "" if self.low is None else f"{'above' if self.above else 'at least'} {self.low}"
        high = "" if self.high is None else f"at most {self.high}"
        return " and ".join(part for part in (low, high) if part)


@dataclass(frozen=True, slots=True)
class Row:
    """A line's number and its values by column; blank cells are None."""

    line: int
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def read(records: Sequence[tuple[int, list[str]]], columns: Sequence[Column], *, key: Sequence[str] = ()) -> list[Row]:
    """Return the rows under a header, given (line number, cells); raises FileRefused with every mistake and its place.

    `key` names the columns that no two lines may share.
    """
    if not records:
        raise FileRefused([Issue("empty")])
    (line, header), lines = records[0], records[1:]
    names = [name.strip().lstrip("\ufeff") for name in header]
    issues = _header(line, names, columns)
    rows = [_row(number, names, cells, columns, issues) for number, cells in lines]
    if not lines:
        issues.append(Issue("no-rows", row=line))
    _repeated(rows, key, issues)
    if issues:
        raise FileRefused(sorted(issues, key=lambda issue: issue.row or 0))
    return rows


def _header(line: int, names: Sequence[str], columns: Sequence[Column]) -> list[Issue]:
    twice = sorted({name for name in names if name and names.count(name) > 1})
    missing = [one.name for one in columns if one.needed and one.name not in names]
    return [Issue("column-twice", row=line, column=name) for name in twice] + [
        Issue("missing-column", row=line, column=name) for name in missing
    ]


def _row(line: int, names: Sequence[str], cells: Sequence[str], columns: Sequence[Column], issues: list[Issue]) -> Row:
    if any(cell.strip() for cell in cells[len(names) :]):
        issues.append(Issue("too-many-cells", row=line))
    texts = {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
    values: dict[str, Any] = {}
    for column in columns:
        text = texts.get(column.name, "")
        values[column.name] = None
        if text:
            issue = _cell(column, text, values)
        else:
            issue = Issue("blank") if column.filled and column.name in names else None
        if issue:
            issues.append(Issue(issue.code, row=line, column=column.name, value=text, facts=issue.facts))
    return Row(line, values)


def _cell(column: Column, text: str, values: dict[str, Any]) -> Issue | None:
    """Put a cell's value into the row, or return what is wrong with it."""
    if column.kind is ColumnKind.FLAG:
        values[column.name] = FLAGS.get(text.casefold())
        return None if text.casefold() in FLAGS else Issue("not-a-flag")
    if column.kind is ColumnKind.TEXT:
        values[column.name] = text
        known = not column.options or text in column.options
        return None if known else Issue("not-an-option", facts={"options": ", ".join(column.options)})
    try:
        number = parse_decimal(text)
    except NotANumber:
        return Issue("not-a-number")
    if len(text) > MOST_CHARACTERS or number.adjusted() >= MOST_DIGITS:
        return Issue("not-a-number")
    low = column.low is not None and (number <= column.low if column.above else number < column.low)
    if low or (column.high is not None and number > column.high):
        return Issue("out-of-range", facts={"range": column.range})
    if column.decimals is not None and places(number) > column.decimals:
        return Issue("too-many-decimals", facts={"most": column.decimals})
    values[column.name] = number
    return None


def _repeated(rows: Sequence[Row], key: Sequence[str], issues: list[Issue]) -> None:
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows:
        values = tuple(row[name] for name in key)
        if not values or None in values:
            continue
        first = seen.setdefault(values, row.line)
        if first != row.line:
            facts: dict[str, object] = {"key": " and ".join(key), "first": first}
            issues.append(Issue("repeated", row=row.line, column=key[0], value=str(values[0]), facts=facts))


def told(issue: Issue, file: str, reasons: Mapping[str, str] = REASONS) -> str:
    """Say one mistake of a table in a line: place, value, reason."""
    place = [f"line {issue.row}"] if issue.row else [file]
    place += [f"column {issue.column}"] if issue.column else []
    value = f"{issue.value!r} " if issue.value else ""
    return f"{', '.join(place)}: {value}{reasons[issue.code].format_map(issue.facts)}"
