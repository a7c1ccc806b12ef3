"""A workbook of 200 000 × 20 read under guard, checked, planned and stored, as `jicai import --apply` does it.

Floor: calamine's bare reading in the process, and the driver's bare upsert of the same rows into the same table, with
its indexes; beside it the strict floor, whose table has its key alone. Baseline (SQLite): openpyxl, a marshmallow
schema a row, ORM add_all. All three leave the same rows, which is asserted.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import marshmallow as ma
import psycopg
import pyarrow as pa
import python_calamine
from rich.console import Console
from rich.table import Table
from rustpy_xlsxwriter import FastExcel
from sqlalchemy import select
from sqlalchemy.orm import Session

import wsgi
from catalogue.register.models import CodedDrug
from importers import services, workbook
from importers.demo import register
from importers.demo.register import NAMES
from importers.examining import examine
from importers.flow import ImportState, Mode
from importers.registry import kind
from kernel import clock, money
from kernel.auth.actor import SYSTEM
from kernel.db import BULK_CACHE, make_engine
from tests.bench.apart import Took, Watch, apart, middle
from tests.bench.stores import KINDS, Fresh, opened

ROWS, FEW, SEED, TIMES = 200_000, 20_000, 200, 3
HEADERS = [column.header_zh for column in kind("drugs").columns]
assert [column.name for column in kind("drugs").columns] == [*NAMES]
PACK = NAMES.index("pack_quantity")


def book(folder: Path, rows: int) -> Path:
    """Write the workbook once: texts, and the pack as a number."""
    (columns,) = register.drugs(register.invented(8_000, seed=SEED), rows, seed=SEED)
    table = pa.table({header: pa.array(columns[name]) for header, name in zip(HEADERS, NAMES, strict=True)})
    path = folder / f"drugs-{rows}.xlsx"
    with path.open("wb") as file:
        FastExcel(file).sheet("数据", table).save()
    return path


def _taken(watch: Watch, path: Path) -> workbook.Workbook:
    watch.start()
    read = workbook.read(path.read_bytes(), path.name)
    watch.stop()
    return read


def ours(watch: Watch, path: Path, url: str) -> None:
    """Import as the command line does."""
    _ready()
    with opened(url) as database:
        read = _taken(watch, path)
        watch.start()
        with database.transaction() as session:
            at = clock.now()
            examined = examine(session, name="drugs", query={}, book=read, actor=SYSTEM, at=at)
            assert not examined.findings.issues, examined.findings.issues[:3]
            services.write(session, examined=examined, mode=Mode.GOOD_ROWS, actor=SYSTEM, at=at)
        watch.stop()


def in_steps(watch: Watch, path: Path, url: str) -> None:
    """Import as the browser does: what was checked is kept, then checked again and written."""
    _ready()
    with opened(url) as database:
        read = _taken(watch, path)
        watch.start()
        with database.transaction() as session:
            at = clock.now()
            staged = services.stage(session, name="drugs", query={}, book=read, actor=SYSTEM, at=at)
        watch.stop()
        watch.start()
        with database.transaction() as session:
            done = services.apply(session, import_id=staged.id, mode=Mode.GOOD_ROWS, actor=SYSTEM, at=clock.now())
            assert done.state is ImportState.APPLIED
        watch.stop()


def floor(watch: Watch, path: Path, url: str, strict: bool) -> None:
    """Read and write barely; turning empty texts into nulls and floats into whole numbers is not counted."""
    watch.start()
    found = python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
    watch.stop()
    rows = [[value if value != "" else None for value in row] for row in found[1:]]
    for row in rows:
        row[PACK] = int(row[PACK])
    del found
    (_sqlite_upsert if url.startswith("sqlite") else _postgres_upsert)(watch, url, rows, _emptied(url, strict))


def _emptied(url: str, strict: bool) -> str:
    """Return the table to write to: the register's own, or one beside it with its key alone."""
    if not strict:
        return "coded_drug"
    columns = ", ".join(f"{name} {'integer' if name == 'pack_quantity' else 'text'}" for name in NAMES)
    make = f"create table bare ({columns}, unique (code))"
    if url.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as raw:
            raw.execute(make)
    else:
        with psycopg.connect(url) as plain:
            plain.execute(make)
    return "bare"


_NAMES = ", ".join(NAMES)
_SETS = ", ".join(f"{name}=excluded.{name}" for name in NAMES if name != "code")


def _sqlite_upsert(watch: Watch, url: str, rows: Sequence[Sequence[Any]], table: str) -> None:
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as raw:
        raw.execute(BULK_CACHE)  # what we have found to help stands in the floor too
        watch.start()
        raw.executemany(
            f"insert into {table} ({_NAMES}) values ({', '.join('?' * len(NAMES))}) "
            f"on conflict (code) do update set {_SETS}",
            rows,
        )
        raw.commit()
        watch.stop()


