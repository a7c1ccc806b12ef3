"""States of a reassignment and of a hospital's own division."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class ReassignmentState(StrEnum):
    """Where the reassignment of a round stands."""

    OPEN = "open"
    CLOSED = "closed"


class ReassignmentAction(StrEnum):
    """What can happen to it."""

    CLOSE = "close"


class ChoiceState(StrEnum):
    """Where a hospital's division of its pool stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"


class ChoiceAction(StrEnum):
    """What a hospital can do with its division."""

    SAVE = "save"
    SUBMIT = "submit"


REASSIGNMENT_FLOW = Flow({(ReassignmentState.OPEN, ReassignmentAction.CLOSE): ReassignmentState.CLOSED})
CHOICE_FLOW = Flow(
    {
        (ChoiceState.DRAFT, ChoiceAction.SAVE): ChoiceState.DRAFT,
        (ChoiceState.DRAFT, ChoiceAction.SUBMIT): ChoiceState.SUBMITTED,
        (ChoiceState.SUBMITTED, ChoiceAction.SUBMIT): ChoiceState.SUBMITTED,
    }
)
"""A submitted division is replaced by another submission, never by a draft."""
