"""From what the child read to typed rows: which sheet, which header row, which column, which value.

Works column by column: a column whose cells are all plain is converted at once, only the others are read one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any

from importers.columns import NUMERIC, Choice, Column, ColumnKind, Rows
from importers.registry import Kind
from importers.rules import Flaw, Found, Headers, choice_table, header_row, letter, match_headers
from importers.rules import read as read_cell
from importers.workbook import Sheet, Workbook
from kernel.errors import FileRefused, Issue

HEADER_ROWS = 12
DATA_SHEETS = ("数据", "Data")
OWN_SHEETS = ("填写说明", "代码表", "Instructions", "Code lists")
MAX_ISSUES, MAX_ROWS = 50_000, 300_000
SAMPLE = 4_096
SAFE_DIGITS = 15  # a longer number in a number cell has lost digits
_OUTER = re.compile(r"^[\s\u200b\ufeff]|[\s\u200b\ufeff]$")
PLAIN_CODE = r"^[!-~\p{Han}]+$"
PLAIN_TEXT = r"^[!-~\p{L}\p{N}]([ -~\p{L}\p{N}\p{P}\p{S}]*[!-~\p{L}\p{N}\p{P}\p{S}])?$"


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows with their values, all issues of the cells, and notes: what was left out or mended, by name."""

    sheet: Sheet
    rows: Rows
    issues: tuple[Issue, ...]
    notes: tuple[Issue, ...]


@dataclass(slots=True)
class _Findings:
    issues: list[Issue] = field(default_factory=list)
    notes: list[Issue] = field(default_factory=list)


def check(book: Workbook, kind: Kind, choices: Mapping[str, Sequence[Choice]], *, stamp: str = "") -> Checked:
    """Read the data sheet by the kind's columns. Raises `FileRefused` where the file as a whole is wrong."""
    check_stamp(book, kind, stamp)
    found = _Findings(notes=list(book.skipped))
    if kind.flatten and (flat := kind.flatten(book.sheets, kind.columns)):
        book = replace(book, sheets=(flat[0],))
        found.notes += flat[1]
    sheet, header_at, headers = choose_sheet(book, kind, found)
    columns = _header_issues(book, sheet, header_at, headers, kind)
    named = sheet.first_rows(header_at + 1)[header_at]
    body = Sheet(sheet.name, sheet.table.slice(header_at + 1), sheet.merges)
    if body.table.num_rows > MAX_ROWS:
        too_many = {"file": book.file_name, "limit": MAX_ROWS}
        raise FileRefused([Issue("too-many-rows", sheet=sheet.name, facts=too_many)])
    rows = Rows(sheet.name, body.numbers, {}, origin=kind.origin, origin_letters=sheet.letters)
    for column, position in columns:
        rows.headers[column.name], rows.letters[column.name] = (named[position] or "").strip(), letter(position)
        rows.raw.promise(column.name, partial(body.texts, position))
    for column, position in columns:
        _read_column(rows, body, column, position, choices.get(column.name, column.choices), found)
    _note_unknown(sheet, header_at, headers, body, found)
    _merged(rows, body, {position: column for column, position in columns}, found)
    _repeated(rows, kind, found)
    if not len(rows):
        raise FileRefused([Issue("no-rows", sheet=sheet.name, facts={"file": book.file_name})])
    found.issues.sort(key=lambda issue: (issue.row or 0, issue.cell))
    return Checked(sheet, rows, tuple(found.issues), tuple(found.notes))


def check_stamp(book: Workbook, kind: Kind, stamp: str) -> None:
    """Compare the hidden stamp of our templates: another kind, an older version or another round is refused."""
    facts: dict[str, object] = {"file": book.file_name, "kind": kind.title_zh}
    if not book.marker:
        if kind.template_required:
            raise FileRefused([Issue("template-required", facts=facts)])
        return
    marker = (*book.marker, "", "", "", "")
    if marker[1] != kind.name:
        raise FileRefused([Issue("template-of-another-kind", facts={**facts, "found": marker[1]})])
    if marker[2] != str(kind.version):
        raise FileRefused([Issue("template-outdated", facts={**facts, "found": marker[2], "wanted": kind.version})])
    if marker[3] != stamp:
        raise FileRefused([Issue("template-of-another-occasion", facts={**facts, "found": marker[3], "wanted": stamp})])


