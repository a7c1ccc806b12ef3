"""Keep records findable. The owner of a record calls `index` whenever what it is called changes."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, update
from sqlalchemy.orm import Session

from catalogue.search.models import SearchEntry
from catalogue.search.rules import haystack


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
