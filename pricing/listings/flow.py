"""Kinds and states of listings."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class ListingKind(StrEnum):
    """On what ground a product may be bought (中选, 谈判, 挂网, 短缺药, 备案)."""

    AGREEMENT = "agreement"
    NEGOTIATED = "negotiated"
    LISTED = "listed"
    SHORTAGE = "shortage"
    FILED = "filed"


class ListingState(StrEnum):
    """Where a listing stands. On which days its price counts is said by its days, not by its state."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


class ListingAction(StrEnum):
    """What an officer does to a listing."""

    SUSPEND = "suspend"
    RESTORE = "restore"
    END = "end"


LISTING_FLOW = Flow(
    {
        (ListingState.ACTIVE, ListingAction.SUSPEND): ListingState.SUSPENDED,
        (ListingState.SUSPENDED, ListingAction.RESTORE): ListingState.ACTIVE,
        (ListingState.ACTIVE, ListingAction.END): ListingState.ENDED,
        (ListingState.SUSPENDED, ListingAction.END): ListingState.ENDED,
    }
)
