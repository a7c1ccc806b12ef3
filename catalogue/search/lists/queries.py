"""A page of a list that is narrowed by text and filters: what fits best comes first, at any length of the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.search.models import SearchEntry
from catalogue.search.queries import search
from catalogue.search.rules.tokens import Filters
from kernel.paging import Page

MOST = 1_000
"""Hits that can be turned over; who wants more of them narrows the search or exports the list."""


def page(
    session: Session, mapped: Any, text: str, *, kind: str, filters: Filters, number: int, size: int = 50,
    options: Sequence[Any] = (),
) -> Page:  # fmt: skip
    """Return a page of the records of `mapped` that are found."""
    number = min(max(1, number), MOST // size)
    hits = search(session, text, kind=kind, filters=filters, limit=number * size + 1)
    number = min(number, max(1, -(-len(hits) // size)))
    ids = [hit.subject_id for hit in hits[(number - 1) * size : number * size]]
    query = select(mapped).where(mapped.id.in_(ids)).options(*options)
    rows = {row.id: row for row in session.scalars(query).unique()}
    more = len(hits) > number * size
    return Page([rows[id_] for id_ in ids if id_ in rows], len(hits), number, size, exact=not more, window=MOST)


def behind(session: Session, mapped: Any, *, kind: str) -> bool:
    """Say whether records that were just written can't be found yet: a job makes them findable."""
    stale = select(SearchEntry.id).where(SearchEntry.stale, SearchEntry.kind == kind).limit(1)
    if session.scalar(stale) is not None:
        return True
    newest = session.scalar(select(func.max(mapped.id)))
    entry = select(SearchEntry.id).where(SearchEntry.kind == kind, SearchEntry.subject_id == newest)
    return newest is not None and session.scalar(entry) is None
