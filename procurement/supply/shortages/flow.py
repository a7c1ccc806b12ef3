"""States of a shortage and of the take-over that is asked for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from kernel.flow import Flow


class ShortageState(StrEnum):
    """Where a reported shortage stands. SILENT: the supplier's time to answer is over."""

    REPORTED = "reported"
    SILENT = "silent"
    ANSWERED = "answered"
    CLOSED = "closed"


class ShortageAction(StrEnum):
    """What can happen to a shortage."""

    ANSWER = "answer"
    LAPSE = "lapse"
    CLOSE = "close"


S, A = ShortageState, ShortageAction

SHORTAGE_FLOW = Flow(
    {
        (S.REPORTED, A.LAPSE): S.SILENT,
        **{(state, A.ANSWER): S.ANSWERED for state in (S.REPORTED, S.SILENT, S.ANSWERED)},
        **{(state, A.CLOSE): S.CLOSED for state in (S.REPORTED, S.SILENT, S.ANSWERED)},
    }
)
"""An answer may be changed until the shortage is over: a later date of supply, or none any more."""
OPEN = (S.REPORTED, S.SILENT, S.ANSWERED)


class Reply(StrEnum):
    """What the supplier says."""

    ALL = "all"
    PART = "part"
    NONE = "none"


class Cause(StrEnum):
    """Why it is short."""

    MATERIAL = "material"
    PRODUCTION = "production"
    STOPPED = "stopped"
    COST = "cost"
    DELIVERY = "delivery"
    DEMAND = "demand"
    OTHER = "other"


class Ending(StrEnum):
    """How a shortage ended."""

    SUPPLIED = "supplied"
    SUBSTITUTED = "substituted"
    TAKEN_OVER = "taken-over"
    WITHDRAWN = "withdrawn"


class Kin(StrEnum):
    """How close a substitute is; the nearer goes first."""

    SAME_GENERIC = "same-generic"
    SAME_CLASS = "same-class"


class TakeOverState(StrEnum):
    """Whether the backup supplier steps in."""

    ASKED = "asked"
    ARRANGED = "arranged"
    REFUSED = "refused"


class TakeOverAction(StrEnum):
    """What the agency decides."""

    ARRANGE = "arrange"
    REFUSE = "refuse"


TAKE_OVER_FLOW = Flow(
    {
        (TakeOverState.ASKED, TakeOverAction.ARRANGE): TakeOverState.ARRANGED,
        (TakeOverState.ASKED, TakeOverAction.REFUSE): TakeOverState.REFUSED,
    }
)


def settled(state: ShortageState, due_at: datetime, at: datetime) -> ShortageState:
    """Return the state at an instant, whether or not a job has written it down: the hour itself is too late."""
    return S.SILENT if state is S.REPORTED and at >= due_at else state
