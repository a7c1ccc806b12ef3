"""One row per record that can be found, and the index over their tokens, which each database makes in its own way."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import DDL

from catalogue.search.rules.places import BOUNDS
from kernel.columns import Json
from kernel.db import Base


class SearchEntry(Base):
    """How a record is found (rules.lines) and shown. The id is its place among equally good hits (rules.places)."""

    __tablename__ = "search_entry"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        Index("ix_search_entry_stale", "id", sqlite_where=text("stale"), postgresql_where=text("stale")),
    )

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str]
    subject_id: Mapped[int]
    title: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    """What a list of hits shows: written by the record's owner, and pushed by later parts (price, winner, volume)."""
    facets: Mapped[str] = mapped_column(default="")
    flags: Mapped[str] = mapped_column(default="")
    """Tokens to filter by, set off by spaces: what the record is, and what later parts say of it."""
    stale: Mapped[bool] = mapped_column(default=False)
    haystack: Mapped[str]
    sounds: Mapped[str] = mapped_column(default="")


ENTRIES = Base.metadata.tables["search_entry"]
POSTINGS = Table("search_index", MetaData(), Column("id", BigInteger), Column("tokens", Text))
"""The index; FTS5 calls the id `rowid`, and tokens are an array on PostgreSQL."""

_FTS = (
    "CREATE VIRTUAL TABLE search_index USING fts5(tokens, content='', detail=none, columnsize=0, "
    "tokenize=\"ascii tokenchars '^=~>:'\")"
)


def gin(table: str = "search_index", parts: str = "a") -> tuple[list[str], list[str]]:
    """Return what makes the index on PostgreSQL, without and with its indexes: a part of a table for each shelf.

    `parts` goes into the names of the parts. Nothing but GIN can answer in the order of ids, by design: the planner
    would walk an ordered index past all that does not fit.
    """
    ends = [str(bound) for bound in BOUNDS]
    made = [f'CREATE TABLE {table} (id bigint NOT NULL, tokens text[] COLLATE "C" NOT NULL) PARTITION BY RANGE (id)']
    for number, (low, high) in enumerate(pairwise(["MINVALUE", *ends, "MAXVALUE"])):
        part = f"search_index_{parts}{number}"
        made.append(f"CREATE TABLE {part} PARTITION OF {table} FOR VALUES FROM ({low}) TO ({high})")
    indexes = [
        f"CREATE INDEX ix_{table}_tokens ON {table} USING gin (tokens)",
        f"CREATE INDEX ix_{table}_id ON {table} USING hash (id)",
    ]
    return made, indexes


Base.metadata.info.setdefault("unmapped", set()).add("search_index")  # a comparison of schemas leaves it out


def _ddl(statement: str) -> DDL:
    return DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy's own constructor


for _dialect, _statements in (("sqlite", [_FTS]), ("postgresql", [*gin()[0], *gin()[1]])):
    for _statement in _statements:
        event.listen(ENTRIES, "after_create", _ddl(_statement).execute_if(_dialect))
event.listen(ENTRIES, "before_drop", _ddl("DROP TABLE IF EXISTS search_index"))
