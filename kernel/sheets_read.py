"""A local .csv or .xlsx of one's own as rows of text. Uploads go through the importers' guarded child instead."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from kernel.errors import FileRefused, Issue

MAX_BYTES = 20 << 20
MAX_UNPACKED = 200 << 20
MAX_ROWS, MAX_COLUMNS = 100_000, 200
ENCODINGS = ("utf-8-sig", "gb18030")
SEPARATORS = (",", "\t", ";")
Record = tuple[int, list[str]]


def read_plain_rows(path: Path) -> list[Record]:
    """Return (line, cells) of every row that holds something; raises FileRefused.

    A line is a line of the .csv (UTF-8 with or without mark, GB18030), or the row as Excel numbers it, of the first
    visible sheet. Numbers keep every digit that the cell holds, dates are ISO, true and false 1 and 0, errors #NAME.
    """
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".xlsx", ".xlsm"):
        raise FileRefused([Issue("unknown-format", value=path.name)])
    records = _csv(path) if suffix == ".csv" else enumerate(_workbook(path), 1)
    return [(line, cells) for line, cells in records if any(cells)]


def _workbook(path: Path) -> list[list[str]]:
    from openpyxl import load_workbook

    _check_size(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=True)
            try:
                page = next((sheet for sheet in book.worksheets if sheet.sheet_state == "visible"), None)
                return [] if page is None else _rows(page)
            finally:
                book.close()
    except FileRefused:
        raise
    except Exception as error:  # a broken workbook raises whatever its parser meets
        raise FileRefused([Issue("not-a-workbook", value=path.name, facts={"reason": str(error)})]) from error


def _check_size(path: Path) -> None:
    try:
        size = path.stat().st_size
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except (OSError, zipfile.BadZipFile) as error:
        raise FileRefused([Issue("not-a-workbook", value=path.name, facts={"reason": str(error)})]) from error
    if size > MAX_BYTES or unpacked > MAX_UNPACKED:
        raise FileRefused([Issue("too-large", value=path.name)])


def _rows(page: object) -> list[list[str]]:
    page.reset_dimensions()  # type: ignore[attr-defined]  # reason: read-only sheets only; a false dimension hides rows
    rows: list[list[str]] = []
    for number, row in enumerate(page.iter_rows(values_only=True), 1):  # type: ignore[attr-defined]  # reason: as above
        cells = [as_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if number > MAX_ROWS or len(cells) > MAX_COLUMNS:
            raise FileRefused([Issue("too-large", row=number)])
        rows.append(cells)
    return rows


def as_text(value: object) -> str:
    """Write a cell's value as a person would type it, with all of its digits.

    >>> as_text(0.1), as_text(3.0), as_text(1e-05), as_text(True)
    ('0.1', '3', '0.00001', '1')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | Decimal):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    return _number(value) if type(value).__name__ == "float" else str(value).strip()


def _number(value: object) -> str:
    exact = Decimal(repr(value))
    return str(int(exact)) if exact == exact.to_integral_value() else format(exact, "f")


def _csv(path: Path) -> Iterator[Record]:
    text = _decoded(path)
    if "\0" in text:
        raise FileRefused([Issue("not-text", row=text[: text.index("\0")].count("\n") + 1)])
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for row in reader:
            yield line, [cell.strip() for cell in row]
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused([Issue("bad-csv", row=line, facts={"reason": str(error)})]) from error


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileRefused([Issue("unreadable", value=path.name, facts={"reason": error.strerror or ""})]) from error
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            at = content.count(b"\n", 0, error.start) + 1
    raise FileRefused([Issue("unknown-encoding", row=at)])
