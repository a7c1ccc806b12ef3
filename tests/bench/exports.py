"""The register of 200 000 drugs given out as xlsx and csv, as its page does it.

Floor: a bare cursor over the same columns and rows into the same writers (rustpy-xlsxwriter by records and by Arrow
columns, the faster of which counts; the csv module). Baseline (SQLite): ORM objects into openpyxl and the csv module.
All of them write the same cells, which is asserted.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import python_calamine
from rich.console import Console
from rich.table import Table
from rustpy_xlsxwriter import FastExcel
from sqlalchemy import select
from sqlalchemy.orm import Session

import wsgi
from catalogue.register import exports, queries
from catalogue.register.models import CodedDrug
from importers.demo import register
from importers.demo.register import NAMES
from kernel.db import insert_rows, make_engine
from kernel.sheets import write_csv, write_xlsx
from tests.bench.apart import Took, Watch, apart, middle
from tests.bench.imports import FEW, HEADERS, ROWS, SEED, TIMES
from tests.bench.stores import KINDS, Fresh, opened

SELECT = f"select {', '.join(NAMES)} from coded_drug order by code"


def ours(watch: Watch, url: str, path: Path) -> None:
    """Write what the list shows without a filter."""
    wsgi.load_models()
    with opened(url) as database:
        watch.start()
        with database.transaction(write=False) as session, path.open("wb") as file:
            sheet = exports.drugs(session, queries.drugs())
            if path.suffix == ".xlsx":
                write_xlsx(file, [sheet])
            else:
                write_csv(file, sheet.headers, sheet.rows)
        watch.stop()


@contextlib.contextmanager
def _cursor(url: str) -> Iterator[Any]:
    connection: Any = sqlite3.connect(url.removeprefix("sqlite:///")) if "sqlite" in url else psycopg.connect(url)
    with contextlib.closing(connection):
        yield connection.cursor()


def by_records(watch: Watch, url: str, path: Path) -> None:
    """A bare cursor into the bare writer, a dictionary a row."""
    with _cursor(url) as cursor, path.open("wb") as file:
        watch.start()
        cursor.execute(SELECT)
        FastExcel(file).sheet("药品编码库", (dict(zip(HEADERS, row, strict=True)) for row in cursor)).save()
        watch.stop()


def by_columns(watch: Watch, url: str, path: Path) -> None:
    """A bare cursor into the bare writer, all rows as one Arrow table."""
    with _cursor(url) as cursor, path.open("wb") as file:
        watch.start()
        columns = list(zip(*cursor.execute(SELECT).fetchall(), strict=True))
        table = pa.table({header: pa.array(values) for header, values in zip(HEADERS, columns, strict=True)})
        FastExcel(file).sheet("药品编码库", table).save()
        watch.stop()


def by_module(watch: Watch, url: str, path: Path) -> None:
    """A bare cursor into the csv module."""
    with _cursor(url) as cursor, path.open("w", encoding="utf-8-sig", newline="") as file:
        watch.start()
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        writer.writerows(cursor.execute(SELECT))
        watch.stop()


def _objects(url: str) -> Iterator[list[Any]]:
    engine = make_engine(url)
    with Session(engine) as session:
        yield [*HEADERS]
        for drug in session.scalars(select(CodedDrug).order_by(CodedDrug.code)):
            yield [getattr(drug, name) for name in NAMES]
    engine.dispose()


def by_openpyxl(watch: Watch, url: str, path: Path) -> None:
    """The baseline: ORM objects into a write-only workbook."""
    import openpyxl

    watch.start()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("药品编码库")
    for row in _objects(url):
        sheet.append(row)
    book.save(path)
    watch.stop()


def by_orm(watch: Watch, url: str, path: Path) -> None:
    """The baseline: ORM objects into the csv module."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        watch.start()
        csv.writer(file).writerows(_objects(url))
        watch.stop()


FLOORS: dict[str, dict[str, Callable[..., None]]] = {
    "xlsx": {"floor, records": by_records, "floor, columns": by_columns}, "csv": {"floor": by_module},
}  # fmt: skip
BASELINES = {"xlsx": by_openpyxl, "csv": by_orm}


def digest(path: Path) -> str:
    """Return a digest of the cells."""
    if path.suffix == ".csv":
        return hashlib.sha256(path.read_bytes().removeprefix(codecs.BOM_UTF8)).hexdigest()
    sha = hashlib.sha256()
    for row in python_calamine.load_workbook(str(path)).get_sheet_by_index(0).iter_rows():
        sha.update(repr(row).encode())
    return sha.hexdigest()


def fill(url: str, rows: int) -> None:
    """Put the register into a database."""
    (columns,) = register.drugs(register.invented(8_000, seed=SEED), rows, seed=SEED)
    with opened(url) as database:
        with database.transaction() as session:
            insert_rows(session, CodedDrug.__table__, columns=columns)
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as plain:
            plain.exec_driver_sql("ANALYZE")


def run(fresh: Fresh, folder: Path) -> None:
    """Measure and print; files are compared in between."""
    for name in KINDS:
        large, small = fresh(name), fresh(name)
        fill(large, ROWS)
        fill(small, FEW)
        for suffix in FLOORS:
            _measure(name, suffix, large, small, folder)


def _measure(name: str, suffix: str, large: str, small: str, folder: Path) -> None:
    path, runs, wanted = folder / f"out.{suffix}", dict[str, list[Took]](), ""
    acts: dict[str, Callable[..., None]] = {"ours": ours, **FLOORS[suffix]}
    size = 0
    for _ in range(TIMES):
        for what, act in acts.items():
            runs.setdefault(what, []).append(apart(act, large, path))
            size = size or path.stat().st_size
            wanted = wanted or digest(path)
            assert digest(path) == wanted, f"{what} wrote other cells"
    told = f"export of {ROWS} x {len(NAMES)} drugs as {suffix}, {size:,} bytes, seed {SEED}, median of {TIMES}"
    table = Table("database", "what", "s", "CPU s", "x", "wanted x", "peak MB", title=told)
    mine = middle(runs.pop("ours"))
    _line(table, name, "ours", mine)
    best = min((middle(each) for each in runs.values()), key=lambda took: took.seconds)
    for what, each in runs.items():
        one = middle(each)
        _line(table, name, what, one, mine.seconds / one.seconds, "<= 1.5" if one is best else "")
    few = middle([apart(ours, small, path) for _ in range(TIMES)])
    _line(table, name, f"ours at {FEW} rows", few, mine.seconds / few.seconds, "<= 11")
    if name == "SQLite":
        slow = apart(BASELINES[suffix], large, path)
        assert digest(path) == wanted, "the baseline wrote other cells"
        _line(table, name, "baseline", slow, slow.seconds / mine.seconds)
    Console(width=120).print(table)


def _line(table: Table, name: str, what: str, took: Took, ratio: float | None = None, wanted: str = "") -> None:
    shown = "" if ratio is None else f"{ratio:.2f}"
    table.add_row(name, what, f"{took.seconds:.2f}", f"{took.cpu:.2f}", shown, wanted, str(took.own))
