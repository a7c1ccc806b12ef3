"""Catch up with records that were written in bulk, and build the search anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.orm import Session

from catalogue.search.models import SearchEntry
from catalogue.search.postings.services import repost
from catalogue.search.services import Entry, forget_many, index_many
from kernel.db import Base, batches


@dataclass(frozen=True, slots=True)
class Source:
    """Where the entries of a kind come from: the ids that must have one, and how entries are made for some of them."""

    kind: str
    subjects: Select[int]
    entries: Callable[[Session, Sequence[int]], Mapping[int, Entry]]


_sources: dict[str, Source] = {}


def source(kind: str, subjects: Select[int], entries: Callable[[Session, Sequence[int]], Mapping[int, Entry]]) -> None:
    """Name the source of a kind."""
    _sources[kind] = Source(kind, subjects, entries)


def catch_up(session: Session, *, most: int | None = None) -> int:
    """Write entries that are missing or out of date, drop those whose record is gone; return how many.

    On SQLite a few at a time, because others wait to write; on PostgreSQL many, because an index made at once is made
    sooner.
    """
    most = most or (20_000 if session.get_bind().dialect.name == "sqlite" else 300_000)
    done = 0
    for each in _sources.values():
        missing = _missing(session, each, most - done)
        if missing:
            index_many(session, kind=each.kind, rows=each.entries(session, missing))
        gone = _gone(session, each)
        forget_many(session, kind=each.kind, subject_ids=gone)
        done += len(missing) + len(gone)
        if done >= most:
            break
    return done


def rebuild(session: Session) -> dict[str, int]:
    """Make every entry of every source anew, then the whole index; return how many entries of each kind changed."""
    changed = {}
    for each in _sources.values():
        subjects = session.scalars(each.subjects).all()
        rows = {id_: entry for some in batches(subjects, 20_000) for id_, entry in each.entries(session, some).items()}
        changed[each.kind] = index_many(session, kind=each.kind, rows=rows)
        forget_many(session, kind=each.kind, subject_ids=_gone(session, each))
    repost(session)
    return changed


def _missing(session: Session, each: Source, most: int) -> Sequence[int]:
    subject = each.subjects.subquery()
    (id_,) = subject.c
    mine = and_(SearchEntry.kind == each.kind, SearchEntry.subject_id == id_)
    new = select(id_).outerjoin(SearchEntry, mine).where(SearchEntry.id.is_(None)).limit(most)
    stale = select(SearchEntry.subject_id).where(SearchEntry.stale, SearchEntry.kind == each.kind).limit(most)
    return [*session.scalars(new), *session.scalars(stale)][:most]


def _gone(session: Session, each: Source) -> Sequence[int]:
    return session.scalars(
        select(SearchEntry.subject_id).where(
            SearchEntry.kind == each.kind, SearchEntry.subject_id.not_in(each.subjects)
        )
    ).all()


def rows_of(session: Session, model: type[Base], names: Sequence[str], ids: Sequence[int]) -> Iterator[Row[Any]]:
    """Yield some columns of the rows of some ids: in one pass where they are many."""
    table, wanted = model.__table__, set(ids)
    query = select(*(table.c[name] for name in names))
    if len(wanted) <= 500:
        query = query.where(table.c.id.in_(wanted))
    elif wanted:
        query = query.where(table.c.id.between(min(wanted), max(wanted)))
    return (row for row in session.execute(query) if row.id in wanted)
