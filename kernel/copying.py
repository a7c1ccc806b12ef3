"""Values as each engine keeps them, bound column by column, and PostgreSQL's COPY."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from kernel.columns import Scaled

ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def bulk_values(
    table: sa.Table, columns: Mapping[str, Sequence[Any]], dialect: sa.Dialect, *, whole: bool = False
) -> list[Iterable[Any]]:
    """Bind whole columns by their types, so that bulk paths store exactly what the ORM would.

    `whole`: decimals come as whole numbers of their column's last place (kernel.wholes).
    """
    bound: list[Iterable[Any]] = []
    for name, values in columns.items():
        kind = table.c[name].type.dialect_impl(dialect)  # else SQLite's scaled numbers go through floats
        process = kind.whole_processor(dialect) if whole and isinstance(kind, Scaled) else kind.bind_processor(dialect)
        bound.append(map(process, values) if process else values)
    return bound


def copy_rows(raw: Any, statement: str, rows: Iterator[tuple[Any, ...]], batch: int) -> None:
    """Stream rows through PostgreSQL's COPY."""
    with raw.cursor() as cursor, cursor.copy(statement) as copy:
        while chunk := list(itertools.islice(rows, batch)):
            for row in chunk:
                copy.write_row(row)


def copy_columns(
    raw: Any, statement: str, table: sa.Table, columns: Mapping[str, Sequence[Any]], *, dialect: sa.Dialect, batch: int,
    whole: bool,
) -> None:  # fmt: skip
    """Stream columns through COPY. Where decimals are whole numbers a row is written by one pattern, thrice as fast."""
    if not whole:
        copy_rows(raw, statement, zip(*bulk_values(table, columns, dialect), strict=True), batch)
        return
    marks, bound = _patterned(table, columns, dialect)
    pattern, rows = "\t".join(marks) + "\n", zip(*bound, strict=True)
    with raw.cursor() as cursor, cursor.copy(statement) as copy:
        while chunk := list(itertools.islice(rows, batch)):
            copy.write("".join([pattern % row for row in chunk]))


def _patterned(
    table: sa.Table, columns: Mapping[str, Sequence[Any]], dialect: sa.Dialect
) -> tuple[list[str], list[Iterable[Any]]]:
    """Return each column's part of a row's pattern with its values: numbers as they are, all else as COPY's text."""
    marks, values = list[str](), list[Iterable[Any]]()
    texts = bulk_values(table, columns, dialect, whole=True)
    for (name, given), text in zip(columns.items(), texts, strict=True):
        kind = table.c[name].type
        plain = isinstance(kind, Scaled | sa.Integer | sa.Boolean) and None not in given
        marks.append("%s" if not plain else f"%de-{kind.scale}" if isinstance(kind, Scaled) else "%d")
        values.append(given if plain else map(_copied, text))
    return marks, values


def _copied(value: str | int | None) -> str:
    """Write a value as COPY reads it."""
    return r"\N" if value is None else str(value).translate(ESCAPED)
