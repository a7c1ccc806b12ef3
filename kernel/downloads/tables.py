"""A page's list as a table: one query, read as the table is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from kernel.sheets import Sheet, Value

STRIDE = 2_000


def rows_of(
    session: Session, name: str, headers: Sequence[str], query: Select[Any], row: Callable[[Any], Sequence[Value]],
    *, widths: Mapping[str, int] | None = None,
) -> Sheet:  # fmt: skip
    """Return what a query finds, a row each."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    found = session.scalars(query.execution_options(yield_per=STRIDE)) if total else ()
    return Sheet(name, tuple(headers), map(row, found), widths=dict(widths or {}), total=total)


def of_query(session: Session, name: str, query: Select[Any], columns: Mapping[str, Callable[[Any], Value]]) -> Sheet:
    """Return what a query finds; `columns` maps headers to what they hold of a row."""
    cells = tuple(columns.values())
    return rows_of(session, name, tuple(columns), query, lambda found: tuple(cell(found) for cell in cells))
