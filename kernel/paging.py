"""A page of a long list, and how far such a list can be turned over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session

WINDOW = 10_000
"""Rows of a very long list that can be turned over: nobody reads on, and a page far behind costs what it skips."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `number` starts at 1. Where `exact` is not said, there are `total` rows at least."""

    rows: list[Any]
    total: int
    number: int
    size: int
    exact: bool = True
    window: int | None = None

    @property
    def last(self) -> int:
        """Return the number of the last page that can be turned to."""
        reach = self.total if self.window is None else min(self.total, self.window)
        return max(1, -(-reach // self.size))

    @property
    def first_row(self) -> int:
        """Return the place of the page's first row in the list."""
        return (self.number - 1) * self.size + 1

    @property
    def last_row(self) -> int:
        """Return the place of the page's last row in the list."""
        return (self.number - 1) * self.size + len(self.rows)

    @property
    def counted(self) -> str:
        """Return how many rows there are, with a + where there are more."""
        return f"{self.total:,}" if self.exact else f"{self.total - 1:,}+"

    @property
    def cut(self) -> bool:
        """Say whether there are rows that can't be turned to."""
        return self.number == self.last and (self.total > self.last * self.size or not self.exact)


def turned(
    session: Session, query: Select[Any], *, number: int, size: int = 50, total: int | None = None,
    window: int | None = None,
) -> Page:  # fmt: skip
    """Run a query for one page of it. Who knows the `total` gives it: counting reads every row."""
    if total is None:
        total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    page = Page([], total, 1, size, window=window)
    number = min(max(1, number), page.last)
    rows = session.scalars(query.limit(size).offset((number - 1) * size)).unique().all()
    return Page(list(rows), total, number, size, window=window)


def windowed(session: Session, query: Select[Any], *, number: int, size: int = 50) -> Page:
    """Run a query for one page of a very long list: it is counted no further than it can be turned over."""
    some = query.order_by(None).with_only_columns(literal(1).label("one")).limit(WINDOW + 1).subquery()
    total = session.scalar(select(func.count()).select_from(some)) or 0
    page = turned(session, query, number=number, size=size, total=total, window=WINDOW)
    return replace(page, exact=total <= WINDOW)
