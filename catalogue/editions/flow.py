"""States of an edition and of a match between an entry and a product."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class EditionState(StrEnum):
    """A draft can be filled; once issued nothing in it changes, its successor supersedes it."""

    DRAFT = "draft"
    ISSUED = "issued"
    SUPERSEDED = "superseded"


class EditionAction(StrEnum):
    """What is done with an edition."""

    ISSUE = "issue"
    SUPERSEDE = "supersede"


EDITION_FLOW = Flow(
    {
        (EditionState.DRAFT, EditionAction.ISSUE): EditionState.ISSUED,
        (EditionState.ISSUED, EditionAction.SUPERSEDE): EditionState.SUPERSEDED,
    }
)


class MatchState(StrEnum):
    """Whether a product belongs to an entry: found for certain, waiting for a person, or decided by one."""

    CERTAIN = "certain"
    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class MatchAction(StrEnum):
    """What a person says of a match."""

    CONFIRM = "confirm"
    REJECT = "reject"


MATCH_FLOW = Flow(
    {
        (MatchState.OPEN, MatchAction.CONFIRM): MatchState.CONFIRMED,
        (MatchState.OPEN, MatchAction.REJECT): MatchState.REJECTED,
        (MatchState.CERTAIN, MatchAction.REJECT): MatchState.REJECTED,
        (MatchState.CONFIRMED, MatchAction.REJECT): MatchState.REJECTED,
        (MatchState.REJECTED, MatchAction.CONFIRM): MatchState.CONFIRMED,
    }
)
