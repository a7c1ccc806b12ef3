"""Comma-separated text as people's programs write it. Runs in the reading child."""

from __future__ import annotations

import csv
import io

from importers.reading_zip import Refused

SEPARATORS = (",", "\t", ";")
MAX_FIELD = 1 << 20


def decode(data: bytes) -> str:
    """UTF-8 with or without mark, UTF-16 with mark (Excel's "Unicode text"), else GB18030; strictly."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _decode(data, "utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode(data, "gb18030")


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused("unknown-encoding", line=data.count(b"\n", 0, error.start) + 1) from error


def rows(data: bytes) -> list[list[str]]:
    """All records; one leading ' is taken off a cell, since our exports put one before =, +, -, @ and '."""
    text = decode(data)
    if "\0" in text:
        raise Refused("not-a-workbook")
    first, newline, rest = text.partition("\n")
    separator = ""
    if first.lower().startswith("sep=") and newline:  # Excel's own line, which it does not show as a row
        separator, text = first.rstrip("\r")[4:5] or ",", rest
        first = rest.partition("\n")[0]
    separator = separator or max(SEPARATORS, key=first.count)
    csv.field_size_limit(MAX_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return [[cell[1:] if cell[:1] == "'" else cell for cell in row] for row in reader]
    except csv.Error as error:
        raise Refused("bad-csv", line=reader.line_num, reason=str(error)) from error
