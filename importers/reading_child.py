"""Reads one upload in a process of its own, under limits, and hands over columns. Started by importers.workbook only.

fd 0 is the upload, fd 1 takes one Arrow stream a sheet, fd 2 one line of JSON. The process gets no environment. A crash
of the parser (a cell at XFD1048576 aborts it) ends this process and nothing else.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import encodings.cp437
import encodings.gb18030
import encodings.utf_8_sig
import encodings.utf_16
import encodings.utf_16_le  # noqa: F401 - loaded before the user is changed
import json
import os
import resource
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import python_calamine as calamine

from importers import reading_csv, reading_zip
from importers.reading_zip import Refused
from importers.rules import Found

KINDS = {
    str: Found.TEXT,
    float: Found.NUMBER,
    int: Found.NUMBER,
    bool: Found.FLAG,
    dt.date: Found.DATE,
    dt.datetime: Found.DATE,
    dt.time: Found.DURATION,
    dt.timedelta: Found.DURATION,
}
MAX_ROWS, MAX_COLUMNS, BATCH = 300_050, 256, 16_384
MARKER = "_jicai"


class NoPandas:
    """pa.array() tries to import pandas, which costs a second."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        """Refuse pandas, leave the rest to others."""
        if name.partition(".")[0] == "pandas":
            raise ModuleNotFoundError(name)


def number(value: float) -> str:
    """The shortest plain text that means the same binary number."""
    if value == value and abs(value) < 1e15 and value == int(value):
        return str(int(value))
    text = repr(value)
    if "e" in text:
        text = format(Decimal(text), "f")
    return text.removesuffix(".0")


def cell(value: Any) -> str | None:
    """The text of one value."""
    kind = type(value)
    if kind is str:
        return value or None
    if kind is bool:
        return "TRUE" if value else "FALSE"
    if kind is float or kind is int:
        return number(value)
    return str(value.isoformat() if kind is not dt.timedelta else value.total_seconds())


def column(values: tuple[Any, ...]) -> tuple[Any, Any]:
    """Texts and kinds of one column; the common cases without a Python call per cell."""
    kinds = set(map(type, values))
    if kinds == {str}:
        if "" not in values:
            return pa.array(values, pa.string()), np.full(len(values), Found.TEXT, np.uint8)
        found = np.fromiter(map(bool, values), np.uint8, len(values))
        return pa.array([value or None for value in values], pa.string()), found
    if kinds == {float}:
        numbers = np.array(values)
        size = np.abs(numbers)
        whole = (numbers == np.floor(numbers)) & (size < 1e15)
        found = np.full(len(values), Found.NUMBER, np.uint8)
        if whole.all():
            return pa.array(numbers.astype(np.int64)).cast(pa.string()), found
        if (((size < 1e9) & (size >= 1e-3)) | (size == 0)).all():  # where Arrow writes the shortest plain text too
            return pa.array(numbers).cast(pa.string()), found
        return pa.array(list(map(number, values)), pa.string()), found
    texts = pa.array(list(map(cell, values)), pa.string())
    return texts, np.fromiter((KINDS[type(v)] if v != "" else Found.EMPTY for v in values), np.uint8, len(values))


def overlay(text: Any, kinds: Any, numbers: list[int], marks: dict[int, tuple[int, str]]) -> tuple[Any, Any]:
    """Lay errors, uncalculated formulas and shown zeros over what the parser gave."""
    index = {row: position for position, row in enumerate(numbers) if row in marks}
    if not index:
        return text, kinds
    texts = text.to_pylist()
    for row, position in index.items():
        kind, shown = marks[row]
        if kind == Found.TEXT:  # a number shown with leading zeros: `shown` is its width
            if kinds[position] != Found.NUMBER or not (texts[position] or "").isdigit():
                continue
            shown = texts[position].zfill(int(shown))
        if kind == Found.NO_RESULT and texts[position]:
            continue
        texts[position], kinds[position] = shown, kind
    return pa.array(texts, pa.string()), kinds


def write_sheet(sink: Any, name: str, rows: Any, width: int, offset: int, scan: reading_zip.Scan) -> None:
    """Write one sheet as an Arrow stream: Excel's row number, then text and kind of every column."""
    fields = [pa.field("row", pa.int32())]
    for position in range(offset + width):
        fields += [pa.field(f"t{position}", pa.string()), pa.field(f"k{position}", pa.uint8())]
    about = json.dumps({"name": name, "merges": sorted(scan.merges)}).encode()
    schema = pa.schema(fields, metadata={b"sheet": about})
    blank, left, count = [""] * width, [()] * offset, 0
    with pa.ipc.new_stream(sink, schema) as out:
        for numbers, batch in batches(rows, blank, scan):
            count += len(numbers)
            if count > MAX_ROWS:
                raise Refused("too-many-rows", sheet=name, limit=300_000)
            arrays = [pa.array(numbers, pa.int32())]
            for _ in left:
                arrays += [pa.nulls(len(numbers), pa.string()), pa.array(np.zeros(len(numbers), np.uint8))]
            for position, values in enumerate(zip(*batch, strict=True), offset):
                text, kinds = column(values)
                if position in scan.marks:
                    text, kinds = overlay(text, kinds, numbers, scan.marks[position])
                arrays += [text, pa.array(kinds)]
            out.write_batch(pa.record_batch(arrays, schema=schema))


