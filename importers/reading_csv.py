"""Comma-separated text as people's programs write it. Runs in the reading child."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from importers.reading_zip import MAX_COLUMNS, MAX_DATA_ROWS, Refused

SEPARATORS = (",", "\t", ";")
MAX_FIELD = MAX_LINE = 1 << 20
MOST_LINES = 1 << 20
"""As many rows as a spreadsheet has, blank ones too."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WIDE = re.compile(r"[\u0800-\U0010ffff]")
Records = list[list[str]]


def decode(data: bytes) -> tuple[str, bool]:
    """UTF-8 with or without mark, UTF-16 with mark (Excel's "Unicode text"), else GB18030; strictly.

    Also say whether it might have been the other one: a few short texts are words in both.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _decode(data, "utf-16"), False
    if (at := data.find(b"\0")) >= 0:
        raise Refused("text-with-nul", line=data.count(b"\n", 0, at) + 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode(data, "gb18030"), False
    return text, not (text.isascii() or data[:3] == b"\xef\xbb\xbf" or _WIDE.search(text)) and _is_gb18030(data)


def _decode(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused("unknown-encoding", line=data.count(b"\n", 0, error.start) + 1) from error
    if "\0" in text:
        raise Refused("text-with-nul", line=text.count("\n", 0, text.index("\0")) + 1)
    return text


def _is_gb18030(data: bytes) -> bool:
    try:
        return _HAN.search(data.decode("gb18030")) is not None
    except UnicodeDecodeError:
        return False


def look(data: bytes) -> bool:
    """Refuse what can be refused without taking it apart; the records are made meanwhile."""
    if data.count(b"\n") > MOST_LINES and b'"' not in data:
        raise Refused("too-many-rows", limit=MAX_DATA_ROWS)
    text, doubtful = decode(data)
    for _line in _lines(text):
        pass
    return doubtful


def rows(data: bytes) -> tuple[Records, list[dict[str, Any]]]:
    """All records and what is to be told of them; one leading ' is taken off a cell.

    Our exports put one before =, +, -, @ and '.
    """
    text, doubtful = decode(data)
    first, newline, rest = text[: 1 << 16].partition("\n")
    separator, skip = "", 0
    if first.lower().startswith("sep=") and newline:  # Excel's own line, which it does not show as a row
        separator, skip = first.rstrip("\r")[4:5] or ",", len(first) + 1
        first = rest.partition("\n")[0]
    separator = separator or max(SEPARATORS, key=first.count)
    told = [{"code": "encoding-guessed"}] if doubtful else []
    return _records(text[skip:] if skip else text, separator, 1 if skip else 0), told


def _records(text: str, separator: str, above: int) -> Records:
    csv.field_size_limit(MAX_FIELD)
    reader = csv.reader(_lines(text), delimiter=separator, strict=True)
    records: Records = []
    begun = above + 1
    try:
        for row in reader:
            if len(row) > MAX_COLUMNS or not any(row):  # separators alone are no columns
                while row and not row[-1]:
                    row.pop()
            records.append([cell[1:] if cell[:1] == "'" else cell for cell in row])
            begun = above + reader.line_num + 1
            if len(records) > MOST_LINES:
                raise Refused("too-many-rows", limit=MAX_DATA_ROWS)
    except csv.Error as error:
        raise Refused("bad-csv", line=begun, reason=str(error)) from error
    return records


def _lines(text: str) -> Iterator[str]:
    """The lines as they end; one that no table has is refused before it is taken apart."""
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if len(line) > MAX_LINE:
            raise Refused("line-too-long", line=number, limit=MAX_LINE >> 20)
        yield line
