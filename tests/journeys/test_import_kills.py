"""kill -9 at random moments of a large import: afterwards it is there whole or not at all, and can be finished.

Where a kill hit is not guessed from the clock: the child tells each step as it takes it, and what it had told is read
after its death. The window is from the first staged row to the last published one.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pytest
from sqlalchemy import event, func, select, text

from catalogue.register.models import CodedDrug
from importers import services
from importers.flow import ImportState, Mode
from importers.models import Import, ImportPayload
from importers.workbook import Sheet, Workbook, pack, unpack
from kernel import clock
from kernel.auth.actor import SYSTEM
from kernel.db import Database, make_engine
from tests.conftest import ROOT

ROWS, KILLS, WITHIN, SEED = 100_000, 50, 30, 20261122
STAGED, PUBLISHED, DONE = "staged", "published", "done"
NURSERY = "from tests.journeys.test_import_kills import nursery; nursery()"


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


def say(step: str) -> None:
    """Tell a step; what is in the pipe outlives the teller."""
    os.write(1, f"{step}\n".encode())


def import_all(url: str, sheet: str) -> None:
    """In the child: stage and write, telling the first row that is staged, the last that is published, and the end."""
    database = Database(make_engine(url))
    event.listen(ImportPayload, "before_insert", lambda *_: say(STAGED))
    book = Workbook("drugs.xlsx", "0" * 64, tuple(unpack(pathlib.Path(sheet).read_bytes())))
    say("begun")
    with database.transaction() as session:
        number = services.stage(session, name="drugs", query={}, book=book, actor=SYSTEM, at=clock.now()).id
    with database.transaction() as session:
        services.apply(session, import_id=number, mode=Mode.ALL, actor=SYSTEM, at=clock.now())
        say(PUBLISHED)
    say(DONE)


def nursery() -> None:
    """Everything is loaded once; each line (database, sheet) that comes in becomes a child that imports."""
    import wsgi

    wsgi.load_models()
    services.kind("drugs")
    say("ready")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            import_all(*line.split())
            os._exit(0)
        say(f"child {child}")
        os.waitpid(child, 0)
        say("gone")


@dataclass(slots=True)
class Nursery:
    """The process that children are forked from."""

    process: subprocess.Popen[str]

    def line(self) -> str:
        """The next line."""
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said, "the nursery ended"
        return said.strip()

    def run(self, url: str, sheet: pathlib.Path, moment: float | None) -> dict[str, float]:
        """Let a child import, kill it so many seconds after it began, and return when it told which step."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{url} {sheet}\n")
        self.process.stdin.flush()
        steps: dict[str, float] = {}
        child, begun = 0, 0.0
        while (said := self.line()) != "gone":
            if said.startswith("child "):
                child = int(said.removeprefix("child "))
            if said == "begun":
                begun = time.monotonic()
            steps[said] = time.monotonic() - begun
            if child and begun and moment is not None:
                self.strike(child, begun + moment)
                moment = None
        return steps

    @staticmethod
    def strike(child: int, at: float) -> None:
        """End it as a power cut would."""
        time.sleep(max(0.0, at - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):  # it was done before
            os.kill(child, signal.SIGKILL)


@pytest.fixture
def children() -> Iterator[Nursery]:
    """A nursery that is ready."""
    process = subprocess.Popen(
        [sys.executable, "-c", NURSERY], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    made = Nursery(process)
    assert made.line() == "ready"
    yield made
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()
    process.wait(30)


@pytest.fixture
def sheet(tmp_path: pathlib.Path) -> pathlib.Path:
    """The rows, as the reading child would have left them."""
    path = tmp_path / "sheet.arrow"
    path.write_bytes(pack([rows()]))
    return path


@pytest.fixture(params=("sqlite", "postgresql"))
def fresh(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Callable[[], str]:
    """Make a migrated database that holds no import; call it before each."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")

        def copy() -> str:
            for path in tmp_path.glob("killed.db*"):
                path.unlink()
            return f"sqlite:///{shutil.copy(template, tmp_path / 'killed.db')}"

        return copy
    (request.getfixturevalue("scratch") / "owner").write_text(str(os.getpid()))
    url = request.getfixturevalue("postgres")("killed")

    def emptied() -> str:  # quicker than another database: making one waits for two checkpoints
        with opened(url) as database, database.transaction() as session:
            session.execute(text("truncate coded_drug, import_payload, workbook_import"))
        return url

    return emptied


@contextlib.contextmanager
def opened(url: str) -> Iterator[Database]:
    """Open what a killed child left."""
    database = Database(make_engine(url))
    yield database
    database.engine.dispose()


def finish(database: Database) -> ImportState | None:
    """Look at what a kill left, and do what a person would do next; return the state that the kill left."""
    quiet(database)
    with database.transaction() as session:
        count = session.scalar(select(func.count(CodedDrug.id))) or 0
        found = session.scalars(select(Import)).one_or_none()
        state = found.state if found else None
        assert count == (ROWS if state is ImportState.APPLIED else 0), "half an import"
        assert session.scalar(select(func.count()).select_from(ImportPayload)) == (2 if found else 0)
        if found is not None and state is ImportState.CHECKED:
            services.apply(session, import_id=found.id, mode=Mode.ALL, actor=SYSTEM, at=clock.now())
    if found is not None:
        whole(database)
    return state


def whole(database: Database) -> None:
    """Every row is there, once."""
    with database.transaction(write=False) as session:
        codes = session.scalar(select(func.count(func.distinct(CodedDrug.code))))
        assert (codes, session.scalar(select(func.count(CodedDrug.id)))) == (ROWS, ROWS)


def quiet(database: Database) -> None:
    """Wait until PostgreSQL has noticed that its client is gone."""
    if database.engine.dialect.name == "sqlite":
        return
    others = text(
        "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    )
    while True:
        with database.transaction(write=False) as session:
            if not session.scalar(others):
                return
        database.engine.dispose()
        time.sleep(0.05)


def where(steps: dict[str, float]) -> str:
    """Where a kill hit, by what the child had told."""
    if DONE in steps:
        return "after the end"
    if PUBLISHED in steps:
        return "at the last commit"
    return "within" if STAGED in steps else "before"


LEFT = {
    "before": {None}, "within": {None, ImportState.CHECKED}, "after the end": {ImportState.APPLIED},
    "at the last commit": {ImportState.CHECKED, ImportState.APPLIED},
}  # fmt: skip
"""Which state a kill may leave; what had been told as done must not be lost."""


@pytest.mark.long
def test_kills_leave_no_half_import(
    fresh: Callable[[], str], sheet: pathlib.Path, children: Nursery, figure: Callable[[str], None]
) -> None:
    chance, hits, begun = random.Random(SEED), Counter[str](), time.monotonic()
    url = fresh()
    calm = children.run(url, sheet, None)
    with opened(url) as database:
        assert finish(database) is ImportState.APPLIED
        name = database.engine.dialect.name
    staged, published = calm[STAGED], calm[PUBLISHED]
    for number in range(KILLS):
        url = fresh()
        early = number % 10 == 0
        steps = children.run(url, sheet, chance.uniform(0.0 if early else staged, published))
        hits[where(steps)] += 1
        if PUBLISHED in steps:  # the machine is quicker now than it was in the calm run
            published -= (published - staged) / 10
        elif STAGED not in steps and not early:  # or slower
            staged, published = staged * 1.1, published * 1.1
        with opened(url) as database:
            assert finish(database) in LEFT[where(steps)], steps
    assert sum(hits.values()) == KILLS
    assert hits["within"] >= WITHIN, hits
    took = time.monotonic() - begun
    told = ", ".join(f"{count} {place}" for place, count in sorted(hits.items()))
    figure(f"kills on {name}: {told}; {ROWS} rows staged at {calm[STAGED]:.1f} s, published at {calm[PUBLISHED]:.1f} s"
           f" of a run; 0 partial, 0 lost, 0 duplicate rows; {took:.0f} s")  # fmt: skip