def choose_sheet(book: Workbook, kind: Kind, found: _Findings) -> tuple[Sheet, int, Headers]:
    """Take the sheet called 数据, else the only one that has the headers; name the sheets that are left out."""
    candidates: list[tuple[Sheet, int, Headers]] = []
    for sheet in book.sheets:
        match = header_row(sheet.first_rows(HEADER_ROWS), kind.columns)
        if match is not None:
            candidates.append((sheet, *match))
    named = [candidate for candidate in candidates if candidate[0].name in DATA_SHEETS]
    complete = [candidate for candidate in candidates if not candidate[2].missing]
    chosen = named or complete or sorted(candidates, key=lambda candidate: -len(candidate[2].at))[:1]
    facts: dict[str, object] = {"file": book.file_name}
    if not chosen:
        wanted = [column.header_zh for column in kind.columns if column.required or column.present]
        raise FileRefused([Issue("no-headers", facts={**facts, "columns": wanted})])
    if len(chosen) > 1:
        names = [sheet.name for sheet, _, _ in chosen]
        raise FileRefused([Issue("several-data-sheets", sheet=names[1], facts={**facts, "sheets": names})])
    for sheet in book.sheets:
        if sheet.name != chosen[0][0].name and not (book.marker and sheet.name in OWN_SHEETS):
            found.notes.append(Issue("sheet-left-out", sheet=sheet.name, facts={"rows": sheet.table.num_rows}))
    return chosen[0]


def _header_issues(
    book: Workbook, sheet: Sheet, header_at: int, headers: Headers, kind: Kind
) -> list[tuple[Column, int]]:
    """Refuse a file that lacks a required column or has one twice, naming all of them."""
    number = sheet.numbers[header_at]
    facts: dict[str, object] = {"file": book.file_name}
    issues = [
        Issue("column-missing", sheet=sheet.name, row=number, column=column.header_zh, facts=facts)
        for column in headers.missing
    ]
    for position, column in headers.twice:
        first = f"{letter(headers.at[column.name])}{number}"
        cell = f"{letter(position)}{number}"
        told = {**facts, "first": first}
        issues.append(
            Issue("column-twice", sheet=sheet.name, row=number, column=column.header_zh, cell=cell, facts=told)
        )
    if issues:
        raise FileRefused(issues)
    return [(column, headers.at[column.name]) for column in kind.columns if column.name in headers.at]


def _note_unknown(sheet: Sheet, header_at: int, headers: Headers, body: Sheet, found: _Findings) -> None:
    """Name the columns nobody reads, those without a header too."""
    number, cells = sheet.numbers[header_at], sheet.first_rows(header_at + 1)[header_at]
    known = set(headers.at.values())
    for position, header in enumerate(cells):
        if position in known or (not header and body.table.column(1 + 2 * position).null_count == len(body.numbers)):
            continue
        if header and position not in headers.unknown:
            continue  # our own result columns
        cell = f"{letter(position)}{number}"
        code = "column-unknown" if header else "column-without-header"
        found.notes.append(Issue(code, sheet=sheet.name, row=number, column=header or "", cell=cell))


def _read_column(
    rows: Rows, body: Sheet, column: Column, position: int, choices: Sequence[Choice], found: _Findings
) -> None:
    """Convert one column; what is not plain goes cell by cell."""
    table = choice_table(choices)
    values = _by_distinct(body, column, position, table)
    if values is None:
        values = _all_at_once(body, column, position)
    if values is None:
        values = _one_by_one(rows, body.found(position), column, rows.raw[column.name], table, found)
    rows.columns[column.name] = values


def _one_by_one(
    rows: Rows, kinds: Sequence[int], column: Column, texts: Sequence[str | None], table: Mapping[str, str],
    found: _Findings,
) -> list[Any]:  # fmt: skip
    values: list[Any] = []
    trimmed = 0
    for index, (kind, text) in enumerate(zip(kinds, texts, strict=True)):
        value = read_cell(column, kind, text or "", table)
        if isinstance(value, Flaw):
            rows.faulty.add(index)
            if len(found.issues) < MAX_ISSUES:
                found.issues.append(rows.issue(index, value.code, column.name, **value.facts))
            value = None
        elif isinstance(value, str) and text and _OUTER.search(text):
            trimmed += 1
        values.append(value)
    if trimmed:
        found.notes.append(
            Issue("spaces-taken-off", sheet=rows.sheet, column=rows.headers[column.name], facts={"count": trimmed})
        )
    return values


