"""How a product of another region was matched, and where a warning of linkage stands."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class Same(StrEnum):
    """What products of a group share: four-same (四同) with the maker, three-same (三同, injections) without."""

    FOUR = "four"
    THREE = "three"


class Match(StrEnum):
    """How a product as another region writes it was matched with the catalogue."""

    CODE = "code"
    NAME = "name"
    UNSURE = "unsure"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    NONE = "none"


class MatchAction(StrEnum):
    """What a person of the bureau says of a match; either can be said again later."""

    CONFIRM = "confirm"
    REFUSE = "refuse"


class Doubt(StrEnum):
    """Why a match is left to a person."""

    SEVERAL = "several"
    SPECIFICATION = "specification"
    FORM = "form"
    MAKER = "maker"


class WarningState(StrEnum):
    """Where a warning stands. Whether it is overdue is said by its last day, not by its state."""

    OPEN = "open"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    CLEARED = "cleared"


class WarningAction(StrEnum):
    """What can happen to a warning; it is cleared where the price is no longer above."""

    ANSWER = "answer"
    ACCEPT = "accept"
    RETURN = "return"
    CLEAR = "clear"


DECIDED = (Match.CONFIRMED, Match.REFUSED)
M, S, A = Match, WarningState, WarningAction
MATCH_FLOW = Flow(
    {(state, MatchAction.CONFIRM): M.CONFIRMED for state in (M.UNSURE, M.NONE, M.REFUSED, M.CONFIRMED)}
    | {(state, MatchAction.REFUSE): M.REFUSED for state in (M.UNSURE, M.NONE, M.NAME, M.CONFIRMED)}
)
"""A code can't be overruled here: the national code goes before names."""
WARNING_FLOW = Flow(
    {
        (S.OPEN, A.ANSWER): S.ANSWERED,
        (S.ANSWERED, A.ACCEPT): S.ACCEPTED,
        (S.ANSWERED, A.RETURN): S.OPEN,
        (S.OPEN, A.CLEAR): S.CLEARED,
        (S.ANSWERED, A.CLEAR): S.CLEARED,
    }
)
WAITING = (S.OPEN, S.ANSWERED)
