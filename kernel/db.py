"""The database layer for SQLite and PostgreSQL, and the one place that commits."""

from __future__ import annotations

import itertools
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, ClassVar, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

from kernel.columns import Moment
from kernel.copying import bulk_values, copy_columns, copy_rows
from kernel.errors import Conflict

T = TypeVar("T")
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the platform."""

    __table__: ClassVar[sa.Table]
    metadata = sa.MetaData(naming_convention=NAMES)

    def snapshot(self) -> dict[str, Any]:
        """Return the row's column values, for the audit trail's before and after."""
        return {column.key: getattr(self, column.key) for column in sa.inspect(type(self)).column_attrs}


metadata = Base.metadata


def is_mapped(name: str | None, kind: str, _parents: Any) -> bool:
    """Say whether a comparison of schemas looks at a table; an index that is a table of its own has no class."""
    own: set[str] = metadata.info.get("unmapped", set())
    return kind != "table" or not any((name or "").startswith(each) for each in own)


WRITE = "jicai_write"
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON", "secure_delete=ON")
"""How SQLite is opened; what is erased (a replaced bid) is overwritten in the file too."""
MANY, BULK_CACHE = 10_000, "PRAGMA cache_size=-262144"
"""From so many rows on SQLite keeps up to 256 MB of pages: in its usual 2 MB the indexes of a large table are read and
written over and over, which takes most of the time."""
_before_commit: list[Callable[[Session], None]] = []


def before_commit(act: Callable[[Session], None]) -> Callable[[Session], None]:
    """Register an act that ends every transaction from within, such as writing the audit chain."""
    _before_commit.append(act)
    return act


def make_engine(url: str) -> sa.Engine:
    """Open an engine with the settings that were measured to be safe on each database."""
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20)
    engine = sa.create_engine(url, connect_args={"timeout": 30, "check_same_thread": False, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def _settings(raw: Any, _record: Any) -> None:
        raw.isolation_level = None
        for pragma in PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        write = connection.get_execution_options().get(WRITE, True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


class Database:
    """An engine and its transactions."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self._sqlite = engine.dialect.name == "sqlite"
        self._lock = threading.RLock()  # SQLite's busy handler is unfair: writers of one process queue here

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[Session]:
        """Yield a session: leaving it commits, raising rolls back. `write=False` is for reads."""
        lock = self._lock if self._sqlite and write else None
        if lock:
            lock.acquire()
        try:
            with Session(self.engine, expire_on_commit=False) as session:
                session.connection(execution_options={WRITE: write})
                try:
                    yield session
                    if write:
                        commit(session)
                    else:
                        session.expunge_all()  # a rollback would expire what the reader takes along
                        session.rollback()
                except BaseException:
                    session.rollback()  # SQLite keeps a transaction open after a refused COMMIT
                    raise
        finally:
            if lock:
                lock.release()


def commit(session: Session) -> None:
    """Flush, run the closing acts and commit. A row that changed meanwhile is a conflict."""
    try:
        session.flush()
        for act in _before_commit:
            act(session)
        session.commit()
    except sa.orm.exc.StaleDataError as error:
        raise Conflict("changed-meanwhile") from error
    except OperationalError as error:
        if "locked" in str(error):
            raise Conflict("database-busy") from error
        raise


def upsert(
    session: Session, table: sa.Table, *, key: Sequence[str], columns: Mapping[str, Sequence[Any]], batch: int = 20_000
) -> int:
    """Insert rows, or change those whose key exists and whose values differ; return how many rows changed.

    `columns` maps names to lists of equal length, at least one of them outside `key`. A key must not stand twice.
    """
    count = len(next(iter(columns.values())))
    keyed = columns[key[0]] if len(key) == 1 else zip(*(columns[name] for name in key), strict=True)
    if len(set(keyed)) != count:
        raise ValueError(f"a key stands twice in the rows for {table.name}")
    connection = session.connection()
    bound = bulk_values(table, columns, connection.dialect)
    quote = connection.dialect.identifier_preparer.quote
    names, target = [quote(name) for name in columns], quote(table.name)
    rest = [quote(name) for name in columns if name not in key]
    keys, all_names = ", ".join(quote(name) for name in key), ", ".join(names)
    sets = ", ".join(f"{name}=excluded.{name}" for name in rest)
    raw: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        differ = " or ".join(f"{target}.{name} is not excluded.{name}" for name in rest)
        marks = ", ".join("?" * len(names))
        with _bulk(raw, table.name, count):
            done = raw.executemany(
                f"insert into {target} ({all_names}) values ({marks}) "  # noqa: S608 - names come from our own metadata
                f"on conflict ({keys}) do update set {sets} where {differ}",
                zip(*bound, strict=True),
            )
        return int(done.rowcount)  # unlike total_changes without what the full-text index writes beside
    return _through_copy(connection, raw, target, all_names, keys, sets, rest, zip(*bound, strict=True), batch)


