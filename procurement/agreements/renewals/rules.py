"""Which agreement year follows (award.md §5: agreements are yearly, within the award's period)."""

from __future__ import annotations

from datetime import date, timedelta

from kernel.periods import Period, years

AHEAD = timedelta(days=90)
"""How long before its end an agreement can be renewed; our own choice."""


def following(period: object, year: int, ends: date) -> Period | None:
    """Return the days of the next agreement year, None where the award's period is over.

    `period` is a number of years, or the last day as text.

    >>> following(2, 1, date(2027, 1, 1)).end, following(2, 2, date(2028, 1, 1)), following(None, 1, date(2027, 1, 1))
    (datetime.date(2028, 1, 1), None, None)
    >>> following("2027-06-30", 1, date(2027, 1, 1)).end, following("2026-12-31", 1, date(2027, 1, 1))
    (datetime.date(2027, 7, 1), None)
    """
    whole = years(ends, 1)
    if isinstance(period, str):
        last = date.fromisoformat(period)
        if last < ends:
            return None
        return Period(ends, min(whole.end or last, last + timedelta(days=1)))
    return whole if isinstance(period, int) and year < period else None
