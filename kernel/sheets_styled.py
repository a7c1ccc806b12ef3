"""Small workbooks with style: templates and annotated returns. Text is always a string cell, never a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from kernel.sheets import Value, plain, sheet_name

LAST_ROW = 300_001
_FILLS = {
    "required": PatternFill("solid", fgColor="0F5A8F"),
    "header": PatternFill("solid", fgColor="E6F0F7"),
    "locked": PatternFill("solid", fgColor="EDF0F3"),
    "wrong": PatternFill("solid", fgColor="F8C9C5"),
    "result": PatternFill("solid", fgColor="FFF3DC"),
}
_LINE = Border(bottom=Side("thin", color="C5CDD7"))
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")


class ErrorText(str):
    """An error such as #N/A that shall stay an error cell."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a styled sheet. `look` is required, header, locked or result; `format` an Excel number format."""

    text: str
    look: str = "header"
    width: int = 16
    format: str = "@"
    comment: str = ""
    options: str = ""
    """A range with the allowed values, such as "'Lists'!$A$2:$A$9"."""


@dataclass(frozen=True, slots=True)
class Styled:
    """A styled sheet. `marks` are red cells with their comment, by (row from 0, column from 0) below the headings."""

    name: str
    headings: Sequence[Heading]
    rows: Iterable[Sequence[Value]] = ()
    marks: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden: bool = False
    wrap: bool = False
    filter: bool = False
    exact: bool = False
    """Numbers and dates go into cells as they are, even where a number cell damages them."""


def styled(sheets: Sequence[Styled]) -> bytes:
    """Write the sheets into memory."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(book, sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _write(book: Any, sheet: Styled) -> None:
    page = book.create_sheet(sheet_name(sheet.name))
    if sheet.hidden:
        page.sheet_state = "veryHidden"
    for index, heading in enumerate(sheet.headings, 1):
        dimension = page.column_dimensions[get_column_letter(index)]
        dimension.width, dimension.number_format = heading.width, heading.format
    if any(heading.text for heading in sheet.headings):
        page.freeze_panes = "A2"
        page.append([_heading(page, heading) for heading in sheet.headings])
    count = 0
    for count, row in enumerate(sheet.rows, 1):
        page.append([_cell(page, sheet, count - 1, index, value) for index, value in enumerate(row)])
    if sheet.filter:
        page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.headings))}{count + 1}"
    for index, heading in enumerate(sheet.headings, 1):
        if heading.options:
            letter = get_column_letter(index)
            rule = DataValidation("list", formula1=heading.options, allow_blank=True, showErrorMessage=True)
            rule.add(f"{letter}2:{letter}{LAST_ROW}")
            page.data_validations.append(rule)


def _heading(page: Any, heading: Heading) -> Any:
    cell = _put(page, heading.text)
    white = heading.look == "required"
    cell.font = Font(bold=True, color="FFFFFF" if white else "1B2430")
    cell.fill, cell.border = _FILLS[heading.look], _LINE
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    if heading.comment:
        cell.comment = _comment(heading.comment)
    return cell


def _cell(page: Any, sheet: Styled, row: int, column: int, value: Value) -> Any:
    cell = _put(page, value if sheet.exact else plain(value))
    heading = sheet.headings[column]
    if not isinstance(value, date | time | timedelta):  # these bring their own format
        form = "General" if "y" in heading.format else heading.format  # a stray number shall not turn into a date
        cell.number_format = form if not isinstance(value, str) else "@"
    if heading.look == "locked":
        cell.fill = _FILLS["locked"]
    if sheet.wrap:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    mark = sheet.marks.get((row, column))
    if mark is not None:
        cell.fill = _FILLS["wrong"]
        cell.comment = _comment(mark) if mark else None
    return cell


def _comment(text: str) -> Comment:
    return Comment(_escape(text), "jicai", height=120, width=320)


def _put(page: Any, value: Any) -> Any:
    """A cell whose text stays text: "=1+1" no formula, "#N/A" no error, control characters escaped as Excel does."""
    if not isinstance(value, str) or not value:
        return WriteOnlyCell(page, value=value or None if isinstance(value, str) else value)
    cell = WriteOnlyCell(page, value=_escape(value))
    cell.data_type = "e" if isinstance(value, ErrorText) else "s"
    if isinstance(value, ErrorText):
        return cell
    if value[:1] in ("=", "+", "-", "@", "'"):
        cell.quotePrefix = True
    return cell


def _escape(text: str) -> str:
    escaped = _ESCAPED.sub(r"_x005F_x\1_", text)
    return _CONTROL.sub(lambda found: f"_x{ord(found.group()):04X}_", escaped)
