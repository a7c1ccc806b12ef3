"""Keep counts. One line of each kind is the lock between those who change records and the job that counts them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from catalogue.tallies.models import STALE, Tally
from catalogue.tallies.queries import all_of, groups_of, known
from kernel.db import insert_rows, upsert

KEY = ("kind", "field", "value")


def touch(session: Session, kind: str) -> None:
    """Say that records of a kind changed: until they are counted anew they are counted at each look."""
    if kind in known:
        _set_total(session, kind, STALE)


def recount(session: Session, kind: str) -> None:
    """Count a kind, in all and by each of its fields."""
    touch(session, kind)  # takes the lock: what is being written is waited for, what comes later waits
    session.execute(delete(Tally).where(Tally.kind == kind, Tally.field != ""))
    for field in known[kind].fields:
        rows = session.execute(groups_of(kind, field)).all()
        if rows:
            insert_rows(
                session, Tally.__table__,
                columns={
                    "kind": [kind] * len(rows), "field": [field] * len(rows),
                    "value": [str(value) for value, _count in rows], "count": [count for _value, count in rows],
                },
            )  # fmt: skip
    _set_total(session, kind, session.scalar(all_of(kind)) or 0)


def catch_up(session: Session) -> int:
    """Count every kind whose records have changed; return how many kinds."""
    right = set(session.scalars(select(Tally.kind).where(Tally.field == "", Tally.count != STALE)))
    waiting = [kind for kind in known if kind not in right]
    for kind in waiting:
        recount(session, kind)
    return len(waiting)


def _set_total(session: Session, kind: str, count: int) -> None:
    line = (Tally.kind == kind, Tally.field == "", Tally.value == "")
    done = session.execute(update(Tally).where(*line).values(count=count))
    if not done.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has a row count
        columns: dict[str, list[Any]] = {"kind": [kind], "field": [""], "value": [""], "count": [count]}
        upsert(session, Tally.__table__, key=KEY, columns=columns)
