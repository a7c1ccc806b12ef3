"""States of a region draft, and how a turn was taken."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from kernel.flow import Flow


class DraftState(StrEnum):
    """Where a draft stands."""

    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class DraftAction(StrEnum):
    """What can happen to a draft."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    FINISH = "finish"
    CANCEL = "cancel"


S, A = DraftState, DraftAction
LIVE = (S.PLANNED, S.RUNNING, S.PAUSED)

DRAFT_FLOW = Flow(
    {
        (S.PLANNED, A.START): S.RUNNING,
        (S.RUNNING, A.PAUSE): S.PAUSED,
        (S.PAUSED, A.RESUME): S.RUNNING,
        (S.RUNNING, A.FINISH): S.FINISHED,
        **{(state, A.CANCEL): S.CANCELLED for state in LIVE},
    }
)


def settled(state: DraftState, starts_at: datetime | None, at: datetime) -> DraftState:
    """Return the state at an instant: a draft starts by the clock, whether or not a job has written it down."""
    return S.RUNNING if state is S.PLANNED and starts_at is not None and at >= starts_at else state


class Ending(StrEnum):
    """Why a draft was given up."""

    BY_HAND = "by-hand"
    EVALUATED = "evaluated"
    VOID = "void"
    LOT_VOID = "lot-void"


class How(StrEnum):
    """How a turn was taken. `ONLY` and `PASSED` leave nothing to choose and take no time."""

    CHOSE = "chose"
    AGENCY = "agency"
    LIST = "list"
    CODE = "code"
    LATE_LIST = "late-list"
    LATE_CODE = "late-code"
    ONLY = "only"
    PASSED = "passed"
