"""Workbooks that imports give out: templates, and the upload again with what is wrong in red."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from importers import labels
from importers.checking import HEADER_ROWS, OWN_SHEETS
from importers.columns import NUMERIC, Choice, Column, ColumnKind
from importers.findings import Findings
from importers.queries import Occasion
from importers.registry import Kind
from importers.rules import Found, header_key, header_row, letter, match_headers
from importers.workbook import Sheet
from kernel.errors import Issue
from kernel.i18n import _
from kernel.sheets_styled import ErrorText, Heading, Styled, styled

MARKER = "_jicai"
assert labels  # registers the sentences
DATA = {"zh": "数据", "en": "Data"}
_KINDS: dict[ColumnKind, Callable[[Column], str]] = {
    ColumnKind.TEXT: lambda _column: _("Text"),
    ColumnKind.CODE: lambda _column: _("Code, as text"),
    ColumnKind.PRICE: lambda column: _("Price, at most %(places)s decimals", places=column.decimals),
    ColumnKind.QUANTITY: lambda column: _("Quantity, at most %(places)s decimals", places=column.decimals),
    ColumnKind.DECIMAL: lambda column: _("Number, at most %(places)s decimals", places=column.decimals),
    ColumnKind.INT: lambda _column: _("Whole number"),
    ColumnKind.DATE: lambda _column: _("Date"),
    ColumnKind.CHOICE: lambda _column: _("One of the list"),
    ColumnKind.FLAG: lambda _column: _("Yes or no"),
}


def template(occasion: Occasion, *, locale: str) -> bytes:
    """The template of a kind: data, instructions, code lists, and the hidden stamp."""
    kind, language = occasion.kind, "zh" if locale.startswith("zh") else "en"
    lists = {column.name: occasion.choices.get(column.name, ()) for column in kind.columns}
    options = _ranges(kind, lists, OWN_SHEETS[1 if language == "zh" else 3])
    headings = [_heading(column, options.get(column.name, ""), locale) for column in kind.columns]
    rows = [[_shown(column, row.get(column.name), lists, locale) for column in kind.columns] for row in occasion.rows]
    sheets = [
        Styled(DATA[language], headings, rows),
        _instructions(kind, OWN_SHEETS[0 if language == "zh" else 2], locale),
    ]
    if options:
        sheets.append(_lists(kind, lists, OWN_SHEETS[1 if language == "zh" else 3], locale))
    return styled([*sheets, stamp(kind.name, kind.version, occasion.stamp)])


def stamp(name: str, version: int, occasion: str) -> Styled:
    """The hidden sheet by which an upload is recognised: kind, version, occasion."""
    return Styled(MARKER, [Heading("")], [["jicai"], [name], [str(version)], [occasion]], hidden=True)


def _heading(column: Column, options: str, locale: str) -> Heading:
    look = "locked" if column.locked else "required" if column.required else "header"
    form = "yyyy-mm-dd" if column.kind is ColumnKind.DATE else "General" if column.kind in NUMERIC else "@"
    if column.kind in NUMERIC and column.decimals and column.decimals <= 4:
        form = "0." + "0" * min(2, column.decimals) + "#" * max(0, column.decimals - 2)
    return Heading(column.header(locale), look, column.width, form, column.help(locale), options)


def _shown(column: Column, value: Any, lists: Mapping[str, Sequence[Choice]], locale: str) -> Any:
    if column.kind is ColumnKind.CHOICE and value is not None:
        return next((choice.label(locale) for choice in lists[column.name] if choice.value == value), value)
    if column.kind is ColumnKind.FLAG and value is not None:
        return ("是" if value else "否") if locale.startswith("zh") else ("yes" if value else "no")
    return value


def _ranges(kind: Kind, lists: Mapping[str, Sequence[Choice]], sheet: str) -> dict[str, str]:
    filled = [column.name for column in kind.columns if lists[column.name]]
    return {
        name: f"'{sheet}'!${letter(2 * index)}$2:${letter(2 * index)}${len(lists[name]) + 1}"
        for index, name in enumerate(filled)
    }


def _lists(kind: Kind, lists: Mapping[str, Sequence[Choice]], sheet: str, locale: str) -> Styled:
    """Two columns a list: what is written in the cell, and its value."""
    filled = [column for column in kind.columns if lists[column.name]]
    headings = [Heading(text, width=24) for column in filled for text in (column.header(locale), _("Code"))]
    longest = max(len(lists[column.name]) for column in filled)
    rows: list[list[str | None]] = [[] for _row in range(longest)]
    for column in filled:
        for index in range(longest):
            choice = lists[column.name][index] if index < len(lists[column.name]) else None
            rows[index] += [choice.label(locale), choice.value] if choice else [None, None]
    return Styled(sheet, headings, rows)


def _instructions(kind: Kind, sheet: str, locale: str) -> Styled:
    texts = (_("Column"), _("Required"), _("What goes in"), _("Notes"), _("Example"))
    headings = [Heading(text, width=width) for text, width in zip(texts, (20, 10, 28, 60, 20), strict=True)]
    rows: list[list[str | None]] = [
        [
            column.header(locale),
            _("yes") if column.required else "",
            _KINDS[column.kind](column),
            column.help(locale),
            column.example,
        ]
        for column in kind.columns
    ]
    rows.append([])
    for note in kind.notes_zh if locale.startswith("zh") else kind.notes_en:
        rows.append([note])
    rows.append([_("The order of the columns is free. Hidden and filtered rows are not read.")])
    rows.append([_("%(title)s, version %(version)s", title=kind.title(locale), version=kind.version)])
    return Styled(sheet, headings, rows, wrap=True)


def annotated(kind: Kind, sheet: Sheet, findings: Findings, *, only_faulty: bool = False) -> bytes:
    """The upload again: wrong cells red with a comment, two columns to filter by; it imports as it is."""
    by_row: dict[int, list[Issue]] = defaultdict(list)
    for issue in findings.issues:
        by_row[issue.row or 0].append(issue)
    numbers = sheet.numbers
    header_at = _header_at(sheet, kind)
    header = sheet.first_rows(header_at + 1)[header_at]
    kept = [position for position in range(sheet.width) if not _is_result(header[position])]
    lines = [at for at in range(header_at + 1, len(numbers)) if not only_faulty or numbers[at] in by_row]
    marks: dict[tuple[int, int], str] = {}
    columns = [_values(sheet, position, lines) for position in kept]
    results = [_result(by_row.get(numbers[at], ()), "；") for at in lines]
    for row, at in enumerate(lines):
        for issue in by_row.get(numbers[at], ()):
            _mark(marks, row, issue, kept, header)
    headings = [*(_again(kind, header[position]) for position in kept), *_result_headings()]
    rows = (list(cells) for cells in zip(*columns, *zip(*results, strict=True), strict=True)) if lines else ()
    name = sheet.name or DATA["zh"]
    sheets = [Styled(name, headings, rows, marks=marks, filter=True, exact=True)]
    if findings.marker:
        sheets.append(Styled(MARKER, [Heading("")], [[cell] for cell in findings.marker], hidden=True))
    return styled(sheets)


def _header_at(sheet: Sheet, kind: Kind) -> int:
    found = header_row(sheet.first_rows(HEADER_ROWS), kind.columns)
    return found[0] if found else 0


def _is_result(header: str | None) -> bool:
    matched = match_headers([header], [])
    return bool(header_key(header or "")) and not matched.unknown


def _mark(
    marks: dict[tuple[int, int], str], row: int, issue: Issue, kept: Sequence[int], header: Sequence[str | None]
) -> None:
    if "sheet" in issue.facts:  # a flattened workbook: the cell is that of the official one
        found = (index for index, position in enumerate(kept) if (header[position] or "").strip() == issue.column)
    else:
        letters = "".join(character for character in issue.cell if character.isalpha())
        found = (index for index, position in enumerate(kept) if letter(position) == letters)
    column = next(found, len(kept))
    words = "\n".join(part for part in (labels.says(issue), labels.cure(issue)) if part)
    known = marks.get((row, column))
    marks[(row, column)] = f"{known}\n{words}" if known else words


def _result(issues: Iterable[Issue], between: str) -> tuple[str, str]:
    told = [f"{issue.column}：{labels.says(issue)}" if issue.column else labels.says(issue) for issue in issues]
    return (_("Wrong"), between.join(told)) if told else (_("Right"), "")


def _again(kind: Kind, header: str | None) -> Heading:
    found = match_headers([header], kind.columns)
    column = next((column for column in kind.columns if column.name in found.at), None)
    if column is None:
        return Heading(header or "", width=16, format="General")
    heading = _heading(column, "", "zh_CN")
    return Heading(header or "", heading.look, heading.width, heading.format)


def _result_headings() -> list[Heading]:
    return [Heading(_("Check result"), "result", 12), Heading(_("What is wrong"), "result", 60)]


def _values(sheet: Sheet, position: int, lines: Sequence[int]) -> list[Any]:
    texts, kinds = sheet.texts(position), sheet.found(position)
    return [_value(texts[at], kinds[at]) for at in lines]


def _value(text: str | None, found: int) -> Any:
    """The cell as it was: what was wrong must still be wrong when it comes back unchanged."""
    if found in (Found.ERROR, Found.NO_RESULT):
        return ErrorText(text or "#N/A")
    if text is None:
        return None
    if found == Found.NUMBER:
        return Decimal(text)
    if found == Found.FLAG:
        return text == "TRUE"
    return _moment(text) if found in (Found.DATE, Found.DURATION) else text


def _moment(text: str) -> Any:
    if ":" in text and "-" not in text:
        return time.fromisoformat(text)
    if "-" not in text:
        return timedelta(seconds=int(text.partition(".")[0]))
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
