"""States of a merge of duplicate listings."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class MergeState(StrEnum):
    """Where a merge stands."""

    PUBLICISED = "publicised"
    OBJECTED = "objected"
    ANSWERED = "answered"
    MERGED = "merged"
    DROPPED = "dropped"


class MergeAction(StrEnum):
    """What can happen to it; merging is a second person's, once the window is over."""

    OBJECT = "object"
    ANSWER = "answer"
    MERGE = "merge"
    DROP = "drop"


class Keep(StrEnum):
    """Why a listing is kept rather than its duplicate; the keys are tried in the region's order."""

    WINNER = "winner"
    LOWEST_PRICE = "lowest-price"
    EARLIEST = "earliest"


S, A = MergeState, MergeAction
MERGE_FLOW = Flow(
    {
        (S.PUBLICISED, A.OBJECT): S.OBJECTED,
        (S.OBJECTED, A.ANSWER): S.ANSWERED,
        (S.PUBLICISED, A.MERGE): S.MERGED,
        (S.ANSWERED, A.MERGE): S.MERGED,
        **{(state, A.DROP): S.DROPPED for state in (S.PUBLICISED, S.OBJECTED, S.ANSWERED)},
    }
)
OPEN = (S.PUBLICISED, S.OBJECTED, S.ANSWERED)
