"""An upload, read under guard: a fresh process under limits parses, this one only sees columns.

Whatever is wrong with a file as a whole comes as `FileRefused` with its issues.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from importers.rules import Found
from kernel.errors import Conflict, FileRefused, Issue

if TYPE_CHECKING:
    import pyarrow as pa

MAX_UPLOAD = 40 << 20
MEMORY_MB, CPU_SECONDS, WALL_SECONDS = 1500, 60, 90
ROOT = Path(__file__).resolve().parent.parent
BOOT = "import sys; sys.path.append(sys.argv.pop(1)); from importers.reading_child import main; main(*sys.argv[1:])"
BARE = {
    "PATH": "/usr/bin",
    "LC_ALL": "C.UTF-8",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}
READERS = threading.BoundedSemaphore(2)  # each may take MEMORY_MB
OTHER_FORMATS = {"xls": "old-format", "xlsb": "old-format", "ods": "old-format", "et": "old-format", "xlsm": "macros"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet: Excel's row numbers, texts and kinds (`Found`) column by column; empty rows are left out."""

    name: str
    table: pa.Table
    merges: tuple[tuple[int, int, int, int], ...] = ()
    """Merged ranges as (top, left, bottom, right): rows from 1, columns from 0."""
    letters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Of a flattened sheet: official sheet → column name → the column's letter there."""

    @property
    def width(self) -> int:
        """How many columns."""
        return len(self.table.column_names) // 2

    @property
    def numbers(self) -> list[int]:
        """Excel's row numbers."""
        return list(self.table.column(0).to_pylist())

    def texts(self, position: int) -> list[str | None]:
        """The texts of a column."""
        return list(self.table.column(1 + 2 * position).to_pylist())

    def found(self, position: int) -> list[int]:
        """What the cells of a column were."""
        return list(self.table.column(2 + 2 * position).to_pylist())

    def first_rows(self, count: int) -> list[list[str | None]]:
        """The texts of the first rows, row by row."""
        head = self.table.slice(0, count)
        columns = [head.column(1 + 2 * position).to_pylist() for position in range(self.width)]
        return [list(cells) for cells in zip(*columns, strict=True)]


@dataclass(frozen=True, slots=True)
class Workbook:
    """What an upload held. `marker` is our template's stamp, `skipped` names what was left out on purpose."""

    file_name: str
    digest: str
    sheets: tuple[Sheet, ...]
    marker: tuple[str, ...] = ()
    skipped: tuple[Issue, ...] = ()


def read(data: bytes, file_name: str, *, wall: int = WALL_SECONDS) -> Workbook:
    """Read an upload, or raise `FileRefused`."""
    suffix = file_name.rpartition(".")[2].lower()
    if suffix not in ("xlsx", "csv"):
        raise _refused(OTHER_FORMATS.get(suffix, "format-not-taken"), file_name)
    if len(data) > MAX_UPLOAD:
        raise _refused("upload-too-large", file_name, limit=MAX_UPLOAD >> 20)
    if not data:
        raise _refused("empty-file", file_name)
    if not READERS.acquire(timeout=wall):
        raise Conflict("readers-busy")
    try:
        streams, told = _run(data, suffix, file_name, wall)
    finally:
        READERS.release()
    skipped = tuple(_issue(item, file_name) for item in told["skipped"])
    sheets = tuple(unpack(streams))
    return Workbook(file_name, hashlib.sha256(data).hexdigest(), sheets, tuple(told["marker"]), skipped)


def _run(data: bytes, suffix: str, file_name: str, wall: int) -> tuple[bytes, dict[str, Any]]:
    """Run the child; a child that dies is followed by one that only looks for the cell to blame."""
    code, out, told = _child(data, suffix, "read", wall)
    if code == 0:
        return out, told
    if code == 14:
        raise RuntimeError(f"the reading child lacks a module: {told}")
    if told:
        raise FileRefused([_issue(told, file_name)])
    code, _, located = _child(data, suffix, "locate", 10) if suffix == "xlsx" else (code, b"", {})
    far = located.get("far", {}) if code == 0 else {}
    if far.get("cell"):
        raise _refused("cell-too-far-out", file_name, **far)
    raise _refused("too-large", file_name, memory=MEMORY_MB, seconds=CPU_SECONDS)


def _child(data: bytes, suffix: str, task: str, wall: int) -> tuple[int, bytes, dict[str, Any]]:
    command = [sys.executable, "-I", "-B", "-c", BOOT, str(ROOT), str(MEMORY_MB), str(CPU_SECONDS), suffix, task]
    with tempfile.TemporaryFile() as upload, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as told:
        upload.write(data)
        upload.seek(0)
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and script
            command, stdin=upload, stdout=out, stderr=told, env=BARE, cwd="/", start_new_session=True
        )
        try:
            code = process.wait(wall)
        except subprocess.TimeoutExpired:
            code = -signal.SIGKILL
        finally:
            if process.poll() is None:  # the CPU limit does not end every hang
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        told.seek(0)
        answer = told.read(1 << 20)
        out.seek(0)
        return code, out.read() if code == 0 else b"", _json(answer)


def _json(answer: bytes) -> dict[str, Any]:
    try:
        told = json.loads(answer)
    except ValueError:  # the interpreter's own last words
        return {}
    return told if isinstance(told, dict) else {}


def unpack(streams: bytes) -> Iterator[Sheet]:
    """Read the Arrow streams of the sheets."""
    import pyarrow as pa  # a quarter of a second, which a start need not wait for

    source = pa.BufferReader(streams)
    while source.tell() < len(streams):
        table = pa.ipc.open_stream(source).read_all()
        table.validate(full=True)
        about = json.loads(table.schema.metadata[b"sheet"])
        yield Sheet(about["name"], table, tuple(tuple(merge) for merge in about["merges"]), about.get("letters", {}))


def pack(sheets: Sequence[Sheet]) -> bytes:
    """Write sheets as compressed Arrow streams, to be kept and read again by `unpack`."""
    import pyarrow as pa  # as above

    sink = pa.BufferOutputStream()
    for sheet in sheets:
        about = json.dumps({"name": sheet.name, "merges": sheet.merges, "letters": sheet.letters}).encode()
        table = sheet.table.replace_schema_metadata({b"sheet": about})
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with pa.ipc.new_stream(sink, table.schema, options=options) as out:
            out.write_table(table)
    return bytes(sink.getvalue())


def _issue(told: dict[str, Any], file_name: str) -> Issue:
    facts = {**told.get("facts", {}), "file": file_name}
    return Issue(told.get("code", "damaged"), sheet=told.get("sheet", ""), cell=told.get("cell", ""), facts=facts)


def _refused(code: str, file_name: str, *, sheet: str = "", cell: str = "", **facts: object) -> FileRefused:
    return FileRefused([Issue(code, sheet=sheet, cell=cell, facts={**facts, "file": file_name})])


__all__ = ["Found", "Sheet", "Workbook", "pack", "read", "unpack"]
