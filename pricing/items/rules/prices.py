"""What a new price does to the one before it.

Source: rules/service_prices.md, "Items": a price per item × hospital grade × pricing region, valid for a period. One
period ends on the day on which the next begins, so that every day from the first on has exactly one price, until
somebody ends the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from kernel.money import places
from pricing.items.flow import PriceGrade

MOST = Decimal(10) ** 8
"""Yuan; what is dearer is a slip of the pen."""
GRADE_WORDS = {PriceGrade.THIRD: "三级", PriceGrade.SECOND: "二级", PriceGrade.FIRST: "一级及以下"}
"""Grades as price tables name them."""
Key = tuple[int, str, str, int]
"""Item, region and grade; or item and hospital."""


def grade_of(written: str) -> PriceGrade:
    """Return the grade whose prices a hospital charges; one without a grade charges those of the lowest.

    >>> grade_of("三级甲等").value, grade_of("二级乙等").value, grade_of("未定级").value
    ('third', 'second', 'first')
    """
    return {"三": PriceGrade.THIRD, "二": PriceGrade.SECOND}.get(written.strip()[:1], PriceGrade.FIRST)


@dataclass(frozen=True, slots=True)
class NewPrice:
    """A price to set, in yuan per unit of the item; with a hospital it is that hospital's own."""

    item_id: int
    region_code: str
    grade: PriceGrade
    price: Decimal
    hospital_id: int | None = None

    @property
    def key(self) -> Key:
        """Return what has one running price only."""
        return key(self.item_id, self.region_code, self.grade, self.hospital_id)


def key(item_id: int, region_code: str, grade: PriceGrade, hospital_id: int | None) -> Key:
    """Return the key of a price; a hospital's own follows it when its grade or its region's name changes.

    >>> key(1, "320000", PriceGrade.THIRD, None), key(1, "320000", PriceGrade.THIRD, 7)
    ((1, '320000', 'third', 0), (1, '', '', 7))
    """
    return (item_id, region_code, grade.value, 0) if hospital_id is None else (item_id, "", "", hospital_id)


@dataclass(frozen=True, slots=True)
class Standing:
    """The last period of a key."""

    id: int
    price: Decimal
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a price can't be set: the field it is about, a code and its facts."""

    field: str
    code: str
    facts: Mapping[str, Any]


class Change(Enum):
    """What a new price does: nothing, begins a line, follows the last, or takes the place of one that never held."""

    KEEP = "keep"
    CREATE = "create"
    FOLLOW = "follow"
    REPLACE = "replace"


def faults(new: NewPrice, last: Standing | None, *, starts_on: date, today: date) -> Iterator[Fault]:
    """Return what is wrong with a price that is to begin on a day.

    >>> last = Standing(1, Decimal(5), date(2026, 3, 1), None)
    >>> new = NewPrice(1, "320000", PriceGrade.THIRD, Decimal(6))
    >>> [one.code for one in faults(new, last, starts_on=date(2026, 3, 1), today=date(2026, 4, 1))]
    ['service-price-early']
    """
    if not new.price.is_finite() or not 0 <= new.price < MOST or places(new.price) > 4:
        yield Fault("price", "service-price-bad", {"price": new.price})
    if last is None or change(new, last, starts_on=starts_on) is Change.KEEP:
        return
    begun = last.starts_on <= today
    if starts_on < last.starts_on or (starts_on == last.starts_on and begun):
        yield Fault("price", "service-price-early", {"starts": last.starts_on, "price": last.price})


def change(new: NewPrice, last: Standing | None, *, starts_on: date) -> Change:
    """Say what a price without faults does to the last period of its key.

    >>> last = Standing(1, Decimal(5), date(2026, 3, 1), None)
    >>> change(NewPrice(1, "320000", PriceGrade.THIRD, Decimal("5.00")), last, starts_on=date(2027, 1, 1))
    <Change.KEEP: 'keep'>
    """
    if last is None or (last.ends_on is not None and last.ends_on <= starts_on):
        return Change.CREATE
    if last.price == new.price and last.ends_on is None and starts_on >= last.starts_on:
        return Change.KEEP
    return Change.REPLACE if starts_on == last.starts_on else Change.FOLLOW
