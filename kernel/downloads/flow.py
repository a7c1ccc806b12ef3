"""The forms a table comes in."""

from __future__ import annotations

from enum import StrEnum


class FileForm(StrEnum):
    """A workbook, or comma-separated text in one of two encodings."""

    XLSX = "xlsx"
    CSV = "csv"
    CSV_GB18030 = "csv-gb18030"

    @property
    def suffix(self) -> str:
        """The ending of a file's name."""
        return "xlsx" if self is FileForm.XLSX else "csv"
