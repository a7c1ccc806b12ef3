"""Codes of entries of the violation list, and their states."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class ViolationState(StrEnum):
    """Where an entry stands. LISTED: a second person confirmed it; LIFTED: it was taken off before its time."""

    PROPOSED = "proposed"
    LISTED = "listed"
    DROPPED = "dropped"
    LIFTED = "lifted"


class ViolationAction(StrEnum):
    """What can happen to an entry."""

    CONFIRM = "confirm"
    DROP = "drop"
    LIFT = "lift"


VIOLATION_FLOW = Flow(
    {
        (ViolationState.PROPOSED, ViolationAction.CONFIRM): ViolationState.LISTED,
        (ViolationState.PROPOSED, ViolationAction.DROP): ViolationState.DROPPED,
        (ViolationState.LISTED, ViolationAction.LIFT): ViolationState.LIFTED,
    }
)
PUBLIC = (ViolationState.LISTED, ViolationState.LIFTED)
