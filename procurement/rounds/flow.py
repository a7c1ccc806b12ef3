"""States of a round and of what is decided in it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from kernel.flow import Flow


class RoundState(StrEnum):
    """Where a round stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    BIDDING = "bidding"
    OPENED = "opened"
    EVALUATED = "evaluated"
    ANNOUNCED = "announced"
    AWARDED = "awarded"
    CLOSED = "closed"
    VOID = "void"


class RoundAction(StrEnum):
    """What can happen to a round."""

    PUBLISH = "publish"
    RECEIVE = "receive"
    OPEN = "open"
    EVALUATE = "evaluate"
    ANNOUNCE = "announce"
    AWARD = "award"
    CLOSE = "close"
    VOID = "void"


S, A = RoundState, RoundAction
_LIVE = (S.DRAFT, S.PUBLISHED, S.BIDDING, S.OPENED, S.EVALUATED, S.ANNOUNCED)

ROUND_FLOW = Flow(
    {
        (S.DRAFT, A.PUBLISH): S.PUBLISHED,
        (S.PUBLISHED, A.RECEIVE): S.BIDDING,
        (S.BIDDING, A.OPEN): S.OPENED,
        (S.OPENED, A.EVALUATE): S.EVALUATED,
        (S.EVALUATED, A.EVALUATE): S.EVALUATED,
        (S.EVALUATED, A.ANNOUNCE): S.ANNOUNCED,
        (S.ANNOUNCED, A.EVALUATE): S.EVALUATED,
        (S.ANNOUNCED, A.AWARD): S.AWARDED,
        (S.AWARDED, A.CLOSE): S.CLOSED,
        **{(state, A.VOID): S.VOID for state in _LIVE},
    }
)


def settled(state: RoundState, receives_from: datetime | None, at: datetime) -> RoundState:
    """Return the state at an instant: bidding starts by the clock, whether or not a job has written it down."""
    if state is S.PUBLISHED and receives_from is not None and at >= receives_from:
        return S.BIDDING
    return state


class Stage(StrEnum):
    """What a round waits for, as lists and time lines show it: the state, with bidding parted by the deadline."""

    DRAFT = "draft"
    PUBLISHED = "published"
    BIDDING = "bidding"
    AWAITING_OPENING = "awaiting-opening"
    OPENED = "opened"
    EVALUATED = "evaluated"
    ANNOUNCED = "announced"
    AWAITING_AWARD = "awaiting-award"
    AWARDED = "awarded"
    CLOSED = "closed"
    VOID = "void"


def stage(
    state: RoundState,
    *,
    receives_from: datetime | None,
    deadline: datetime | None,
    publicity_ends: datetime | None,
    at: datetime,
) -> Stage:
    """Return what a round waits for at an instant. The deadline itself is already too late for a bid."""
    state = settled(state, receives_from, at)
    if state is S.BIDDING and deadline is not None and at >= deadline:
        return Stage.AWAITING_OPENING
    if state is S.ANNOUNCED and publicity_ends is not None and at >= publicity_ends:
        return Stage.AWAITING_AWARD
    return Stage(state.value)


class ExtensionState(StrEnum):
    """A longer deadline is asked for by one person and confirmed by another."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Outcome(StrEnum):
    """What became of a bid."""

    WON = "won"
    WON_WITHOUT_VOLUME = "won-without-volume"
    LOST = "lost"
    INVALID = "invalid"
    TIED = "tied"


class SupplyRole(StrEnum):
    """How a winner serves a region."""

    MAIN = "main"
    BACKUP = "backup"
