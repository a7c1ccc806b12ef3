"""How far a region's listed price is from what the nation pays, where a rise began, and until when to answer.

Source: governance.md "Labels" (four-same, linkage, "find the province where a rise started"). The national monitored
price of a group is the lowest, the median and the lowest valid provincial one of the prices that count on the day,
yuan per minimum unit. Prices are compared with those of the same kind of listing only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from kernel.errors import DomainError
from kernel.money import round_price, round_ratio, working
from kernel.periods import months_after

_SPAN = re.compile(r"(\d{1,4}) (day|month)s?", re.ASCII)
Series = Sequence[tuple[date, Decimal]]
"""Prices of one product in one region with their first days, oldest first."""


class BadSpan(DomainError):
    """A parameter is no span of days or months; `value` is what was written."""

    code = "bad-span"


@dataclass(frozen=True, slots=True)
class National:
    """The national monitored price of a group, yuan per unit; `provinces` are the prices that count for it."""

    least: Decimal
    median: Decimal
    lowest: Decimal
    provinces: int


@dataclass(frozen=True, slots=True)
class Rise:
    """A rise of a price in a region."""

    region: str
    day: date
    before: Decimal
    after: Decimal


def is_provincial(region: str) -> bool:
    """Say whether a region's price is a provincial one.

    >>> is_provincial("980000"), is_provincial("980100")
    (True, False)
    """
    return region[2:] == "0000"


def national(prices: Iterable[tuple[str, Decimal]]) -> National | None:
    """Return what (region, price) come to; the median of an even count is the middle two's mean, half-up.

    >>> str(national([("110000", Decimal(1)), ("120000", Decimal(4)), ("130100", Decimal("0.5"))]).median)
    '2.5000'
    """
    held = list(prices)
    provincial = sorted(price for region, price in held if is_provincial(region))
    if not provincial:
        return None
    count = len(provincial)
    with working():
        median = round_price((provincial[(count - 1) // 2] + provincial[count // 2]) / 2)
    return National(min(price for _region, price in held), median, provincial[0], count)


def ratio(price: Decimal, lowest: Decimal) -> Decimal:
    """Return how many times the lowest provincial price a price is, 6 decimals.

    >>> str(ratio(Decimal(2), Decimal(3)))
    '0.666667'
    """
    with working():
        return round_ratio(price / lowest)


def is_outlier(price: Decimal, median: Decimal, times: Decimal) -> bool:
    """Say whether a price is at or above so many times the median.

    >>> is_outlier(Decimal("1.8"), Decimal(1), Decimal("1.8")), is_outlier(Decimal("1.7999"), Decimal(1), Decimal(2))
    (True, False)
    """
    with working():
        return price >= median * times


def rises(series: Mapping[tuple[str, object], Series]) -> list[Rise]:
    """Return the rises that still stand, the earliest first: of each product and region the last change, if it is one.

    Where it began are the regions of the first day.
    """
    found = []
    for (region, _product), held in series.items():
        steps = [(day, old, new) for (_then, old), (day, new) in pairwise(held) if old != new]
        if steps and steps[-1][2] > steps[-1][1]:
            day, old, new = steps[-1]
            found.append(Rise(region, day, old, new))
    return sorted(found, key=lambda rise: (rise.day, rise.region, rise.after))


def began(found: Sequence[Rise]) -> list[Rise]:
    """Return the rises of the first day.

    >>> days = ("11", date(2026, 1, 1)), ("12", date(2026, 2, 1))
    >>> [rise.region for rise in began([Rise(region, day, Decimal(1), Decimal(2)) for region, day in days])]
    ['11']
    """
    return [rise for rise in found if rise.day == found[0].day]


def last_day(given: date, span: str) -> date:
    """Return the last day to answer of a span such as "30 days" or "1 month"; raises BadSpan.

    >>> last_day(date(2026, 1, 31), "1 month").isoformat(), last_day(date(2026, 1, 31), "30 days").isoformat()
    ('2026-02-28', '2026-03-02')
    """
    count, unit = read_span(span)
    return given + timedelta(days=count) if unit == "day" else months_after(given, count)


def read_span(span: str) -> tuple[int, str]:
    """Return how many of which unit, "day" or "month"; raises BadSpan.

    >>> read_span("1 month")
    (1, 'month')
    """
    read = _SPAN.fullmatch(span)
    if read is None:
        raise BadSpan(value=span)
    return int(read[1]), read[2]
