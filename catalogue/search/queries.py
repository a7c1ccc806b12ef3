"""Find records by name, pinyin, initials, maker, approval number or a piece of a code.

Candidates come from the index in the order of their places; each is checked against what was typed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import Select, Text, or_, select, type_coerce
from sqlalchemy.orm import Session

from catalogue.search.models import ENTRIES, SearchEntry
from catalogue.search.postings.queries import ids, posted
from catalogue.search.rules.asking import INSIDE, TIERS, holds, is_sound, sound, tier, ways, words
from catalogue.search.rules.tokens import LARGE, Filters

_SHOWN = (
    *(ENTRIES.c[name] for name in ("id", "kind", "subject_id", "title", "detail", "haystack", "sounds")),
    type_coerce(ENTRIES.c.facts, Text).label("facts"),  # read for hits alone
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
    if not asked and (text.strip() or not filters.ways([])):
        return []
    kinds = _kinds(kind)
    facets, narrow = filters.ways(kinds), kinds if LARGE & set(kinds) else []
    begins, behind = _cursor(after)
    first: list[int] = []
    if asked and not after:
        most = max(64, 2 * limit)
        first = ids(session.connection(), ways(asked, facets, INSIDE), kinds=narrow, limit=most)
        if len(first) < most:  # these are all: rank them here
            ranked = sorted(_checked(session, first, asked), key=lambda pair: pair[0])
            return [_hit(row, rank) for (rank, _), row in ranked[:limit]]
    hits: list[Hit] = []
    for wanted in TIERS[begins:] if asked else (INSIDE,):
        need = limit - len(hits)
        search_ids = partial(ids, session.connection(), ways(asked, facets, wanted), kinds=narrow)
        known = first[: need + 4] if wanted == INSIDE else []
        walk = _walk(session, asked, search_ids, wanted, behind, need, known)
        hits += [_hit(row, wanted) for row in islice(walk, need)]
        if len(hits) == limit:
            break
        behind = -1
    return hits


def _walk(
    session: Session,
    asked: Sequence[str],
    search_ids: Callable[..., list[int]],
    wanted: int,
    behind: int,
    need: int,
    known: list[int],
) -> Iterator[Any]:
    """Yield the rows of one rank in the order of their places; as many are fetched as will do, then ever more."""
    batch = need + 4
    while True:
        found, known = known or search_ids(after=behind, limit=batch), []
        for (rank, _), row in _checked(session, found, asked):
            if rank == wanted:
                yield row
        if len(found) < batch:
            return
        behind, batch = found[-1], min(batch * 3, 1_000)


def _checked(session: Session, found: Sequence[int], asked: Sequence[str]) -> Iterator[tuple[tuple[int, int], Any]]:
    """Yield rank, place and row of candidates that have every word, in the order of their places."""
    if not found:
        return
    for row in session.execute(select(*_SHOWN).where(ENTRIES.c.id.in_(found)).order_by(ENTRIES.c.id)):
        if all(holds(word, row.haystack, row.sounds) for word in asked):
            rank = tier(asked[0], row.haystack, row.sounds) if asked else INSIDE
            yield (rank, row.id), row


def _hit(row: Any, rank: int) -> Hit:
    return Hit(row.kind, row.subject_id, row.title, row.detail, json.loads(row.facts), f"{rank}.{row.id}")


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
