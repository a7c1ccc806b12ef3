"""Codes of ratings, and their states."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from kernel.flow import Flow
from kernel.periods import BEIJING


class Level(StrEnum):
    """The levels of both versions, each version's from the lowest up."""

    NONE = "none"
    GENERAL = "general"
    MEDIUM = "medium"
    SERIOUS = "serious"
    EXTREMELY_SERIOUS = "extremely-serious"
    DISHONEST = "dishonest"
    SERIOUSLY_DISHONEST = "seriously-dishonest"
    EXTREMELY_DISHONEST = "extremely-dishonest"


class MeasureKind(StrEnum):
    """What a rating does to its company. Those in BARS close trading, the others are said in public."""

    WARNING = "written-warning"
    FLAG = "flag-and-warn-buyers"
    PRODUCTS_HERE = "suspend-products-in-province"
    ALL_HERE = "suspend-all-in-province"
    PRODUCTS_EVERYWHERE = "suspend-products-everywhere"


BARS = (MeasureKind.PRODUCTS_HERE, MeasureKind.ALL_HERE, MeasureKind.PRODUCTS_EVERYWHERE)


class RatingState(StrEnum):
    """Where a rating stands. DROPPED: decided that there is none."""

    PROPOSED = "proposed"
    NOTICED = "noticed"
    DEFENDED = "defended"
    SUGGESTED = "suggested"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    CLEARED = "cleared"
    DROPPED = "dropped"


class RatingAction(StrEnum):
    """What can happen to a rating."""

    NOTIFY = "notify"
    COLLECT = "collect"
    DEFEND = "defend"
    SUGGEST = "suggest"
    RETURN = "return"
    PUBLISH = "publish"
    DROP = "drop"
    SUBMIT = "submit"
    REVIEW = "review"
    CONFIRM = "confirm"
    FULFIL = "fulfil"
    CLEAR = "clear"


class Stage(StrEnum):
    """A rating as its day shows it: what the clock adds to its state."""

    PROPOSED = "proposed"
    NOTICE_OPEN = "notice-open"
    DEFENCE_OPEN = "defence-open"
    DEFENCE_OVER = "defence-over"
    DEFENDED = "defended"
    SUGGESTED = "suggested"
    DUE_TO_START = "due-to-start"
    IN_FORCE = "in-force"
    CORRECTED = "corrected"
    LAPSED = "lapsed"
    CLEARED = "cleared"
    DROPPED = "dropped"


class CorrectionState(StrEnum):
    """Where one measure of correction stands."""

    DUE = "due"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    VERIFIED = "verified"


class CorrectionAction(StrEnum):
    """What happens to it. CONFIRM: another officer looked at what one verified; its state stays."""

    SUBMIT = "submit"
    RETURN = "return"
    VERIFY = "verify"
    CONFIRM = "confirm"


class Route(StrEnum):
    """How a measure was carried out. PRICE: the price of a round or negotiation applies, which is ⑤."""

    DONE = "done"
    PRICE = "price"
    DONATION = "donation"


S, A = RatingState, RatingAction

RATING_FLOW = Flow(
    {
        (S.PROPOSED, A.NOTIFY): S.NOTICED,
        (S.NOTICED, A.COLLECT): S.NOTICED,
        (S.NOTICED, A.DEFEND): S.DEFENDED,
        (S.NOTICED, A.SUGGEST): S.SUGGESTED,
        (S.DEFENDED, A.SUGGEST): S.SUGGESTED,
        (S.SUGGESTED, A.RETURN): S.DEFENDED,
        (S.SUGGESTED, A.PUBLISH): S.PUBLISHED,
        (S.SUGGESTED, A.DROP): S.DROPPED,
        (S.PUBLISHED, A.SUBMIT): S.PUBLISHED,
        (S.PUBLISHED, A.REVIEW): S.PUBLISHED,
        (S.PUBLISHED, A.CONFIRM): S.PUBLISHED,
        (S.PUBLISHED, A.FULFIL): S.CORRECTED,
        (S.CORRECTED, A.CONFIRM): S.CORRECTED,
        (S.CORRECTED, A.CLEAR): S.CLEARED,
    }
)
CORRECTION_FLOW = Flow(
    {
        (CorrectionState.DUE, CorrectionAction.SUBMIT): CorrectionState.SUBMITTED,
        (CorrectionState.RETURNED, CorrectionAction.SUBMIT): CorrectionState.SUBMITTED,
        (CorrectionState.SUBMITTED, CorrectionAction.RETURN): CorrectionState.RETURNED,
        (CorrectionState.SUBMITTED, CorrectionAction.VERIFY): CorrectionState.VERIFIED,
        (CorrectionState.VERIFIED, CorrectionAction.CONFIRM): CorrectionState.VERIFIED,
    }
)
OPEN = (S.PROPOSED, S.NOTICED, S.DEFENDED, S.SUGGESTED)
PUBLIC = (S.PUBLISHED, S.CORRECTED, S.CLEARED)


def number(rating_id: int, proposed_at: datetime) -> str:
    """Return what documents call a rating; the year is Beijing's.

    >>> number(7, datetime.fromisoformat("2026-12-31T20:00:00+00:00"))
    'XYPJ2027-000007'
    """
    return f"XYPJ{proposed_at.astimezone(BEIJING):%Y}-{rating_id:06d}"