def batches(rows: Any, blank: list[str], scan: reading_zip.Scan) -> Iterator[tuple[list[int], list[Any]]]:
    """Rows that hold something and are shown, with their numbers, some thousands at a time."""
    numbers: list[int] = []
    batch: list[Any] = []
    hidden, marked = scan.hidden, {row for rows in scan.marks.values() for row in rows}
    for row_number, row in enumerate(rows, 1):
        if row_number in hidden or (row == blank and row_number not in marked):
            continue
        numbers.append(row_number)
        batch.append(row)
        if len(batch) == BATCH:
            yield numbers, batch
            numbers, batch = [], []
    if batch:
        yield numbers, batch


def read_workbook(upload: Any, sink: Any) -> dict[str, Any]:
    """Inspect the zip, then let calamine read the sheets that people see."""
    scans = reading_zip.inspect(upload)
    upload.seek(0)
    book = calamine.load_workbook(upload)
    skipped: list[dict[str, Any]] = []
    marker: list[str] = []
    for meta in book.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        scan = scans.get(meta.name) or reading_zip.Scan()
        if meta.name == MARKER:
            marker = [str(cell(row[0]) or "") for row in book.get_sheet_by_name(meta.name).to_python(nrows=20)]
        elif meta.visible != calamine.SheetVisibleEnum.Visible:
            skipped.append({"code": "hidden-sheet", "sheet": meta.name})
        else:
            read_sheet(book.get_sheet_by_name(meta.name), scan, sink, skipped)
    return {"skipped": skipped, "marker": marker}


def read_sheet(sheet: Any, scan: reading_zip.Scan, sink: Any, skipped: list[dict[str, Any]]) -> None:
    """Read one visible sheet."""
    if scan.hidden:
        facts = {"rows": ranges(sorted(scan.hidden)), "count": len(scan.hidden)}
        skipped.append({"code": "hidden-rows", "sheet": sheet.name, "facts": facts})
    if sheet.end is None:
        return
    if sheet.end[1] >= MAX_COLUMNS:
        far = reading_zip.reference(sheet.end[0] + 1, sheet.end[1])
        raise Refused("too-many-columns", sheet=sheet.name, cell=scan.far or far, limit=MAX_COLUMNS)
    offset = sheet.start[1]  # iter_rows begins at row 1, but at the first column that holds something
    write_sheet(sink, sheet.name, sheet.iter_rows(), sheet.end[1] + 1 - offset, offset, scan)


def ranges(rows: list[int]) -> str:
    """[5, 6, 7, 9] → "5-7, 9"; long lists are cut."""
    parts: list[list[int]] = []
    for row in rows:
        if parts and parts[-1][1] == row - 1:
            parts[-1][1] = row
        else:
            parts.append([row, row])
    shown = [f"{first}-{last}" if last > first else str(first) for first, last in parts[:20]]
    return ", ".join(shown) + (" …" if len(parts) > 20 else "")


def read_csv(upload: Any, sink: Any) -> dict[str, Any]:
    """Read comma-separated text as one sheet without a name."""
    rows = reading_csv.rows(upload.read())
    width = max(map(len, rows), default=0)
    if width > MAX_COLUMNS:
        raise Refused("too-many-columns", sheet="", cell="", limit=MAX_COLUMNS)
    filled = [row + [""] * (width - len(row)) for row in rows]
    if width:
        write_sheet(sink, "", filled, width, 0, reading_zip.Scan())
    return {"skipped": [], "marker": []}


def limit(memory_mb: int, cpu_seconds: int) -> None:
    """Bound memory, time, files and rights of this process, and become nobody where it was root."""
    limits = (
        (resource.RLIMIT_AS, memory_mb << 20),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 2 << 30),
    )
    for what, value in limits:
        resource.setrlimit(what, (value, value))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)  # no_new_privs
    column(("a", 1e30, True, dt.date(2020, 1, 1), "", 0.5))  # run lazy imports: nobody may not read them
    column((1.5, 2.5))
    column((1.0, 2.0))
    overlay(*column(("a", "b")), [1, 2], {1: (Found.ERROR, "#N/A")})
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


def read(named: str, task: str) -> dict[str, Any]:
    """Do the task and return what the parent is told."""
    upload = os.fdopen(0, "rb")
    reading_zip.check_kind(upload, named)
    if task == "locate":
        return {"far": reading_zip.locate(upload)}
    with os.fdopen(1, "wb") as sink:
        return read_csv(upload, sink) if named == "csv" else read_workbook(upload, sink)


def answer(named: str, task: str) -> tuple[int, dict[str, Any]]:
    """Turn every ending into an exit code and facts."""
    try:
        return 0, read(named, task)
    except Refused as refusal:
        return 10, refusal.told
    except calamine.PasswordError:
        return 10, {"code": "password"}
    except MemoryError:
        return 12, {"code": "too-large"}
    except ImportError as error:  # ours to mend, not the file's fault
        return 14, {"code": "damaged", "facts": {"error": str(error)}}
    except BaseException as error:  # a Rust panic is a BaseException
        return 13, {"code": "damaged", "facts": {"error": type(error).__name__}}


def main(memory: str, cpu: str, named: str, task: str) -> None:
    """Read under limits; leave without the interpreter's tidying, which a damaged heap would not survive."""
    sys.meta_path.insert(0, NoPandas)
    limit(int(memory), int(cpu))
    code, told = answer(named, task)
    sys.stderr.write(json.dumps(told))
    sys.stderr.flush()
    os._exit(code)
