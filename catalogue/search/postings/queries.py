"""Ask the index: the ids of entries that have all tokens of one of several ways, best places first.

SQLite walks FTS5's lists in the order of ids and stops early. PostgreSQL's GIN knows no order: it is asked shelf by
shelf (a shelf's number is a token too) until there are enough, so that a frequent word costs no more than a rare one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Boolean, Connection, literal, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

from catalogue.search.rules.asking import Tokens
from catalogue.search.rules.places import SHELVES, shelf

_FTS = text(
    "SELECT rowid FROM search_index WHERE search_index MATCH :asked AND rowid > :after ORDER BY rowid LIMIT :limit"
)


def ids(connection: Connection, ways: Sequence[Tokens], *, after: int, limit: int) -> list[int]:
    """Return the ids beyond `after`, in their order, at most `limit`."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(_FTS, {"asked": match(ways), "after": after, "limit": limit})
    else:
        shelves = [f"#{number}" for number in SHELVES if after < 0 or number >= shelf(after)]
        arrays = {f"way{number}": sorted(way) for number, way in enumerate(ways)}
        values = {"shelves": shelves, "after": after, "limit": limit, **arrays}
        found = connection.execute(text(_gin(len(ways))), values)
    return sorted(found.scalars())


def match(ways: Sequence[Tokens]) -> str:
    """Return the ways in FTS5's language; every token is quoted, and none holds a quote."""
    return " OR ".join("(" + " AND ".join(f'"{token}"' for token in sorted(way)) + ")" for way in ways)


def _gin(count: int) -> str:
    """Return the walk along the shelves. `id + 0` keeps PostgreSQL from walking the primary key instead."""
    has = " OR ".join(f"tokens @> (CAST(:way{number} AS text[]) || shelf)" for number in range(count))
    return (
        "SELECT id FROM unnest(CAST(:shelves AS text[])) shelf CROSS JOIN LATERAL ("  # noqa: S608 - numbers alone
        f"SELECT id FROM search_index WHERE ({has}) AND id + 0 > :after ORDER BY id + 0 LIMIT :limit) found "
        "LIMIT :limit"
    )


class Posted(FunctionElement[bool]):
    """Whether the entry of an id is in the index under one of several ways; for the filters of lists."""

    inherit_cache = True
    type = Boolean()


def posted(entry_id: ColumnElement[int], ways: Sequence[Tokens]) -> ColumnElement[bool]:
    """Return the condition, for either database."""
    return Posted(entry_id, literal(match(ways)), *(literal("{" + ",".join(sorted(way)) + "}") for way in ways))


@compiles(Posted, "sqlite")
def _posted_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    entry_id, asked, *_ = element.clauses
    inside = f"SELECT rowid FROM search_index WHERE search_index MATCH {compiler.process(asked, **kw)}"  # noqa: S608 - a bound value
    return f"{compiler.process(entry_id, **kw)} IN ({inside})"


@compiles(Posted, "postgresql")
def _posted_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    entry_id, _, *ways = element.clauses
    # a scalar subquery hides the value from the planner, which else reads whole tables for frequent tokens
    has = " OR ".join(f"tokens @> (SELECT CAST({compiler.process(way, **kw)} AS text[]))" for way in ways)
    return f"{compiler.process(entry_id, **kw)} IN (SELECT id FROM search_index WHERE {has})"  # noqa: S608 - bound values
