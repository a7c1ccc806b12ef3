"""kill -9 at random moments of a large import: afterwards it is there whole or not at all, and can be finished."""

from __future__ import annotations

import pathlib
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pytest
from sqlalchemy import delete, func, select, text

from catalogue.register.models import CodedDrug
from importers import services
from importers.flow import ImportState, Mode
from importers.models import Import, ImportPayload
from importers.workbook import Sheet, Workbook, pack, unpack
from kernel import clock
from kernel.auth.actor import SYSTEM
from kernel.db import Database
from tests.conftest import ROOT

ROWS, KILLS, SEED = 100_000, 12, 20261122
HEADERS = ("药品代码", "注册名称", "药品企业", "注册规格", "批准文号", "最小包装数量")
CHILD = """
import sys
from tests.journeys.test_import_kills import import_all
import_all(*sys.argv[1:])
"""


def rows() -> Sheet:
    """What a workbook of a hundred thousand drugs is read as."""
    number = range(ROWS)
    columns: list[list[str]] = [
        ["药品代码", *(f"XJ01CAA040A001{n // 10_000:02d}{n // 100 % 100:02d}{n % 100_000:05d}" for n in number)],
        ["注册名称", *(f"第{n % 900}号胶囊" for n in number)],
        ["药品企业", *(f"第{n % 8_000}制药有限公司" for n in number)],
        ["注册规格", *(f"{n % 50 + 1}mg" for n in number)],
        ["批准文号", *(f"国药准字H{20_000_000 + n}" for n in number)],
        ["最小包装数量", *(str(n % 100 + 1) for n in number)],
    ]
    arrays = {"row": pa.array(range(1, ROWS + 2), pa.int32())}
    for place, texts in enumerate(columns):
        found = [1, *([2 if texts[0] == "最小包装数量" else 1] * ROWS)]
        arrays |= {f"t{place}": pa.array(texts, pa.string()), f"k{place}": pa.array(found, pa.uint8())}
    return Sheet("数据", pa.table(arrays))


def import_all(url: str, sheet: str) -> None:
    """In the child: stage and write, telling when each begins."""
    import wsgi
    from kernel.db import make_engine

    wsgi.load_models()
    database = Database(make_engine(url))
    book = Workbook("drugs.xlsx", "0" * 64, tuple(unpack(pathlib.Path(sheet).read_bytes())))
    sys.stdout.write("staging\n")
    sys.stdout.flush()
    with database.transaction() as session:
        number = services.stage(session, name="drugs", query={}, book=book, actor=SYSTEM, at=clock.now()).id
    sys.stdout.write("writing\n")
    sys.stdout.flush()
    with database.transaction() as session:
        services.apply(session, import_id=number, mode=Mode.ALL, actor=SYSTEM, at=clock.now())
    sys.stdout.write("done\n")
    sys.stdout.flush()


@dataclass(slots=True)
class Run:
    """A child that imports."""

    process: subprocess.Popen[str]
    begun: float

    def wait_for(self, line: str) -> float:
        """Wait for a line; return the seconds since the staging began."""
        assert self.process.stdout is not None
        while (said := self.process.stdout.readline()) != f"{line}\n":
            assert said, "the child ended early"
        return time.monotonic() - self.begun

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.end()

    def end(self) -> None:
        """Wait for its end."""
        assert self.process.stdout is not None
        self.process.wait()
        self.process.stdout.close()


def start(url: str, sheet: pathlib.Path) -> Run:
    """Start a child and wait until it begins to stage."""
    command = [sys.executable, "-c", CHILD, url, str(sheet)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    run = Run(process, 0.0)
    run.wait_for("staging")
    run.begun = time.monotonic()
    return run


@pytest.fixture
def sheet(tmp_path: pathlib.Path) -> Iterator[pathlib.Path]:
    """The rows, as the reading child would have left them."""
    path = tmp_path / "sheet.arrow"
    path.write_bytes(pack([rows()]))
    yield path


def finish(database: Database) -> str:
    """Look at what a kill left, and do what a person would do next; return where the kill had hit."""
    with database.transaction() as session:
        count = session.scalar(select(func.count(CodedDrug.id))) or 0
        found = session.scalars(select(Import)).one_or_none()
        assert count == (ROWS if found and found.state is ImportState.APPLIED else 0), "half an import"
        assert session.scalar(select(func.count()).select_from(ImportPayload)) in ((0,) if found is None else (2,))
        if found is None:
            return "staging"
        if found.state is ImportState.APPLIED:
            return "done"
        services.apply(session, import_id=found.id, mode=Mode.ALL, actor=SYSTEM, at=clock.now())
    with database.transaction(write=False) as session:
        assert session.scalar(select(func.count(func.distinct(CodedDrug.code)))) == ROWS
        assert session.scalar(select(func.count(CodedDrug.id))) == ROWS
    return "writing"


def clear(database: Database) -> None:
    """Make room for the next import."""
    with database.transaction() as session:
        for model in (CodedDrug, ImportPayload, Import):
            session.execute(delete(model))


@pytest.mark.long
def test_kills_leave_no_half_import(database: Database, sheet: pathlib.Path) -> None:
    url, chance, hits = database.engine.url.render_as_string(hide_password=False), random.Random(SEED), {}
    whole = start(url, sheet)
    writing, done = whole.wait_for("writing"), whole.wait_for("done")
    whole.end()
    assert finish(database) == "done"
    for number in range(KILLS):
        clear(database)
        moment = chance.uniform(0, done) if number % 5 == 0 else chance.uniform(writing * 0.5, done)
        run = start(url, sheet)
        time.sleep(max(0.0, moment - (time.monotonic() - run.begun)))
        run.kill()
        if not url.startswith("sqlite"):
            quiet(database)
        where = finish(database)
        hits[where] = hits.get(where, 0) + 1
    assert sum(hits.values()) == KILLS
    assert hits.get("staging", 0) + hits.get("writing", 0) >= KILLS * 3 // 5, hits
    sys.stdout.write(f"{database.engine.name}: {hits}\n")


def quiet(database: Database) -> None:
    """Wait until PostgreSQL has noticed that its client is gone."""
    others = text(
        "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    )
    while True:
        with database.transaction(write=False) as session:
            if not session.scalar(others):
                return
        database.engine.dispose()
        time.sleep(0.05)
