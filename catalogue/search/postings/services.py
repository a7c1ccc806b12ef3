"""Write the index. FTS5 keeps postings alone: a record is taken out by naming the tokens that it was put in with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text
from sqlalchemy.orm import Session

from catalogue.search.models import POSTINGS, SearchEntry, gin
from catalogue.search.rules.lines import tokens
from catalogue.search.rules.tokens import facet
from kernel.copying import copy_rows

Row = Mapping[str, Any]
COLUMNS = ("id", "kind", "haystack", "sounds", "facets", "flags")
BATCH, MANY = 20_000, 20_000
TABLE = "search_index"


def tokens_of(row: Row) -> set[str]:
    """Return all that an entry is found and filtered by."""
    filters = f"{facet('k', row['kind'])} {row['facets']} {row['flags']}"
    return tokens(row["haystack"], row["sounds"]) | set(filters.split())


def post(connection: Connection, rows: Iterable[Row], *, table: str = TABLE) -> None:
    """Put entries into the index, in the order of their ids (FTS5 is several times slower in any other)."""
    ordered = sorted(rows, key=lambda row: int(row["id"]))
    if connection.dialect.name == "sqlite":
        written = [(row["id"], " ".join(tokens_of(row))) for row in ordered]
        if written:
            connection.exec_driver_sql("INSERT INTO search_index (rowid, tokens) VALUES (?, ?)", written)
        return
    values = ((row["id"], _array(row)) for row in ordered)
    if len(ordered) > 50:
        raw: Any = connection.connection.driver_connection
        copy_rows(raw, f"copy {table} (id, tokens) from stdin", values, BATCH)
    else:
        statement = text("INSERT INTO search_index (id, tokens) VALUES (:id, CAST(:tokens AS text[]))")
        for id_, array in values:
            connection.execute(statement, {"id": id_, "tokens": array})


def unpost(connection: Connection, rows: Sequence[Row]) -> None:
    """Take entries out of the index, as they stood when they were put in."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        _fts_delete(connection, ((row["id"], " ".join(tokens_of(row))) for row in rows))
    else:
        ids = [row["id"] for row in rows]
        connection.execute(text("DELETE FROM search_index WHERE id = ANY(:ids)"), {"ids": ids})


def _fts_delete(connection: Connection, written: Iterable[tuple[int, str]]) -> None:
    sql = "INSERT INTO search_index (search_index, rowid, tokens) VALUES ('delete', ?, ?)"
    connection.exec_driver_sql(sql, sorted(written))


def flag(connection: Connection, ids: Sequence[int], token: str, *, on: bool) -> None:
    """Add one token to entries, or take it off; the ids must be those where it changes."""
    if not ids:
        return
    if connection.dialect.name == "sqlite":
        if on:  # FTS5 without contents takes further tokens of a row as they come
            sql = "INSERT INTO search_index (rowid, tokens) VALUES (?, ?)"
            connection.exec_driver_sql(sql, [(id_, token) for id_ in sorted(ids)])
        else:
            _fts_delete(connection, ((id_, token) for id_ in ids))
    else:
        change = "array_append" if on else "array_remove"
        sql = f"UPDATE search_index SET tokens = {change}(tokens, :token) WHERE id = ANY(:ids)"  # noqa: S608 - one of two names
        connection.execute(text(sql), {"token": token, "ids": list(ids)})


@contextmanager
def poured(connection: Connection, count: int) -> Iterator[str]:
    """Yield the table to post many rows to: on PostgreSQL one beside, indexed when it is full, then put in place.

    Writing 250 000 rows into a GIN index takes three times as long as making it; readers go on with the old one.
    """
    few = count < MANY
    if connection.dialect.name == "sqlite" or few or count < _standing(connection):
        yield TABLE
        return
    beside = f"{TABLE}_new"
    parts = "b" if connection.scalar(text("SELECT to_regclass('search_index_a0')")) else "a"
    made, indexes = gin(beside, parts)
    fill = f"INSERT INTO {beside} SELECT id, tokens FROM {TABLE}"  # noqa: S608 - our own names
    for sql in ("SET LOCAL maintenance_work_mem = '256MB'", *made, fill):
        connection.exec_driver_sql(sql)
    yield beside
    for sql in (
        *indexes,
        f"DROP TABLE {TABLE}",
        f"ALTER TABLE {beside} RENAME TO {TABLE}",
        f"ALTER INDEX ix_{beside}_tokens RENAME TO ix_{TABLE}_tokens",
        f"ALTER INDEX ix_{beside}_id RENAME TO ix_{TABLE}_id",
    ):
        connection.exec_driver_sql(sql)


def _standing(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(POSTINGS)) or 0


def repost(session: Session) -> int:
    """Write the whole index anew from the entries; return how many there are."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('delete-all')")
    else:
        connection.exec_driver_sql("TRUNCATE search_index")
    count = connection.scalar(select(func.count()).select_from(SearchEntry)) or 0
    columns = [getattr(SearchEntry, name) for name in COLUMNS]
    query = select(*columns).where(SearchEntry.id > bindparam("after")).order_by(SearchEntry.id).limit(BATCH)
    after = -1
    with poured(connection, count) as table:
        while rows := connection.execute(query, {"after": after}).mappings().all():
            post(connection, [dict(row) for row in rows], table=table)
            after = rows[-1]["id"]
    return count


def _array(row: Row) -> str:
    """Return an entry's tokens as the text of an array; none holds a sign that has to be quoted."""
    return "{" + ",".join(tokens_of(row)) + "}"
