"""Read counts; where records changed a moment ago they are counted on the spot, so that they are always right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from catalogue.tallies.models import STALE, Tally
from kernel.db import Base


@dataclass(frozen=True, slots=True)
class Counted:
    """A kind that is counted: its table, and by which fields."""

    mapped: type[Base]
    fields: Mapping[str, ColumnElement[Any]]


known: dict[str, Counted] = {}


def counted(kind: str, mapped: type[Base], **fields: Any) -> None:
    """Have a kind counted, in all and by fields; its owner calls services.touch whenever its records change."""
    known[kind] = Counted(mapped, fields)


def total(session: Session, kind: str) -> int:
    """Return how many records of a kind there are."""
    found = _kept_total(session, kind)
    return session.scalar(all_of(kind)) or 0 if found is None else found


def by_value(session: Session, kind: str, field: str, *, most: int = 100) -> Sequence[tuple[str, int]]:
    """Return the values of a field with their counts, the most frequent first."""
    if _kept_total(session, kind) is None:
        grouped = session.execute(groups_of(kind, field))
        return sorted(((str(value), count) for value, count in grouped), key=_frequent)[:most]
    query = select(Tally.value, Tally.count).where(Tally.kind == kind, Tally.field == field)
    rows = session.execute(query.order_by(Tally.count.desc(), Tally.value).limit(most))
    return [(value, count) for value, count in rows]


def of_values(session: Session, kind: str, field: str, values: Sequence[str]) -> dict[str, int]:
    """Return the counts of some values of a field; those that do not occur are left out."""
    query: Select[*tuple[Any, ...]]
    if _kept_total(session, kind) is None:
        column = known[kind].fields[field]
        query = groups_of(kind, field).where(column.in_(values))
    else:
        kept = (Tally.kind == kind, Tally.field == field, Tally.value.in_(values))
        query = select(Tally.value, Tally.count).where(*kept)
    return {str(value): count for value, count in session.execute(query)}


def all_of(kind: str) -> Select[Any]:
    """Return the query that counts a kind."""
    return select(func.count()).select_from(known[kind].mapped)


def groups_of(kind: str, field: str) -> Select[Any]:
    """Return the query that counts a kind by a field."""
    column = known[kind].fields[field]
    return select(column, func.count()).where(column.is_not(None)).group_by(column)


def _kept_total(session: Session, kind: str) -> int | None:
    query = select(Tally.count).where(Tally.kind == kind, Tally.field == "", Tally.value == "")
    found = session.scalar(query)
    return None if found == STALE else found


def _frequent(row: tuple[str, int]) -> tuple[int, str]:
    return -row[1], row[0]
