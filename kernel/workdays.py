"""Working days of mainland China, with the yearly shifted weekends, from a maintained holiday table."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

from kernel.errors import DomainError


class UnknownYear(DomainError):
    """The State Council's holiday notice for that year is not in the holiday table yet."""

    code = "holidays-unknown"


def is_workday(day: date) -> bool:
    """Say whether people work on `day`.

    >>> is_workday(date(2025, 10, 1)), is_workday(date(2025, 9, 28))
    (False, True)
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        raise UnknownYear(year=day.year) from None


def add_workdays(day: date, count: int) -> date:
    """Return the `count`-th working day after `day`; the day itself is not counted."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day
