"""States of a box of bids and of a bid."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from kernel.flow import Flow


class BoxState(StrEnum):
    """Where a box stands. `CLOSED` follows from the deadline; opening needs an act."""

    WAITING = "waiting"
    RECEIVING = "receiving"
    CLOSED = "closed"
    OPENED = "opened"
    VOID = "void"


class BoxAction(StrEnum):
    """What can happen to a box."""

    ANNOUNCE = "announce"
    CLOSE = "close"
    OPEN = "open"
    VOID = "void"


BOX_FLOW = Flow(
    {
        (BoxState.WAITING, BoxAction.ANNOUNCE): BoxState.RECEIVING,
        (BoxState.WAITING, BoxAction.VOID): BoxState.VOID,
        (BoxState.RECEIVING, BoxAction.CLOSE): BoxState.CLOSED,
        (BoxState.RECEIVING, BoxAction.VOID): BoxState.VOID,
        (BoxState.CLOSED, BoxAction.OPEN): BoxState.OPENED,
        (BoxState.CLOSED, BoxAction.VOID): BoxState.VOID,
    }
)


def settled(state: BoxState, deadline: datetime | None, at: datetime) -> BoxState:
    """Return the state a box has at an instant, whether or not a job has written it down yet.

    The deadline itself is already too late: 17:00:00 and after is not received.
    """
    if state is BoxState.RECEIVING and deadline is not None and at >= deadline:
        return BoxState.CLOSED
    return state


class InvalidPrice(StrEnum):
    """What a round does with a price that can't win: over the cap, zero, blank or too precise (无效申报)."""

    REFUSE = "refuse"
    MARK = "mark"


class Channel(StrEnum):
    """How a submission came."""

    FORM = "form"
    WORKBOOK = "workbook"
    API = "api"


class BidState(StrEnum):
    """Where a bid stands (未报价 is the absence of one). `SPOILT` is a content that no longer fits its digest."""

    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    OPENED = "opened"
    SPOILT = "spoilt"


class BidAction(StrEnum):
    """What can happen to a bid."""

    REPLACE = "replace"
    WITHDRAW = "withdraw"
    OPEN = "open"
    SPOIL = "spoil"


BID_FLOW = Flow(
    {
        (BidState.SUBMITTED, BidAction.REPLACE): BidState.SUBMITTED,
        (BidState.SUBMITTED, BidAction.WITHDRAW): BidState.WITHDRAWN,
        (BidState.WITHDRAWN, BidAction.REPLACE): BidState.SUBMITTED,
        (BidState.SUBMITTED, BidAction.OPEN): BidState.OPENED,
        (BidState.SUBMITTED, BidAction.SPOIL): BidState.SPOILT,
    }
)
