"""Many rows named or changed by one statement, whose text is the same for any number of them."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from kernel.copying import bulk_values


class _Many(sa.TypeDecorator[list[Any]]):
    """Values bound as one parameter: an array on PostgreSQL, JSON on SQLite."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, item: Any) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        return dialect.type_descriptor(sa.Text() if dialect.name == "sqlite" else sa.ARRAY(self.item))

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        return json.dumps(value) if dialect.name == "sqlite" else value


class _Among(FunctionElement[bool]):
    inherit_cache = True
    type = sa.Boolean()


def among(column: Any, values: Iterable[int] | Iterable[str]) -> sa.ColumnElement[bool]:
    """Say whether a column of whole numbers or of text is one of the values: planned once, however many they are."""
    listed = list(values)
    if not listed:
        return sa.false()
    kind = sa.Text if isinstance(listed[0], str) else sa.BigInteger
    return _Among(column, sa.literal(listed, _Many(kind)))


@compiles(_Among, "sqlite")
def _among_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    column, many = (compiler.process(one, **kw) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({many}))"  # noqa: S608 - a bound value


@compiles(_Among, "postgresql")
def _among_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    column, many = (compiler.process(one, **kw) for one in element.clauses)
    return f"{column} = ANY ({many})"


class _Unsought(FunctionElement[Any]):
    inherit_cache = True


def unsought(column: Any) -> sa.ColumnElement[Any]:
    """Give a column's value where SQLite shall not look its rows up by it.

    Without statistics it holds every index for as narrow as any other, that of a region for one of a product.
    """
    return sa.type_coerce(_Unsought(column), column.type)


@compiles(_Unsought, "sqlite")
def _unsought_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"+{compiler.process(element.clauses, **kw)}"


@compiles(_Unsought, "postgresql")
def _unsought_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return str(compiler.process(element.clauses, **kw))


def put(
    session: Session, table: sa.Table, *, key: Sequence[str], rows: Sequence[Mapping[str, Any]],
    adding: Sequence[str] = (),
) -> None:  # fmt: skip
    """Insert rows; where one stands under its key already, add to those columns of it, or leave it as it is.

    Who does so at once with others gives the rows in the order of their keys, so that writers wait and never block.
    """
    if not rows:
        return
    insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(table)
    added = {name: table.c[name] + statement.excluded[name] for name in adding}
    if added:
        statement = statement.on_conflict_do_update(index_elements=list(key), set_=added)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=list(key))
    session.connection().execute(statement, list(rows))


def forget(
    session: Session, model: type[Any], ids: Container[int] | None = None, columns: Sequence[str] | None = None
) -> None:
    """Read anew, when they are next asked for, the rows of a table that were written beside the session."""
    for held in list(session.identity_map.values()):
        if isinstance(held, model) and (ids is None or sa.inspect(held).identity[0] in ids):
            session.expire(held, columns)


def add(
    session: Session, table: sa.Table, *, ids: Sequence[int], more: Mapping[str, Sequence[Any]],
    within: Mapping[str, str] | None = None, whole: bool = False,
) -> int:  # fmt: skip
    """Add to columns of the rows of those ids; return how many rows were changed. An id must not stand twice.

    `within` names for a column the one it may not come to more than: a row whose sum would, or would come to less
    than nothing, stays as it is and is not counted. Who adds at once with others locks the rows first, in one order.
    `whole` is that of `kernel.copying.bulk_values`.
    """
    connection = session.connection()
    columns = {"id": ids, **more}
    lite = connection.dialect.name == "sqlite"
    quote = connection.dialect.identifier_preparer.quote
    target = quote(table.name)
    given = {name: f"?{place}" if lite else f"given.{quote(name)}" for place, name in enumerate(columns, 1)}
    sums = {name: f"{target}.{quote(name)} + {given[name]}" for name in more}
    sets = ", ".join(f"{quote(name)} = {one}" for name, one in sums.items())
    checks = [f"{sums[name]} between 0 and {target}.{quote(most)}" for name, most in (within or {}).items()]
    where = " and ".join([f"{target}.id = {given['id']}", *checks])
    bound = bulk_values(table, columns, connection.dialect, whole=whole)
    if lite:
        raw: Any = connection.connection.driver_connection
        statement = f"update {target} set {sets} where {where}"  # noqa: S608 - names come from our own metadata
        return int(raw.executemany(statement, zip(*bound, strict=True)).rowcount)
    kinds = ", ".join(f"%s::{table.c[name].type.compile(connection.dialect)}[]" for name in columns)
    names = ", ".join(quote(name) for name in columns)
    statement = f"update {target} set {sets} from unnest({kinds}) as given ({names}) where {where}"  # noqa: S608 - as above
    return int(connection.exec_driver_sql(statement, tuple(list(one) for one in bound)).rowcount)


def learn(session: Session, *tables: sa.Table) -> None:
    """Let PostgreSQL learn how much a bulk has written: until it looks by itself it plans as if nothing were there."""
    if session.get_bind().dialect.name == "postgresql":
        for table in tables:
            session.execute(sa.text(f'analyze "{table.name}"'))
