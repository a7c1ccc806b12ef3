"""Ask the index: the ids of entries that have all tokens of one of several ways, best places first.

SQLite walks FTS5's lists in the order of ids and stops early. PostgreSQL's GIN knows no order: its table has a part for
each shelf (a run of ids), which are asked one after another until there are enough. So a frequent word costs no more
than a rare one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Connection, TextClause, bindparam, literal, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

from catalogue.search.rules.asking import Tokens
from catalogue.search.rules.places import BOUNDS, KIND_BITS, KINDS, TAIL

_PLAN_ONCE = text("SET LOCAL plan_cache_mode = force_generic_plan")
_KIND = f"(({{id}} >> {TAIL}) & {KIND_BITS}) IN :kinds"


def ids(
    connection: Connection, ways: Sequence[Tokens], *, kinds: Sequence[str] = (), after: int = -1, limit: int
) -> list[int]:
    """Return the ids beyond `after`, in their order, at most `limit`; of some kinds alone where any are named."""
    values: dict[str, Any] = {"after": after, "limit": limit}
    if kinds:
        values["kinds"] = [KINDS.index(kind) if kind in KINDS else -1 for kind in kinds]
    if connection.dialect.name == "sqlite":
        return list(connection.execute(_fts(bool(kinds)), {"asked": match(ways), **values}).scalars())
    values |= {f"way{number}": sorted(way) for number, way in enumerate(ways)}
    return list(connection.execute(_gin(len(ways), bool(kinds)), values).scalars())


def plan_once(connection: Connection) -> None:
    """Let PostgreSQL keep its plans until the transaction's end: a plan for all shelves costs as much as an answer."""
    if connection.dialect.name == "postgresql":
        connection.execute(_PLAN_ONCE)


@cache
def _fts(narrowed: bool) -> TextClause:
    kind = f" AND {_KIND.format(id='rowid')}" if narrowed else ""
    sql = f"SELECT rowid FROM search_index WHERE search_index MATCH :asked AND rowid > :after{kind}"  # noqa: S608 - our own names
    return _bound(f"{sql} ORDER BY rowid LIMIT :limit", narrowed)


@cache
def _gin(count: int, narrowed: bool) -> TextClause:
    # a scalar subquery hides the value from the planner, which else reads whole tables for frequent tokens
    has = " OR ".join(f"tokens @> (SELECT CAST(:way{number} AS text[]))" for number in range(count))
    kind = f" AND {_KIND.format(id='id')}" if narrowed else ""
    on_shelf = (
        f"SELECT id FROM search_index WHERE ({has}) AND id >= low AND id < high AND id > :after{kind} "  # noqa: S608 - our own names
        "ORDER BY id LIMIT :limit"
    )
    runs = zip((-1, *BOUNDS), (*BOUNDS, (1 << 63) - 1), strict=True)
    rows = ", ".join(f"(CAST({low} AS bigint), CAST({high} AS bigint))" for low, high in runs)
    shelves = f"(VALUES {rows}) AS shelf (low, high)"
    sql = f"SELECT found.id FROM {shelves} CROSS JOIN LATERAL ({on_shelf}) found LIMIT :limit"  # noqa: S608 - our own names
    return _bound(sql, narrowed)


def _bound(sql: str, narrowed: bool) -> TextClause:
    return text(sql).bindparams(bindparam("kinds", expanding=True)) if narrowed else text(sql)


def match(ways: Sequence[Tokens]) -> str:
    """Return the ways in FTS5's language; every token is quoted, and none holds a quote."""
    return " OR ".join("(" + " AND ".join(f'"{token}"' for token in sorted(way)) + ")" for way in ways)


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
    has = " OR ".join(f"tokens @> (SELECT CAST({compiler.process(way, **kw)} AS text[]))" for way in ways)
    return f"{compiler.process(entry_id, **kw)} IN (SELECT id FROM search_index WHERE {has})"  # noqa: S608 - bound values
