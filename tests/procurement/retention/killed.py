"""Run by a test in a process of its own: computes, or publishes, and dies by SIGKILL in one phase after the other."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import Any

import wsgi
from kernel import clock, money
from kernel.auth.actor import Actor
from kernel.auth.models import User
from kernel.auth.queries import actor_of
from kernel.db import Database, make_engine
from procurement.retention.services import computing, paying
from tests.procurement.orders.market import NOW

from .scene import AREA

WATCHED = ("retention/services/computing.py", "retention/services/keeping.py", "retention/services/paying.py",
           "retention/queries/gathering.py", "kernel/db.py", "audit/services.py")  # fmt: skip
LATE = NOW + timedelta(days=12)


def dying(phase: int) -> Callable[[FrameType, str, Any], None]:
    """Return what ends the process where the so-many-th function of the watched files begins or ends for once."""
    seen: set[tuple[str, str]] = set()

    def watch(frame: FrameType, event: str, _found: Any) -> None:
        if event in ("call", "return") and frame.f_code.co_filename.endswith(WATCHED):
            seen.add((frame.f_code.co_qualname, event))
            if len(seen) == phase:
                os.kill(os.getpid(), signal.SIGKILL)

    return watch


def act(url: str, told: dict[str, Any], phase: int) -> None:
    """Do what is asked in one transaction; `phase` 0 lives."""
    database = Database(make_engine(url))
    if phase:
        sys.setprofile(dying(phase))
    with database.transaction() as session:
        actor = actor_of(session.get_one(User, told["user"]))
        ACTS[told["act"]](session, told, actor)
    sys.setprofile(None)
    database.engine.dispose()


def _compute(session: Any, told: dict[str, Any], actor: Actor) -> None:
    computing.compute(
        session,
        round_id=told["round"],
        year=1,
        area_code=AREA,
        rules_id=told["rules"],
        reason="复算",
        actor=actor,
        at=NOW,
    )


def _publish(session: Any, told: dict[str, Any], actor: Actor) -> None:
    with clock.travel(to=LATE):
        paying.publish(session, run_id=told["run"], actor=actor, at=LATE)


ACTS = {"compute": _compute, "publish": _publish}


def main(url: str, told: dict[str, Any]) -> None:
    """Let a child die in every `step`-th phase until one lives to the end; say how many were killed."""
    money.trap_floats()
    wsgi.load_models()
    killed, phase = 0, 1
    while True:
        child = os.fork()
        if not child:
            try:
                act(url, told, phase)
            finally:
                os._exit(0)
        _child, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            break
        killed, phase = killed + 1, phase + told["step"]
    sys.stdout.write(f"{killed}\n")


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
