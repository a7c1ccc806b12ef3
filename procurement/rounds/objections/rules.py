"""When a reply is due. No number of days is built in: the round's own document says it."""

from __future__ import annotations

from datetime import date

from kernel.workdays import UnknownYear, add_workdays

MOST_WORKDAYS = 60


def reply_day(filed: date, workdays: int | None) -> date | None:
    """Return the last of so many working days after a day; None where nobody said how many, or the year has no table.

    >>> reply_day(date(2026, 11, 20), 5), reply_day(date(2026, 11, 20), None)
    (datetime.date(2026, 11, 27), None)
    """
    if workdays is None:
        return None
    try:
        return add_workdays(filed, workdays)
    except UnknownYear:
        return None
