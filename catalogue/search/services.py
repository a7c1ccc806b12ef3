"""Keep records findable. The owner of a record calls `index` whenever what it is called changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, event, insert, update
from sqlalchemy.orm import Session

from catalogue.search.models import SearchEntry
from catalogue.search.rules import haystack
from kernel.db import Base


def index(
    session: Session, *, kind: str, subject_id: int, title: str, names: Iterable[str], codes: Iterable[str] = (),
    detail: str = "",
) -> None:  # fmt: skip
    """Write or rewrite the entry of one record."""
    write_entry(
        session.connection(), kind=kind, subject_id=subject_id, title=title, detail=detail, hay=haystack(names, codes)
    )


def write_entry(connection: Connection, *, kind: str, subject_id: int, title: str, detail: str, hay: str) -> None:
    """Write an entry from within a flush, where only the connection may be used."""
    values = {"title": title, "detail": detail, "haystack": hay}
    mine = (SearchEntry.kind == kind, SearchEntry.subject_id == subject_id)
    if not connection.execute(update(SearchEntry).where(*mine).values(values)).rowcount:
        connection.execute(insert(SearchEntry).values(kind=kind, subject_id=subject_id, **values))


def forget(session: Session, *, kind: str, subject_id: int) -> None:
    """Take a record out of the search."""
    session.execute(delete(SearchEntry).where(SearchEntry.kind == kind, SearchEntry.subject_id == subject_id))


@dataclass(frozen=True, slots=True)
class Entry:
    """What `follow` writes for a row."""

    kind: str
    title: str
    names: tuple[str, ...]
    codes: tuple[str, ...] = ()
    detail: str = ""


def follow(mapped: type[Base], entry_of: Callable[[Any], Entry]) -> None:
    """Keep the entries of a table that several packages write, from within their flushes."""

    def write(_mapper: Any, connection: Connection, row: Any) -> None:
        entry = entry_of(row)
        write_entry(
            connection, kind=entry.kind, subject_id=row.id, title=entry.title, detail=entry.detail,
            hay=haystack(entry.names, entry.codes),
        )  # fmt: skip

    event.listen(mapped, "after_insert", write)
    event.listen(mapped, "after_update", write)
