"""Tables out: workbooks and comma-separated text in which codes stay text and nothing turns into a formula.

Bulk exports go through rustpy-xlsxwriter, styled workbooks (templates, annotated returns) through kernel.sheets_styled.
Reading is importers.workbook's, in a process of its own.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from rustpy_xlsxwriter import FastExcel, Format

from kernel.clock import beijing

Value = str | Decimal | int | bool | date | datetime | None
MAX_TEXT = 32_767
SAFE_DIGITS = 15
FIRST_DAY = date(1900, 3, 1)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
ENCODINGS = {"utf-8": "utf-8-sig", "gb18030": "gb18030"}
_DANGEROUS = ("=", "+", "-", "@", "'")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONE = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
_DANGEROUS_LINE = re.compile(r"\n[=+\-@']")
STRIDE = 256  # rows that are looked at together: more would leave the cache, and grow old for the collector
_NONE = type(None)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a bulk export. `formats` are Excel number formats by header ("0.0000", "@").

    `total` is how many rows there are, where that is known before they are read.
    """

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Value]]
    formats: Mapping[str, str] = field(default_factory=dict)
    widths: Mapping[str, int] = field(default_factory=dict)
    total: int | None = None


def plain(value: Value) -> Any:
    """A value as a workbook can hold it without loss: what a number cell would damage becomes text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return text(value)
    if isinstance(value, Decimal | int):
        digits = Decimal(value).normalize().as_tuple().digits
        return value if len(digits) <= SAFE_DIGITS else format(Decimal(value), "f")
    if isinstance(value, datetime):
        return beijing(value).strftime("%Y-%m-%d %H:%M:%S")
    return value if value >= FIRST_DAY else value.isoformat()


def text(value: str) -> str:
    """A text as XML can hold it; what no cell can hold is refused."""
    if len(value) > MAX_TEXT:
        raise ValueError(f"a cell holds {MAX_TEXT} characters, not {len(value)}")
    return _LONE.sub("\ufffd", value) if _LONE.search(value) else value


def sheet_name(name: str) -> str:
    """A name that Excel takes: 31 characters without []:*?/\\ and not ended by an apostrophe.

    >>> sheet_name("第2批/江州")
    '第2批 江州'
    """
    return _SHEET_NAME.sub(" ", name).strip().strip("'")[:31] or "Sheet1"


def write_xlsx(target: BinaryIO, sheets: Sequence[Sheet]) -> None:
    """Write a workbook in one pass; rows may be a generator."""
    import pyarrow as pa  # a quarter of a second, which a start need not wait for

    book = FastExcel(target)
    for sheet in sheets:
        if len(set(sheet.headers)) != len(sheet.headers):
            raise ValueError(f"headers repeat: {sheet.headers}")
        rows: Iterator[Sequence[Value]] = iter(sheet.rows)
        first = next(rows, None)
        records: Any = pa.table({header: pa.array([], pa.string()) for header in sheet.headers})
        if first is not None:
            records = _records(sheet.headers, itertools.chain([first], rows))
        formats = {header: Format().set_num_format(code) for header, code in sheet.formats.items()}
        book.sheet(
            sheet_name(sheet.name), records, column_formats=formats or None, column_widths=dict(sheet.widths) or None,
            header_format=Format().set_bold(), autofilter=True,
        )  # fmt: skip
        book.freeze(row=1, col=0, sheet=sheet_name(sheet.name))
    book.save()


def _records(headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[dict[str, Any]]:
    for row in by_columns(rows, plain_column):
        yield dict(zip(headers, row, strict=True))


def by_columns(
    rows: Iterable[Sequence[Value]], convert: Callable[[Sequence[Value]], Sequence[Any]]
) -> Iterator[tuple[Any, ...]]:
    """Convert rows some thousands at a time, column by column: most columns need no look at each value."""
    rest = iter(rows)
    while some := list(itertools.islice(rest, STRIDE)):
        yield from zip(*map(convert, zip(*some, strict=True)), strict=True)


def plain_column(values: Sequence[Value]) -> Sequence[Any]:
    """What `plain` makes of each value."""
    texts = _joined("", values)
    if texts is not None:
        short = len(texts) <= MAX_TEXT or all(len(str(value)) <= MAX_TEXT for value in values)
        return values if short and _is_whole(texts) else list(map(plain, values))
    kinds = set(map(type, values)) - {_NONE}
    if kinds == {int}:
        numbers: Any = filter(None, values)
        if max(map(abs, numbers), default=0) < 10**SAFE_DIGITS:
            return values
    elif kinds <= {bool}:
        return values
    return list(map(plain, values))


def csv_column(values: Sequence[Value]) -> Sequence[Any]:
    """What `csv_cell` makes of each value, or what the csv module writes alike."""
    lines = _joined("\n", values)
    if lines is not None:
        lines = "\n" + lines
        return values if _is_whole(lines) and not _DANGEROUS_LINE.search(lines) else list(map(csv_cell, values))
    return values if set(map(type, values)) <= {int, _NONE} else list(map(csv_cell, values))


def _joined(between: str, values: Sequence[Any]) -> str | None:
    """The texts joined, or nothing where something else is among them: joining finds out faster than looking."""
    try:
        return between.join(values)
    except TypeError:
        pass
    try:
        return between.join([value for value in values if value is not None])
    except TypeError:
        return None


def _is_whole(joined: str) -> bool:
    """Say whether `_LONE` finds nothing, several times faster."""
    try:
        joined.encode()
    except UnicodeEncodeError:
        return False
    return "\ufffe" not in joined and "\uffff" not in joined


def xlsx(sheets: Sequence[Sheet]) -> bytes:
    """Write a workbook into memory."""
    target = io.BytesIO()
    write_xlsx(target, sheets)
    return target.getvalue()


def write_csv(
    target: BinaryIO, headers: Sequence[str], rows: Iterable[Sequence[Value]], *, encoding: str = "utf-8"
) -> None:
    """Write comma-separated text: UTF-8 with a mark (so that Excel sees it) or GB18030.

    Text starting with = + - @ ' gets one ' in front, which the importer takes off again.
    """
    wrapper = io.TextIOWrapper(target, encoding=ENCODINGS[encoding], newline="")
    writer = csv.writer(wrapper, lineterminator="\r\n")
    writer.writerow([csv_cell(header) for header in headers])
    writer.writerows(by_columns(rows, csv_column))
    wrapper.flush()
    wrapper.detach()


def csv_cell(value: Value) -> str:
    """One cell of comma-separated text.

    >>> csv_cell("=1+1"), csv_cell(Decimal("-1.50")), csv_cell("'quoted'")
    ("'=1+1", '-1.50', "''quoted'")
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal | int):
        return format(Decimal(value), "f")
    if isinstance(value, datetime):
        return beijing(value).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    kept = _LONE.sub("\ufffd", value)
    return f"'{kept}" if kept.startswith(_DANGEROUS) else kept
