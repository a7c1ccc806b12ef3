"""Half-open periods of days: `start` belongs to it, `end` does not; no end means it still runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `start` up to but not including `end`.

    >>> Period(date(2026, 1, 1), date(2027, 1, 1)).days
    365
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"empty period {self.start}..{self.end}")

    @property
    def days(self) -> int | None:
        """Length in days, None while the period is open."""
        return (self.end - self.start).days if self.end else None

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: Period) -> bool:
        """Say whether the two share a day."""
        return (self.end is None or other.start < self.end) and (other.end is None or self.start < other.end)

    def elapsed(self, day: date) -> int:
        """Count the days that are over on the morning of `day`."""
        last = min(day, self.end) if self.end else day
        return max(0, (last - self.start).days)


def years(start: date, count: int) -> Period:
    """Return `count` years from `start`; 29 February ends on 1 March.

    >>> years(date(2024, 2, 29), 1).end
    datetime.date(2025, 3, 1)
    """
    try:
        end = start.replace(year=start.year + count)
    except ValueError:
        end = date(start.year + count, 3, 1)
    return Period(start, end)


def last_day(period: Period) -> date | None:
    """Return the last day that belongs to the period, as documents print it."""
    return period.end - timedelta(days=1) if period.end else None


def months_after(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day; no later than there are days.

    >>> months_after(date(2024, 2, 29), 12)
    datetime.date(2025, 2, 28)
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if year > date.max.year:
        return date.max
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError(day)


def midnight(day: date) -> datetime:
    """Return the instant at which a Beijing day begins, in UTC.

    >>> midnight(date(2026, 11, 30)).isoformat()
    '2026-11-29T16:00:00+00:00'
    """
    return datetime.combine(day, time(), BEIJING).astimezone(UTC)


def last_second(day: date) -> datetime:
    """Return the last second of a Beijing day, as deadlines print it: from then on nothing is taken.

    >>> last_second(date(2026, 11, 30)).isoformat()
    '2026-11-30T15:59:59+00:00'
    """
    return midnight(day) + timedelta(days=1, seconds=-1)


def read_day(written: str) -> date | None:
    """Return a day as forms and addresses carry it; None where it is none, or of no year from 1900 to 2099.

    >>> read_day("2026-11-30"), read_day("2026-02-30"), read_day("0001-01-01"), read_day("")
    (datetime.date(2026, 11, 30), None, None, None)
    """
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return None
    return found if 1900 <= found.year < 2100 else None


def month_of(day: date, later: int = 0) -> date:
    """Return the first day of the month that lies so many months after a day's own.

    >>> month_of(date(2026, 11, 30)), month_of(date(2026, 11, 30), 2), month_of(date(2026, 1, 31), -1)
    (datetime.date(2026, 11, 1), datetime.date(2027, 1, 1), datetime.date(2025, 12, 1))
    """
    return months_after(day.replace(day=1), later)


def months(span: Period) -> list[date]:
    """Return the first days of a closed period's months.

    >>> len(months(Period(date(2026, 1, 1), date(2027, 1, 1))))
    12
    """
    found = [month_of(span.start)]
    while span.end and (following := month_of(found[-1], 1)) < span.end:
        found.append(following)
    return found
