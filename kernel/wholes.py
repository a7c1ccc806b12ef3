"""Decimals as whole numbers of their column's last place: what a province's rows are computed with, exact and fast."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from kernel.columns import Scaled


class _Whole(FunctionElement[int]):
    inherit_cache = True
    type = sa.BigInteger()


def whole(value: Any) -> sa.ColumnElement[int]:
    """Return a decimal column, or a sum of one, as the whole number of its last place: 1.234 as 1234."""
    kind = value.type
    if not isinstance(kind, Scaled):
        raise TypeError(f"{value} is no decimal")
    return _Whole(sa.type_coerce(value, sa.BigInteger()), sa.literal_column(str(10**kind.scale)))


@compiles(_Whole, "sqlite")
def _whole_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    value, _step = element.clauses
    return str(compiler.process(value, **kw))  # SQLite keeps them so


@compiles(_Whole, "postgresql")
def _whole_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    value, step = (compiler.process(one, **kw) for one in element.clauses)
    return f"CAST(({value}) * {step} AS BIGINT)"


class _Exact(FunctionElement[Any]):
    inherit_cache = True


def exact(value: Any, kind: Scaled) -> sa.ColumnElement[Any]:
    """Return a whole number of a kind's last place as such a decimal again, to be kept: 1234 as 1.234."""
    found = _Exact(sa.type_coerce(value, sa.BigInteger()), sa.literal_column(str(10**kind.scale)))
    found.type = kind
    return found


@compiles(_Exact, "sqlite")
def _exact_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    value, _step = element.clauses
    return str(compiler.process(value, **kw))


@compiles(_Exact, "postgresql")
def _exact_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    value, step = (compiler.process(one, **kw) for one in element.clauses)
    return f"CAST(({value}) AS NUMERIC) / {step}"
