"""Keep records findable. The owner of a record calls `index` (many: `index_many`) whenever what it is called changes.

An area whose records are also written in bulk names a `Source`, from which a job catches up with what was left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, event, insert, select, update
from sqlalchemy.orm import Session

from catalogue.search.models import ENTRIES
from catalogue.search.postings.services import flag, post, poured, unpost
from catalogue.search.rules.lines import lines
from catalogue.search.rules.places import place
from catalogue.search.rules.tokens import facet, facet_tokens
from kernel.db import Base, batches, insert_rows

FOUND_BY = ("id", "haystack", "sounds", "facets")
WRITTEN = (*FOUND_BY, "title", "detail", "facts")
FEW = 2_000
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a record is found and shown by. Names and codes decide the rank; `others` (maker, specification) do not.

    `facts` are shown with a hit and are merged with those that other packages pushed; `classes` are its class code and
    those above it; `maker` is an organisation's id, or a name where no more is known.
    """

    kind: str
    title: str
    names: Sequence[str]
    codes: Sequence[str] = ()
    detail: str = ""
    others: Sequence[str] = ()
    classes: Sequence[str] = ()
    form: str = ""
    maker: int | str | None = None
    state: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def index(
    session: Session, *, kind: str, subject_id: int, title: str, names: Iterable[str], codes: Iterable[str] = (),
    detail: str = "", others: Iterable[str] = (),
) -> None:  # fmt: skip
    """Write or rewrite the entry of one record."""
    entry = Entry(kind, title, tuple(names), tuple(codes), detail, tuple(others))
    write_entry(session.connection(), entry, subject_id=subject_id)


def index_entries(session: Session, entries: Mapping[int, Entry]) -> int:
    """Write or rewrite the entries of a few records of one kind; return how many changed."""
    return sum(write_entry(session.connection(), entry, subject_id=id_) for id_, entry in entries.items())


def write_entry(connection: Connection, entry: Entry, *, subject_id: int) -> bool:
    """Write an entry from within a flush, where only the connection may be used; say whether it changed."""
    row = _row(entry, subject_id)
    old = _standing(connection, entry.kind, [subject_id]).get(subject_id)
    if old is None:
        connection.execute(insert(ENTRIES), [row])
        post(connection, [row])
        return True
    _keep(row, old)
    if not _differs(row, old, WRITTEN):
        return False
    connection.execute(update(ENTRIES).where(ENTRIES.c.id == old["id"]).values(row))
    if _differs(row, old, FOUND_BY):
        unpost(connection, [old])
        post(connection, [row])
    return True


def index_many(session: Session, *, kind: str, rows: Mapping[int, Entry]) -> int:
    """Write the entries of many records of a kind, by their subject's id; return how many changed."""
    connection = session.connection()
    stands = _standing(connection, kind, rows)
    write: list[Row] = []
    replaced: list[Row] = []
    for subject_id, entry in rows.items():
        row, old = _row(entry, subject_id), stands.get(subject_id)
        if old is not None:
            _keep(row, old)
            if not _differs(row, old, WRITTEN):
                continue
            replaced.append(old)
        write.append(row)
    _remove(connection, replaced)
    write.sort(key=lambda row: int(row["id"]))
    with poured(connection, len(write)) as table:
        for some in batches(write, 20_000):
            insert_rows(session, ENTRIES, columns={name: [row[name] for row in some] for name in some[0]})
            post(connection, some, table=table)
    return len(write)


def forget_many(session: Session, *, kind: str, subject_ids: Sequence[int]) -> None:
    """Take records out of the search."""
    connection = session.connection()
    _remove(connection, list(_standing(connection, kind, subject_ids).values()))


def set_flags(session: Session, kind: str, subject_ids: Sequence[int], name: str, on: bool) -> int:
    """Say of records that a flag (`winner`, `listed`) holds or does not; return for how many that changed."""
    connection, token = session.connection(), facet("x", name)
    changed = [
        row for row in _standing(connection, kind, subject_ids).values() if (token in row["flags"].split()) is not on
    ]
    for row in changed:
        flags = sorted({*row["flags"].split(), token} if on else {*row["flags"].split()} - {token})
        row["new"] = " ".join(flags)
    for flags in {row["new"] for row in changed}:
        for some in batches([row["id"] for row in changed if row["new"] == flags], 500):
            connection.execute(update(ENTRIES).where(ENTRIES.c.id.in_(some)).values(flags=flags))
    flag(connection, [row["id"] for row in changed], token, on=on)
    return len(changed)


def set_facts(session: Session, kind: str, facts: Mapping[int, Mapping[str, Any]]) -> int:
    """Merge what is shown with records (price, winner, volume left); return for how many it changed."""
    connection = session.connection()
    merged = {
        row["id"]: {**row["facts"], **facts[subject_id]}
        for subject_id, row in _standing(connection, kind, facts).items()
        if {**row["facts"], **facts[subject_id]} != row["facts"]
    }
    if merged:
        write = update(ENTRIES).where(ENTRIES.c.id == bindparam("entry")).values(facts=bindparam("merged"))
        connection.execute(write, [{"entry": id_, "merged": each} for id_, each in merged.items()])
    return len(merged)


def outdate(session: Session, kind: str, subjects: Select[int]) -> None:
    """Have the job write the entries of records anew: they are found under their old names until then."""
    where = (ENTRIES.c.kind == kind, ENTRIES.c.subject_id.in_(subjects))
    session.execute(update(ENTRIES).where(*where).values(stale=True))


def follow(mapped: type[Base], entry_of: Callable[[Any], Entry]) -> None:
    """Keep the entries of a table that several packages write, from within their flushes."""

    def write(_mapper: Any, connection: Connection, row: Any) -> None:
        write_entry(connection, entry_of(row), subject_id=row.id)

    event.listen(mapped, "after_insert", write)
    event.listen(mapped, "after_update", write)


def _row(entry: Entry, subject_id: int) -> Row:
    haystack, sounds = lines(entry.names, entry.codes, entry.others)
    return {
        "id": place(entry.title, entry.kind, subject_id), "kind": entry.kind, "subject_id": subject_id,
        "title": entry.title, "detail": entry.detail, "facts": dict(entry.facts), "flags": "", "stale": False,
        "facets": " ".join(facet_tokens(entry.classes, entry.form, entry.maker, entry.state)), "haystack": haystack,
        "sounds": sounds,
    }  # fmt: skip


def _keep(row: Row, old: Row) -> None:
    """Keep what others said of a record."""
    row["flags"], row["facts"] = old["flags"], {**old["facts"], **row["facts"]}


def _differs(row: Row, old: Row, names: Sequence[str]) -> bool:
    return old["stale"] or any(row[name] != old[name] for name in names)


def _standing(connection: Connection, kind: str, subject_ids: Iterable[int]) -> dict[int, Row]:
    """Return the entries of records: one by one where they are few, else in one pass over the kind."""
    wanted = set(subject_ids)
    query = select(ENTRIES).where(ENTRIES.c.kind == kind)
    if len(wanted) <= FEW:
        parts = [query.where(ENTRIES.c.subject_id.in_(some)) for some in batches(wanted, 500)]
    else:
        parts = [query]
    found = (dict(row) for part in parts for row in connection.execute(part).mappings())
    return {row["subject_id"]: row for row in found if row["subject_id"] in wanted}


def _remove(connection: Connection, rows: Sequence[Row]) -> None:
    unpost(connection, rows)
    for some in batches([row["id"] for row in rows], 500):
        connection.execute(delete(ENTRIES).where(ENTRIES.c.id.in_(some)))
