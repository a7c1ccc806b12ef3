"""The states of an errand."""

from __future__ import annotations

from enum import StrEnum


class ErrandState(StrEnum):
    """Where an errand stands. A runner moves it by compare-and-set; nobody else does."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


OPEN = (ErrandState.WAITING, ErrandState.RUNNING)
