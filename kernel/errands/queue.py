"""Ask for an errand, and move it on. The act that asks records the event; the work records what it did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, delete, update
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.errands import queries
from kernel.errands.flow import OPEN, ErrandState
from kernel.errands.models import Errand

HOLD = timedelta(minutes=10)
KEPT = timedelta(days=30)
MOST_ATTEMPTS = 3
BROKE = "errand-broke"


def send(
    session: Session, name: str, *, about: str, facts: Mapping[str, Any], actor: Actor, at: datetime,
    locale: str = "zh_CN",
) -> Errand:  # fmt: skip
    """Ask for a piece of work; while the same is under way, return that."""
    if known := queries.under_way(session, name, about):
        return known
    errand = Errand(
        name=name, about=about, open_key=queries.open_key(name, about), facts=dict(facts), user_id=actor.user_id,
        locale=locale, state=ErrandState.WAITING, created_at=at, error_facts={},
    )  # fmt: skip
    session.add(errand)
    session.flush()
    return errand


def take(session: Session, *, runner: str, at: datetime) -> Errand | None:
    """Take the oldest errand that waits or whose runner is gone, by compare-and-set; None where there is none."""
    number = queries.next_free(session, at=at)
    if number is None:
        return None
    taken = {"state": ErrandState.RUNNING, "runner": runner, "held_until": at + HOLD, "attempts": Errand.attempts + 1}
    moved = session.execute(update(Errand).where(Errand.id == number, queries.free(at)).values(**taken)).rowcount  # type: ignore[attr-defined]  # an UPDATE's result has a row count
    return session.get(Errand, number, populate_existing=True) if moved == 1 else None


def tell(session: Session, errand: Errand, *, step: str, done: int, total: int, at: datetime) -> None:
    """Keep how far the work is, and hold the errand longer."""
    session.execute(_mine(errand).values(step=step, done=done, total=total, held_until=at + HOLD))


def end(
    session: Session, errand: Errand, *, at: datetime, error: str = "", facts: Mapping[str, Any] | None = None
) -> None:
    """Close an errand, unless another runner has taken it up."""
    state, told = ErrandState.FAILED if error else ErrandState.DONE, dict(facts or {})
    session.execute(_mine(errand).values(state=state, open_key=None, ended_at=at, error=error, error_facts=told))


def _mine(errand: Errand) -> Update:
    return update(Errand).where(
        Errand.id == errand.id, Errand.runner == errand.runner, Errand.attempts == errand.attempts,
        Errand.state == ErrandState.RUNNING,
    )  # fmt: skip


def release(session: Session, *, runners: list[str]) -> int:
    """Let others take what runners held that are known to be gone; return how many."""
    gone = update(Errand).where(Errand.state == ErrandState.RUNNING, Errand.runner.in_(runners))
    return int(session.execute(gone.values(state=ErrandState.WAITING)).rowcount)  # type: ignore[attr-defined]  # as above


def forget(session: Session, *, at: datetime) -> None:
    """Delete what ended long ago."""
    session.execute(delete(Errand).where(Errand.state.not_in(OPEN), Errand.ended_at < at - KEPT))
