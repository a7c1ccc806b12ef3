"""States of a take-over: one person proposes it, another decides."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class TakeoverState(StrEnum):
    """Where a take-over stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DROPPED = "dropped"


class TakeoverAction(StrEnum):
    """What can happen to it."""

    CONFIRM = "confirm"
    DROP = "drop"


TAKEOVER_FLOW = Flow(
    {
        (TakeoverState.PROPOSED, TakeoverAction.CONFIRM): TakeoverState.CONFIRMED,
        (TakeoverState.PROPOSED, TakeoverAction.DROP): TakeoverState.DROPPED,
    }
)
