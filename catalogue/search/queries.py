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

from sqlalchemy import ARRAY, BigInteger, Select, Text, any_, bindparam, or_, select, type_coerce
from sqlalchemy.orm import Session

from catalogue.search.models import ENTRIES, SearchEntry
from catalogue.search.postings.queries import ids, plan_once, posted
from catalogue.search.rules.asking import EXACT, INSIDE, PREFIX, TIERS, holds, is_sound, sound, tier, ways, words
from catalogue.search.rules.tokens import LARGE, Filters

_SHOWN = (
    *(ENTRIES.c[name] for name in ("id", "kind", "subject_id", "title", "detail", "haystack", "sounds")),
    type_coerce(ENTRIES.c.facts, Text).label("facts"),  # read for hits alone
)
_CHOSEN = {
    "sqlite": ENTRIES.c.id.in_(bindparam("found", expanding=True)),
    "postgresql": ENTRIES.c.id == any_(bindparam("found", type_=ARRAY(BigInteger))),  # planned once for any number
}
_ROWS = {name: select(*_SHOWN).where(chosen).order_by(ENTRIES.c.id) for name, chosen in _CHOSEN.items()}
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
    connection = session.connection()
    plan_once(connection)

    def ask(wanted: int, *, after: int = -1, limit: int) -> list[int]:
        return ids(connection, ways(asked, facets, wanted), kinds=narrow, after=after, limit=limit)

    if asked and not after and (page := _first_page(session, asked, ask, limit)) is not None:
        return page
    hits: list[Hit] = []
    for wanted in TIERS[begins:] if asked else (INSIDE,):
        walk = _walk(session, asked, partial(ask, wanted), wanted, behind, limit - len(hits))
        hits += [_hit(row, wanted) for row in islice(walk, limit - len(hits))]
        if len(hits) == limit:
            break
        behind = -1
    return hits


def _first_page(session: Session, asked: Sequence[str], ask: Callable[..., list[int]], limit: int) -> list[Hit] | None:
    """Return the first hits with as few questions as will do; None where candidates failed the check too often."""
    most, few = max(64, 2 * limit), limit + 4
    inside = ask(INSIDE, limit=most)
    if len(inside) < most:  # these are all
        return [_hit(row, rank) for (rank, _), row in sorted(_checked(session, inside, asked), key=_first)[:limit]]
    begins = ask(PREFIX, limit=few)
    whole = ask(EXACT, limit=few) if len(begins) == few else begins
    pieces = inside[:few] if len(begins) < few else []
    rows = list(_checked(session, sorted({*whole, *begins, *pieces}), asked))
    hits: list[Hit] = []
    for wanted, part in ((EXACT, whole), (PREFIX, begins), (INSIDE, pieces)):
        known, complete = set(part), len(part) < few
        hits += [_hit(row, rank) for (rank, place), row in rows if rank == wanted and place in known]
        if len(hits) >= limit:
            return hits[:limit]
        if not complete:
            break
    return None


def _first(ranked: tuple[tuple[int, int], Any]) -> tuple[int, int]:
    return ranked[0]


def _walk(
    session: Session, asked: Sequence[str], ask: Callable[..., list[int]], wanted: int, behind: int, need: int
) -> Iterator[Any]:
    """Yield the rows of one rank in the order of their places; as many are fetched as will do, then ever more."""
    batch = need + 4
    while True:
        found = ask(after=behind, limit=batch)
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
    connection = session.connection()
    for row in connection.execute(_ROWS[connection.dialect.name], {"found": list(found)}):
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


def matching_ids(text: str, *, kind: str, filters: Filters = NO_FILTERS) -> Select[int] | None:
    """Return the ids that match, to filter a list by; None where nothing was typed and nothing is filtered."""
    asked, narrowed = words(text), bool(filters.ways([]))
    if not asked and not narrowed:
        return None
    entry = SearchEntry
    query = select(entry.subject_id).where(entry.kind == kind)
    facets = filters.ways([kind])
    if narrowed and not asked:
        query = query.where(posted(ENTRIES.c.id, ways([], facets, INSIDE)))
    for word in asked:
        query = query.where(posted(ENTRIES.c.id, ways([word], facets, INSIDE)))
        if is_sound(word):
            query = query.where(or_(entry.haystack.contains(word), entry.sounds.regexp_match(sound(word))))
        elif len(word) > 2 and (len(word) > 3 or not word.isascii()):  # of shorter words the tokens decide
            query = query.where(entry.haystack.contains(word))
    return query