def _postgres_upsert(watch: Watch, url: str, rows: Sequence[Sequence[Any]], table: str) -> None:
    with psycopg.connect(url) as raw, raw.cursor() as cursor:
        watch.start()
        cursor.execute(f"create temp table staged on commit drop as select {_NAMES} from {table} with no data")
        with cursor.copy(f"copy staged ({_NAMES}) from stdin") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            f"insert into {table} ({_NAMES}) select {_NAMES} from staged on conflict (code) do update set {_SETS}"
        )
        raw.commit()
        watch.stop()


_KEPT = ma.validate.Length(1, 400)
_FIELDS: dict[str, ma.fields.Field[Any]] = {
    **{name: ma.fields.Str(allow_none=True, validate=_KEPT) for name in NAMES},
    "code": ma.fields.Str(required=True, validate=ma.validate.Regexp(r"^([XZT][0-9A-Z]{19}|X[0-9A-Z]{22})$")),
    "registered_name": ma.fields.Str(required=True, validate=_KEPT),
    "company": ma.fields.Str(required=True, validate=_KEPT),
    "company_code": ma.fields.Str(allow_none=True, validate=ma.validate.Length(equal=18)),
    "standard_code": ma.fields.Str(allow_none=True, validate=ma.validate.Length(equal=14)),
    "pack_quantity": ma.fields.Int(allow_none=True, validate=ma.validate.Range(0)),
    "list_class": ma.fields.Str(allow_none=True, validate=ma.validate.OneOf(["甲", "乙", "丙"])),
}


def baseline(watch: Watch, path: Path, url: str) -> None:
    """Import as a tutorial would."""
    import openpyxl

    _ready()
    schema, names = ma.Schema.from_dict(_FIELDS)(), dict(zip(HEADERS, NAMES, strict=True))
    engine = make_engine(url)
    watch.start()
    rows = openpyxl.load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True)
    keys = [names[str(header)] for header in next(rows)]
    with Session(engine) as session, session.begin():
        session.add_all([CodedDrug(**schema.load(dict(zip(keys, row, strict=True)))) for row in rows])
    watch.stop()
    engine.dispose()


def _ready() -> None:
    wsgi.load_models()
    money.trap_floats()


def digest(url: str) -> str:
    """Return a digest of the register's rows, all columns of the workbook, by code."""
    columns = [getattr(CodedDrug, name) for name in NAMES]
    sha = hashlib.sha256()
    with opened(url) as database, database.transaction(write=False) as session:
        for row in sorted(session.execute(select(*columns))):
            sha.update(repr(row).encode())
    return sha.hexdigest()


WAYS: dict[str, tuple[Any, ...]] = {
    "ours: read, store": (ours,), "floor: read, upsert": (floor, False), "strict floor: read, upsert": (floor, True),
}  # fmt: skip


def run(fresh: Fresh, folder: Path) -> None:
    """Measure and print; outputs are compared in between."""
    large, small = book(folder, ROWS), book(folder, FEW)
    for name in KINDS:
        _measure(name, fresh, large, small)


def _measure(name: str, fresh: Fresh, large: Path, small: Path) -> None:
    told = f"import of {ROWS} x {len(NAMES)} drugs, {large.stat().st_size:,} bytes, seed {SEED}, median of {TIMES}"
    table = Table(name, "s", "parts s", "CPU s", "x", "wanted x", "peak MB", "of its child MB", title=told)
    wanted, runs = "", dict[str, list[Took]]()
    for _ in range(TIMES):
        for what, (act, *more) in WAYS.items():
            took, wanted = _once(act, large, fresh(name), wanted, *more)
            runs.setdefault(what, []).append(took)
    mine = middle(runs.pop("ours: read, store"))
    _line(table, "ours: read, store", mine)
    for what, each in runs.items():
        one = middle(each)
        _line(table, what, one, mine.seconds / one.seconds, "<= 1.6" if what.startswith("floor") else "")
    few = middle([apart(ours, small, fresh(name)) for _ in range(TIMES)])
    _line(table, f"ours at {FEW} rows", few, mine.seconds / few.seconds, "<= 11")
    steps, _ = _once(in_steps, large, fresh(name), wanted)
    _line(table, "ours in the browser: read, check, write", steps)
    if name == "SQLite":
        slow, _ = _once(baseline, large, fresh(name), wanted)
        _line(table, "baseline: openpyxl, marshmallow, ORM", slow, slow.seconds / mine.seconds, ">= 8")
    Console(width=150).print(table)


def _once(act: Callable[..., None], path: Path, url: str, wanted: str, *more: Any) -> tuple[Took, str]:
    """Run one way into an empty database; it must leave the rows that the others left."""
    took = apart(act, path, url, *more)
    if more != (True,):  # the strict floor writes elsewhere
        found = digest(url)
        assert found == (wanted or found), f"{act.__name__} left other rows"
        wanted = found
    return took, wanted


def _line(table: Table, what: str, took: Took, ratio: float | None = None, wanted: str = "") -> None:
    parts = " + ".join(f"{part:.2f}" for part in took.parts)
    shown = "" if ratio is None else f"{ratio:.2f}"
    table.add_row(what, f"{took.seconds:.2f}", parts, f"{took.cpu:.2f}", shown, wanted, str(took.own), str(took.child))