def _by_distinct(body: Sheet, column: Column, position: int, table: Mapping[str, str]) -> list[Any] | None:
    """Read each distinct cell of a column that repeats itself; None where it does not, or where one has a flaw."""
    text, kind = body.table.column(1 + 2 * position), body.table.column(2 + 2 * position)
    if len(text) < SAMPLE or len(text.slice(0, SAMPLE).unique()) > SAMPLE // 8:
        return None
    kinds = set(kind.unique().to_pylist()) - {Found.EMPTY}
    encoded = text.combine_chunks().dictionary_encode()
    if len(kinds) > 1 or (encoded.null_count and column.required):
        return None
    values: list[Any] = []
    for written in encoded.dictionary.to_pylist():
        value = read_cell(column, min(kinds, default=Found.EMPTY), written, table)
        if isinstance(value, Flaw) or _OUTER.search(written):
            return None
        values.append(value)
    values.append(None)
    return [values[index] for index in encoded.indices.fill_null(len(values) - 1).to_pylist()]


def _all_at_once(body: Sheet, column: Column, position: int) -> list[Any] | None:
    """Convert a column whose cells are all plain or empty; None where some have to be looked at one by one."""
    import pyarrow as pa  # a quarter of a second, which a start need not wait for
    import pyarrow.compute as pc

    text, kind = body.table.column(1 + 2 * position), body.table.column(2 + 2 * position)
    kinds = set(pc.unique(kind).to_pylist())
    if Found.EMPTY in kinds and column.required:
        return None
    filled, kinds = text.drop_null(), kinds - {Found.EMPTY}
    if column.kind in NUMERIC and kinds <= {Found.NUMBER} and column.minimum in (None, Decimal(0)):
        decimals = rf"(\.\d{{1,{column.decimals}}})?" if column.decimals else ""
        most_digits = 9 if column.kind is ColumnKind.INT else 12
        if pc.all(pc.match_substring_regex(filled, rf"^\d{{1,{most_digits}}}{decimals}$")).as_py() is not False:
            convert: Any = int if column.kind is ColumnKind.INT else Decimal
            return [None if each is None else convert(each) for each in text.to_pylist()]
    plain_kinds = {Found.TEXT, Found.NUMBER} if column.kind is ColumnKind.TEXT else {Found.TEXT}
    if column.kind in (ColumnKind.TEXT, ColumnKind.CODE) and kinds <= plain_kinds:
        pattern = PLAIN_CODE if column.kind is ColumnKind.CODE else PLAIN_TEXT
        lengths = pc.utf8_length(filled)
        most = min(column.max_length, SAFE_DIGITS) if Found.NUMBER in kinds else column.max_length
        fits = (
            pc.is_in(lengths, value_set=pa.array(column.length, pa.int32()))
            if column.length
            else pc.less_equal(lengths, most)
        )
        if pc.all(pc.and_(pc.match_substring_regex(filled, pattern), fits)).as_py() is not False:
            return list(text.to_pylist())
    return None


def _merged(rows: Rows, body: Sheet, columns: Mapping[int, Column], found: _Findings) -> None:
    """A merged range over data rows hides which row its value belongs to."""
    if not body.merges:
        return
    index = {number: position for position, number in enumerate(rows.numbers)}
    for top, left, bottom, right in body.merges:
        touched = [columns[position] for position in range(left, right + 1) if position in columns]
        lines = [index[number] for number in range(top, bottom + 1) if number in index]
        if not touched or not lines or (len(touched) == 1 and bottom == top):
            continue
        area = f"{letter(left)}{top}:{letter(right)}{bottom}"
        for line in lines:
            rows.faulty.add(line)
            if len(found.issues) < MAX_ISSUES:
                found.issues.append(rows.issue(line, "merged-cells", touched[0].name, area=area))


def _repeated(rows: Rows, kind: Kind, found: _Findings) -> None:
    """The same key in two rows."""
    names = [name for name in kind.key if name in rows.columns]
    if not names or len(names) < len(kind.key):
        return
    if len(names) == 1 and len(set(rows.columns[names[0]])) == len(rows):
        return
    first: dict[tuple[Any, ...], int] = {}
    for position, key in _keys(rows, names):
        if key in first:
            rows.faulty.add(position)
            if len(found.issues) < MAX_ISSUES:
                found.issues.append(rows.issue(position, "row-repeated", names[0], first=rows.numbers[first[key]]))
        else:
            first[key] = position


def _keys(rows: Rows, names: Sequence[str]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for position, key in enumerate(zip(*(rows.columns[name] for name in names), strict=True)):
        if None not in key:
            yield position, key


__all__ = ["Checked", "check", "match_headers"]
