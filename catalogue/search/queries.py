"""Find records by name, pinyin, initials, maker, approval number or a piece of a code.

Candidates come from the index in the order of their places; each is checked against what was typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from catalogue.search.models import ENTRIES, SearchEntry
from catalogue.search.postings.queries import ids, posted
from catalogue.search.rules.asking import INSIDE, TIERS, holds, is_sound, sound, tier, ways, words
from catalogue.search.rules.tokens import Filters

_SHOWN = (
    ENTRIES.c.id,
    *(ENTRIES.c[n] for n in ("kind", "subject_id", "title", "detail", "facts", "haystack", "sounds")),
)
NO_FILTERS = Filters()
Kinds = str | Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found. `after` continues the search behind it."""

    kind: str
    subject_id: int
    title: str
    detail: str
    facts: dict[str, Any]
    after: str


def search(
    session: Session, text: str, *, kind: Kinds = None, filters: Filters = NO_FILTERS, limit: int = 20, after: str = ""
) -> list[Hit]:
    """Return the best matches for what was typed: whole names first, then beginnings, then pieces.

    Within these, shorter titles come first, then by pinyin (rules.places). Filters alone list what they leave.
    """
    asked = words(text)
    if not asked and (text.strip() or filters == NO_FILTERS):
        return []
    facets = filters.ways(_kinds(kind))
    begins, behind = _cursor(after)
    batch = max(64, 2 * limit)
    if asked and not after:
        found = ids(session.connection(), ways(asked, facets, INSIDE), after=-1, limit=batch)
        if len(found) < batch:  # these are all: rank them here
            ranked = sorted(_checked(session, found, asked), key=lambda pair: pair[0])
            return [hit for _, hit in ranked[:limit]]
    hits: list[Hit] = []
    for wanted in TIERS[begins:] if asked else (INSIDE,):
        walk = _walk(session, asked, ways(asked, facets, wanted), wanted, behind, batch)
        for hit in walk:
            hits.append(hit)
            if len(hits) == limit:
                return hits
        behind = -1
    return hits


def _walk(
    session: Session, asked: Sequence[str], asks: Sequence[frozenset[str]], wanted: int, behind: int, batch: int
) -> Iterator[Hit]:
    """Yield the hits of one rank in the order of their places."""
    while True:
        found = ids(session.connection(), asks, after=behind, limit=batch)
        for (rank, _), hit in _checked(session, found, asked):
            if rank == wanted:
                yield hit
        if len(found) < batch:
            return
        behind = found[-1]


def _checked(session: Session, found: Sequence[int], asked: Sequence[str]) -> Iterator[tuple[tuple[int, int], Hit]]:
    """Yield rank, place and hit of candidates that have every word, in the order of their places."""
    if not found:
        return
    for row in session.execute(select(*_SHOWN).where(ENTRIES.c.id.in_(found)).order_by(ENTRIES.c.id)):
        if all(holds(word, row.haystack, row.sounds) for word in asked):
            rank = tier(asked[0], row.haystack, row.sounds) if asked else INSIDE
            hit = Hit(row.kind, row.subject_id, row.title, row.detail, row.facts, f"{rank}.{row.id}")
            yield (rank, row.id), hit


def _cursor(after: str) -> tuple[int, int]:
    """Read where to go on; what nobody gave out begins at the beginning."""
    rank, _, place = after.partition(".")
    if rank in ("0", "1", "2") and place.isascii() and place.isdecimal() and int(place) < 1 << 63:
        return int(rank), int(place)
    return 0, -1


def _kinds(kind: Kinds) -> list[str]:
    return [] if kind is None else [kind] if isinstance(kind, str) else list(kind)


def matching_ids(text: str, *, kind: str) -> Select[int] | None:
    """Return the ids that match, to filter a list by; None where nothing was typed."""
    asked = words(text)
    if not asked:
        return None
    entry = SearchEntry
    query = select(entry.subject_id).where(entry.kind == kind)
    facets = NO_FILTERS.ways([kind])
    for word in asked:
        query = query.where(posted(ENTRIES.c.id, ways([word], facets, INSIDE)))
        if is_sound(word):
            query = query.where(or_(entry.haystack.contains(word), entry.sounds.regexp_match(sound(word))))
        elif len(word) > 2 and (len(word) > 3 or not word.isascii()):  # of shorter words the tokens decide
            query = query.where(entry.haystack.contains(word))
    return query
