"""States of a request to end a lot or a round without an award, and the reasons for one."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class VoidState(StrEnum):
    """A void is asked for by one person and confirmed by another."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class VoidAction(StrEnum):
    """What is done with a request."""

    CONFIRM = "confirm"
    REFUSE = "refuse"


VOID_FLOW = Flow(
    {
        (VoidState.ASKED, VoidAction.CONFIRM): VoidState.CONFIRMED,
        (VoidState.ASKED, VoidAction.REFUSE): VoidState.REFUSED,
    }
)


class VoidReason(StrEnum):
    """Why a lot or round ends without an award: the first two fail (流标), the others are void (废标)."""

    TOO_FEW_BIDDERS = "too-few-bidders"
    NO_VALID_BID = "no-valid-bid"
    FRAUD = "fraud"
    ERROR = "error"
    OTHER = "other"


FAILED = frozenset({VoidReason.TOO_FEW_BIDDERS, VoidReason.NO_VALID_BID})
