"""Column types that keep what they are given, on both engines, or refuse it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Dialect, Numeric, String, Text, TypeDecorator
from sqlalchemy import types as sqltypes

from kernel.money import places


class Scaled(TypeDecorator[Decimal]):
    """A decimal of fixed scale: NUMERIC on PostgreSQL, scaled integer on SQLite. More decimals are refused."""

    impl = Numeric
    cache_ok = True
    scale = 0
    precision = 18

    def __init__(self) -> None:
        super().__init__(self.precision, self.scale)
        self.step = Decimal(1).scaleb(-self.scale)

    def load_dialect_impl(self, dialect: Dialect) -> sqltypes.TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(self.precision, self.scale))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        if not isinstance(value, Decimal):
            if isinstance(value, bool) or not isinstance(value, int):
                raise TypeError(f"{value!r} is not a Decimal")
            value = Decimal(value)
        fits = value.same_quantum(self.step)  # quick, and nearly always so
        if not fits and (not value.is_finite() or places(value) > self.scale):
            raise ValueError(f"{value} has more than {self.scale} decimals")
        return int(value.scaleb(self.scale)) if dialect.name == "sqlite" else value

    def whole_processor(self, dialect: Dialect) -> Callable[[int | None], Any] | None:
        """Return what binds whole numbers of the last place: SQLite keeps them so, PostgreSQL reads 1234e-3."""
        if dialect.name == "sqlite":
            return None
        return lambda value: None if value is None else f"{value}e-{self.scale}"

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return Decimal(int(value)).scaleb(-self.scale)
        return Decimal(value).quantize(self.step)


class Price(Scaled):
    """Yuan per tablet, vial or pack, 4 decimals."""

    cache_ok = True
    scale = 4


class Amount(Scaled):
    """Yuan, 2 decimals."""

    cache_ok = True
    scale = 2


class Ratio(Scaled):
    """A share or factor, 6 decimals."""

    cache_ok = True
    scale = 6


class Quantity(Scaled):
    """Tablets, vials or other smallest units, 3 decimals."""

    cache_ok = True
    scale = 3


class Figure(Scaled):
    """A figure of official statistics, 4 decimals: a province's product in yuan as well as a share."""

    cache_ok = True
    scale = 4
    precision = 24


class Moment(TypeDecorator[datetime]):
    """An aware instant: timestamptz on PostgreSQL, UTC text of fixed width (so that it sorts) on SQLite."""

    impl = sqltypes.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sqltypes.TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(sqltypes.DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        utc = value.astimezone(UTC)
        return utc.strftime("%Y-%m-%dT%H:%M:%S.%f") if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        moment: datetime = value
        return moment.astimezone(UTC)


class Code(TypeDecorator[StrEnum]):
    """A StrEnum stored by value."""

    impl = String
    cache_ok = True

    def __init__(self, enum: type[StrEnum]) -> None:
        super().__init__(40)
        self.enum = enum

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.enum(value)


class Json(TypeDecorator[Any]):
    """Plain data as canonical JSON text: the same on both engines, and hashable. Decimals go in as text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else canonical(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def canonical(value: Any) -> str:
    """Write JSON that has one form only: sorted keys, no spaces, decimals and moments as text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_json_text)


def _json_text(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


class Factor(Scaled):
    """A price or volume factor, 12 decimals: powers of 1.7 never end, and the comparable price keeps 4."""

    cache_ok = True
    scale = 12
    precision = 24
