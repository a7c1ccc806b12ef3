"""The one reader of the clock. Instants are aware and in UTC; policy dates are Beijing dates."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel.periods import BEIJING

_shift: ContextVar[timedelta] = ContextVar("clock_shift", default=timedelta(0))


def now() -> datetime:
    """Return this machine's instant, in UTC."""
    return datetime.now(UTC) + _shift.get()


def after_lock(session: Session) -> datetime:
    """Return the database's instant. Call it after the row that guards a deadline is locked, never before.

    Clocks of several servers differ, and a clock read before the lock lets a late one through.
    """
    if session.get_bind().dialect.name == "sqlite":
        read = session.execute(text("select strftime('%Y-%m-%dT%H:%M:%f', 'now')")).scalar_one()
        instant = datetime.fromisoformat(read).replace(tzinfo=UTC)
    else:
        instant = session.execute(text("select clock_timestamp()")).scalar_one().astimezone(UTC)
    return instant + _shift.get()


def beijing(instant: datetime) -> datetime:
    """Return the instant as Beijing shows it."""
    return instant.astimezone(BEIJING)


def today(instant: datetime) -> date:
    """Return the Beijing date of an instant."""
    return beijing(instant).date()


def from_beijing(wall: datetime) -> datetime:
    """Return the UTC instant of a naive Beijing wall time."""
    return wall.replace(tzinfo=BEIJING).astimezone(UTC)


def read_beijing(written: str) -> datetime | None:
    """Return the instant of a Beijing wall time as forms carry it; None where it is none of this century.

    >>> read_beijing("2026-11-20T17:00"), read_beijing("2026-11-20"), read_beijing("0001-01-01T00:00")
    (datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.timezone.utc), None, None)
    """
    try:
        wall = datetime.fromisoformat(written)
    except ValueError:
        return None
    whole = len(written) >= len("2026-01-01T00:00") and wall.tzinfo is None
    return from_beijing(wall) if whole and 2000 <= wall.year < 2100 else None


@contextmanager
def travel(*, to: datetime) -> Iterator[None]:
    """Shift the clock of this context, for tests and for building the demo's past."""
    token = _shift.set(to - datetime.now(UTC))
    try:
        yield
    finally:
        _shift.reset(token)
