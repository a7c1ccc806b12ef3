"""What waits for whom in a record: every area that makes a record wait says so here, and boards show it together.

An area registers `waits("round", make)`; `make(session, actor, ids, at)` answers for all records asked for at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that is due in a record: what, from whom, by when (None: as soon as they like), where it is done."""

    record_id: int
    what: str
    whom: str
    due: datetime | None = None
    url: str = ""


Make = Callable[[Session, Actor, Sequence[int], datetime], Iterable[Wait]]
_registered: dict[str, list[Make]] = {}


def waits(kind: str, make: Make) -> None:
    """Register what an area knows to wait in the records of a kind."""
    _registered.setdefault(kind, []).append(make)


def waiting(session: Session, kind: str, ids: Sequence[int], *, actor: Actor, at: datetime) -> dict[int, list[Wait]]:
    """Return what waits in each record, the nearest due first and what has no date last."""
    found: dict[int, list[Wait]] = {}
    if ids:
        for make in _registered.get(kind, []):
            for wait in make(session, actor, ids, at):
                found.setdefault(wait.record_id, []).append(wait)
    for rows in found.values():
        rows.sort(key=lambda wait: (wait.due is None, wait.due or at))
    return found