@contextmanager
def _bulk(raw: Any, table: str, count: int) -> Iterator[None]:
    """Let SQLite write many rows: more memory, and indexes made anew where the table holds fewer than are coming.

    The transaction that holds the lock drops and makes them, so nobody else sees the table without.
    """
    if count < MANY:
        yield
        return
    with _roomy(raw):
        dropped = _without_indexes(raw, table) if _size(raw, table, count) < count else []
        try:
            yield
        finally:
            for statement in dropped:
                raw.execute(statement)


@contextmanager
def _roomy(raw: Any) -> Iterator[None]:
    usual = raw.execute("PRAGMA cache_size").fetchone()[0]
    raw.execute(BULK_CACHE)
    try:
        yield
    finally:
        raw.execute(f"PRAGMA cache_size={usual}")


@contextmanager
def roomy(session: Session) -> Iterator[None]:
    """Let SQLite keep more pages while much is read from large tables in no order of theirs."""
    connection = session.connection()
    lite = connection.dialect.name == "sqlite"
    with _roomy(connection.connection.driver_connection) if lite else nullcontext():
        yield


def _size(raw: Any, table: str, most: int) -> int:
    return int(raw.execute(f'select count(*) from (select 1 from "{table}" limit {most})').fetchone()[0])  # noqa: S608 - our own names


def _without_indexes(raw: Any, table: str) -> list[str]:
    """Drop the indexes that only make reading faster; return the statements that make them again."""
    kept = "select name, sql from sqlite_master where type = 'index' and tbl_name = ? and sql not like 'create unique%'"
    dropped: list[str] = []
    for name, sql in raw.execute(kept, [table]).fetchall():
        try:
            raw.execute(f'drop index "{name}"')
        except sqlite3.OperationalError:  # this connection still reads from the table
            break
        dropped.append(sql)
    return dropped


def _through_copy(
    connection: sa.Connection, raw: Any, target: str, all_names: str, keys: str, sets: str, rest: Sequence[str],
    rows: Iterator[tuple[Any, ...]], batch: int,
) -> int:  # fmt: skip
    """Upsert on PostgreSQL: COPY into a temporary table, then one statement."""
    staged = "staged_rows"
    connection.exec_driver_sql(f"create temp table {staged} (like {target} including defaults) on commit drop")
    copy_rows(raw, f"copy {staged} ({all_names}) from stdin", rows, batch)
    mine = ", ".join(f"{target}.{name}" for name in rest)
    theirs = ", ".join(f"excluded.{name}" for name in rest)
    changed = connection.exec_driver_sql(
        f"insert into {target} ({all_names}) select {all_names} from {staged} order by {keys} "  # noqa: S608 - as above
        f"on conflict ({keys}) do update set {sets} where ({mine}) is distinct from ({theirs})"
    ).rowcount
    connection.exec_driver_sql(f"drop table {staged}")
    return int(changed)


def batches(values: Iterable[T], size: int = 5_000) -> Iterator[list[T]]:
    """Cut values into lists, so that a statement about thousands stays within what a database takes."""
    rest = iter(values)
    while some := list(itertools.islice(rest, size)):
        yield some


def insert_rows(
    session: Session, table: sa.Table, *, columns: Mapping[str, Sequence[Any]], batch: int = 20_000, whole: bool = False
) -> int:
    """Insert many rows by the fast path of each engine; return how many. `whole` is that of `bulk_values`."""
    connection = session.connection()
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name in columns)
    raw: Any = connection.connection.driver_connection
    count = len(next(iter(columns.values())))
    if connection.dialect.name == "sqlite":
        bound = bulk_values(table, columns, connection.dialect, whole=whole)
        marks = ", ".join("?" * len(columns))
        statement = f"insert into {quote(table.name)} ({names}) values ({marks})"  # noqa: S608 - our own names
        with _bulk(raw, table.name, count):
            raw.executemany(statement, zip(*bound, strict=True))
    else:
        statement = f"copy {quote(table.name)} ({names}) from stdin"
        copy_columns(raw, statement, table, columns, dialect=connection.dialect, batch=batch, whole=whole)
    return count


__all__ = [
    "Base",
    "Database",
    "Moment",
    "before_commit",
    "commit",
    "insert_rows",
    "is_mapped",
    "make_engine",
    "metadata",
    "upsert",
]
