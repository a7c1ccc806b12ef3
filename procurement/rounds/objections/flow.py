"""States of an objection, what it can be about, and how it can end."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from kernel.flow import Flow


class ObjectionState(StrEnum):
    """Where an objection stands."""

    FILED = "filed"
    CLAIMED = "claimed"
    DRAFTED = "drafted"
    REPLIED = "replied"
    WITHDRAWN = "withdrawn"


class ObjectionAction(StrEnum):
    """What is done with an objection; a comment leaves it where it is."""

    CLAIM = "claim"
    RELEASE = "release"
    COMMENT = "comment"
    REPLY = "reply"
    RETURN = "return"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"


S, A = ObjectionState, ObjectionAction
OPEN = (S.FILED, S.CLAIMED, S.DRAFTED)

OBJECTION_FLOW = Flow(
    {
        (S.FILED, A.CLAIM): S.CLAIMED,
        (S.CLAIMED, A.RELEASE): S.FILED,
        (S.CLAIMED, A.REPLY): S.DRAFTED,
        (S.DRAFTED, A.RETURN): S.CLAIMED,
        (S.DRAFTED, A.CONFIRM): S.REPLIED,
        **{(state, A.COMMENT): state for state in OPEN},
        **{(state, A.WITHDRAW): S.WITHDRAWN for state in OPEN},
    }
)


class Ground(StrEnum):
    """What an objection rests on."""

    PRICE_ERROR = "price-error"
    ELIGIBILITY = "eligibility"
    RELATED_COMPANIES = "related-companies"
    VOLUME = "volume"
    PROCEDURE = "procedure"
    OTHER = "other"


class Standing(StrEnum):
    """As what somebody objects."""

    BIDDER = "bidder"
    HOSPITAL = "hospital"
    PUBLIC = "public"


class Finding(StrEnum):
    """How an objection ended."""

    UPHELD = "upheld"
    PARTLY = "partly"
    REJECTED = "rejected"
    OUT_OF_TIME = "out-of-time"
    NOT_ADMISSIBLE = "not-admissible"


CORRECTS = frozenset({Finding.UPHELD, Finding.PARTLY})
"""The round has to be evaluated and announced again after these."""


def receives(announced: bool, publicity_ends: datetime | None, now: datetime) -> bool:
    """Say whether objections are received: while a round is announced. The end itself is already too late."""
    return announced and publicity_ends is not None and now < publicity_ends
