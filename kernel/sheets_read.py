"""A local workbook of one's own as rows of text. Uploads go through the importers' guarded child instead."""

from __future__ import annotations

import warnings
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from kernel.errors import FileRefused, Issue

MAX_BYTES = 20 << 20
MAX_UNPACKED = 200 << 20
MAX_ROWS, MAX_COLUMNS = 100_000, 200


def read_plain_rows(path: Path) -> list[list[str]]:
    """Return the first visible sheet, row by row as Excel numbers them; raises FileRefused.

    Numbers keep every digit that the cell holds, dates are ISO, true and false 1 and 0, errors their #NAME.
    """
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
    except Exception as error:  # noqa: BLE001  # reason: a broken workbook raises whatever its parser meets
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
