"""Do the errands that wait, one after another; what a dead runner left is taken up again."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import force_locale

from kernel import clock
from kernel.auth.actor import SYSTEM
from kernel.auth.models import User
from kernel.auth.queries import actor_of, may_act
from kernel.db import Database
from kernel.errands import queries, queue
from kernel.errands.models import Errand
from kernel.errands.registry import Work, found
from kernel.errors import DomainError
from kernel.logs import log

QUIET = 0.4  # seconds between two tellings of the same step


def my_name() -> str:
    """Return how this process signs what it holds."""
    return f"{socket.gethostname()}:{os.getpid()}"


def run_waiting(app: Flask) -> int:
    """Do what waits until nothing does; return how many errands were done."""
    database: Database = app.extensions["jicai-database"]
    count = 0
    while (errand := _take(database)) is not None:
        with app.app_context(), force_locale(errand.locale):
            _do(database, errand)
        count += 1
    return count


def some_wait(database: Database) -> bool:
    """Say whether an errand may be taken."""
    with database.transaction(write=False) as session:
        return queries.next_free(session, at=clock.now()) is not None


def take_up(database: Database) -> int:
    """Release what processes of this machine held that are gone; return how many errands were freed."""
    host = socket.gethostname()
    with database.transaction() as session:
        gone = [name for name in queries.held(session) if name.startswith(f"{host}:") and not _lives(name)]
        return queue.release(session, runners=gone) if gone else 0


def _lives(runner: str) -> bool:
    number = runner.rpartition(":")[2]
    if number == str(os.getpid()):
        return False  # it has just begun: whoever signed so before is gone
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _take(database: Database) -> Errand | None:
    if not some_wait(database):
        return None
    with database.transaction() as session:
        return queue.take(session, runner=my_name(), at=clock.now())


def _do(database: Database, errand: Errand) -> None:
    """Run the work; a refusal is kept for people, anything else is logged and kept as "went wrong"."""
    error, facts = "", {}  # type: str, dict[str, Any]
    try:
        if errand.attempts > queue.MOST_ATTEMPTS:
            raise DomainError(queue.BROKE)
        with database.transaction(write=False) as session:
            user = session.get(User, errand.user_id) if errand.user_id else None
            actor = actor_of(user) if user else SYSTEM
        if user and not may_act(user):
            raise DomainError("forbidden")
        found(errand.name)(Work(database, actor, errand.locale, errand.facts, _Teller(database, errand).tell))
    except DomainError as refusal:
        error, facts = refusal.code, _plain(refusal.facts)
    except Exception:  # whatever breaks is written down; the person sees that it did
        log().exception("errand failed", errand=errand.name, about=errand.about)
        error = queue.BROKE
    with database.transaction() as session:
        queue.end(session, errand, at=clock.now(), error=error, facts=facts)


def _plain(facts: Mapping[str, object]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | str | bool) else str(value) for name, value in facts.items()}


class _Teller:
    """Keeps progress, seldom enough not to be work itself."""

    def __init__(self, database: Database, errand: Errand) -> None:
        self.database, self.errand = database, errand
        self.step, self.told = "", 0.0

    def tell(self, step: str, done: int = 0, total: int = 0) -> None:
        now = time.monotonic()
        if step == self.step and now - self.told < QUIET:
            return
        self.step, self.told = step, now
        with self.database.transaction() as session:
            queue.tell(session, self.errand, step=step, done=done, total=total, at=clock.now())
