"""Find records by name, pinyin, initials, maker, approval number or a piece of a code.

The one place that knows how entries are matched: an index for hundreds of thousands of rows replaces its body.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from catalogue.search.models import SearchEntry
from catalogue.search.rules import words


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found."""

    kind: str
    subject_id: int
    title: str
    detail: str


def search(session: Session, text: str, *, kind: str | Sequence[str] | None = None, limit: int = 20) -> list[Hit]:
    """Return the best matches for what was typed: whole names first, then beginnings, then pieces."""
    asked = words(text)
    if not asked:
        return []
    query = select(SearchEntry).where(*(SearchEntry.haystack.contains(word, autoescape=True) for word in asked))
    if kind is not None:
        query = query.where(SearchEntry.kind.in_([kind] if isinstance(kind, str) else list(kind)))
    query = query.order_by(_distance(asked[0]), func.length(SearchEntry.title), SearchEntry.title, SearchEntry.id)
    found = session.scalars(query.limit(limit))
    return [Hit(entry.kind, entry.subject_id, entry.title, entry.detail) for entry in found]


def matching_ids(text: str, *, kind: str) -> Select[int] | None:
    """Return the ids that match, to filter a list by; None where nothing was typed."""
    asked = words(text)
    if not asked:
        return None
    return select(SearchEntry.subject_id).where(
        SearchEntry.kind == kind, *(SearchEntry.haystack.contains(word, autoescape=True) for word in asked)
    )


def _distance(word: str) -> ColumnElement[int]:
    return case(
        (SearchEntry.haystack.contains(f"\n{word}\n", autoescape=True), 0),
        (SearchEntry.haystack.contains(f"\n{word}", autoescape=True), 1),
        else_=2,
    )
