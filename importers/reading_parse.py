"""Parses what the inspection lets pass and writes it as columns. Runs in the reading child, in a process of its own.

The parser and Arrow are loaded here only: a file that is refused by the inspection has not waited for them.
"""

from __future__ import annotations

import datetime as dt
import gc
import io
import json
import os
import pickle
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import python_calamine as calamine

from importers import reading_csv, reading_inspect, reading_why, reading_zip
from importers.reading_columns import cell, column, overlay
from importers.reading_zip import MAX_COLUMNS, MAX_DATA_ROWS, MAX_ROWS, Refused
from importers.rules import Found

BATCH = 4_096  # rows whose cells stay in the processor's cache
MARKER = "_jicai"


class NoPandas:
    """pa.array() tries to import pandas, which costs a second."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        """Refuse pandas, leave the rest to others."""
        if name.partition(".")[0] == "pandas":
            raise ModuleNotFoundError(name)


def warm() -> None:
    """Run what imports lazily, while this process may still read its modules."""
    gc.disable()  # a fifth of the time went into looking for circles among rows, which have none
    sys.meta_path.insert(0, NoPandas)
    column(("a", 1e30, True, dt.date(2020, 1, 1), "", 0.5))
    column((1.5, 2.5))
    column((1.0, 2.0))
    overlay(*column(("a", "b")), [1, 2], {1: (Found.ERROR, "#N/A")})


def write_sheet(sink: Any, name: str, rows: Any, width: int, offset: int, scan: reading_inspect.Scan) -> None:
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
                raise Refused("too-many-rows", sheet=name, limit=MAX_DATA_ROWS)
            arrays = [pa.array(numbers, pa.int32())]
            for _ in left:
                arrays += [pa.nulls(len(numbers), pa.string()), pa.array(np.zeros(len(numbers), np.uint8))]
            for position, values in enumerate(zip(*batch, strict=True), offset):
                text, kinds = column(values)
                if position in scan.marks:
                    text, kinds = overlay(text, kinds, numbers, scan.marks[position])
                arrays += [text, pa.array(kinds)]
            out.write_batch(pa.record_batch(arrays, schema=schema))


def batches(rows: Any, blank: list[str], scan: reading_inspect.Scan) -> Iterator[tuple[list[int], list[Any]]]:
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


def parse_workbook(data: bytes, receive: int, sink: Any) -> dict[str, Any]:
    """Let calamine read the sheets that people see. What it says counts only after the inspection has passed."""
    try:
        book = open_book(data)
        sheets = {
            meta.name: book.get_sheet_by_name(meta.name)
            for meta in book.sheets_metadata
            if meta.typ == calamine.SheetTypeEnum.WorkSheet and meta.visible == calamine.SheetVisibleEnum.Visible
        }
    finally:
        scans = verdict(receive)
    skipped: list[dict[str, Any]] = []
    marker: list[str] = []
    for meta in book.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        scan = scans.get(meta.name) or reading_inspect.Scan()
        if meta.name == MARKER:
            marker = [str(cell(row[0]) or "") for row in book.get_sheet_by_name(meta.name).to_python(nrows=20)]
        elif meta.visible != calamine.SheetVisibleEnum.Visible:
            skipped.append({"code": "hidden-sheet", "sheet": meta.name})
        else:
            read_sheet(sheets.pop(meta.name), scan, sink, skipped, data)
    sink.flush()  # the process leaves without tidying
    return {"skipped": skipped, "marker": marker}


def read_sheet(sheet: Any, scan: reading_inspect.Scan, sink: Any, skipped: list[dict[str, Any]], data: bytes) -> None:
    """Read one visible sheet."""
    if scan.hidden:
        facts = {"rows": ranges(sorted(scan.hidden)), "count": len(scan.hidden)}
        skipped.append({"code": "hidden-rows", "sheet": sheet.name, "facts": facts})
    if sheet.end is None:
        return
    if sheet.end[1] >= MAX_COLUMNS:
        far = reading_why.locate(io.BytesIO(data))["cell"] or reading_zip.reference(sheet.end[0] + 1, sheet.end[1])
        raise Refused("too-many-columns", sheet=sheet.name, cell=far, limit=MAX_COLUMNS)
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


def verdict(receive: int) -> Any:
    """Wait for what the inspection found; where it refuses, the other half tells why."""
    with os.fdopen(receive, "rb") as pipe:
        found = pipe.read()
    if not found:
        os._exit(10)
    return pickle.loads(found)  # noqa: S301 - from our own other half, through a pipe of ours


def open_book(data: bytes) -> Any:
    """Open a workbook, or refuse one with a password."""
    try:
        return calamine.load_workbook(io.BytesIO(data))
    except calamine.PasswordError as error:
        raise Refused("password") from error


def parse_csv(data: bytes, receive: int, sink: Any) -> dict[str, Any]:
    """Read comma-separated text as one sheet without a name."""
    try:
        rows, skipped = reading_csv.rows(data)
    finally:
        verdict(receive)
    width = max(map(len, rows), default=0)
    if width > MAX_COLUMNS:
        at = next(number for number, row in enumerate(rows, 1) if len(row) > MAX_COLUMNS)
        far = reading_zip.reference(at, len(rows[at - 1]) - 1)
        raise Refused("too-many-columns", cell=far, limit=MAX_COLUMNS)
    filled = (row + [""] * (width - len(row)) for row in rows)
    if width:
        write_sheet(sink, "", filled, width, 0, reading_inspect.Scan())
    sink.flush()  # as above
    return {"skipped": skipped, "marker": []}
