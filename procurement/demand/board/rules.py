"""What the board counts: reports by region and by day. Pure sums over facts; definitions are the docstrings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from procurement.demand.flow import ReportState, closes_at

HANDED_IN = (ReportState.SUBMITTED, ReportState.ACCEPTED)
MOST_DAYS = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """A report of the board, without its organisation: None as state has not begun."""

    region: str
    state: ReportState | None
    due_at: datetime | None = None
    submitted_at: datetime | None = None
    odd: int = 0


def late(each: Standing, deadline: datetime, at: datetime) -> bool:
    """Say whether a report is late: handed in after the collection's deadline, or not at all when its time is up.

    >>> from datetime import UTC
    >>> end = datetime(2026, 12, 1, tzinfo=UTC)
    >>> late(Standing("", None), end, end), late(Standing("", ReportState.DRAFT, end + timedelta(1)), end, end)
    (True, False)
    """
    if each.state in HANDED_IN:
        return each.submitted_at is not None and each.submitted_at >= deadline
    return at >= closes_at(deadline, each.due_at)


@dataclass(frozen=True, slots=True)
class RegionCount:
    """How the reports of a region stand."""

    region: str
    accepted: int
    submitted: int
    returned: int
    open: int
    late: int
    odd: int

    @property
    def total(self) -> int:
        """Return how many are asked or joined."""
        return self.accepted + self.submitted + self.returned + self.open


def by_region(rows: Iterable[Standing], deadline: datetime, at: datetime) -> list[RegionCount]:
    """Count the reports of each region, the least complete first; `odd` counts reports with anything odd."""
    groups: dict[str, list[Standing]] = {}
    for row in rows:
        groups.setdefault(row.region, []).append(row)
    found = [_counted(region, group, deadline, at) for region, group in groups.items()]
    return sorted(found, key=lambda each: (-(each.open + each.returned) / each.total, each.region))


def _counted(region: str, group: Sequence[Standing], deadline: datetime, at: datetime) -> RegionCount:
    states = Counter(row.state for row in group)
    return RegionCount(
        region, states[ReportState.ACCEPTED], states[ReportState.SUBMITTED], states[ReportState.RETURNED],
        states[None] + states[ReportState.DRAFT], sum(late(row, deadline, at) for row in group),
        sum(row.odd > 0 for row in group),
    )  # fmt: skip


def by_day(
    handed_in: Sequence[date], accepted: Sequence[date], first: date, last: date, today: date
) -> list[tuple[date, int | None, int | None]]:
    """Return day by day how many were handed in and accepted so far; days to come have none. At most 60 days.

    >>> day = date(2026, 11, 1)
    >>> by_day([day, day], [], day, day + timedelta(1), day)
    [(datetime.date(2026, 11, 1), 2, 0), (datetime.date(2026, 11, 2), None, None)]
    """
    first = max(first, last - timedelta(days=MOST_DAYS - 1))
    days = [first + timedelta(days=step) for step in range(max(0, (last - first).days) + 1)]
    return [
        (day, sum(each <= day for each in handed_in), sum(each <= day for each in accepted))
        if day <= today
        else (day, None, None)
        for day in days
    ]
