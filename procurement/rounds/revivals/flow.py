"""States of an offer of a revival."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from kernel.flow import Flow


class OfferState(StrEnum):
    """Where an offer stands. LAPSED: the deadline passed in silence. SUPERSEDED: by a later evaluation."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    SUPERSEDED = "superseded"


class OfferAction(StrEnum):
    """What can happen to an offer. An answer that came on paper in time may be recorded after the deadline."""

    ACCEPT = "accept"
    DECLINE = "decline"
    ACCEPT_ON_PAPER = "accept-on-paper"
    DECLINE_ON_PAPER = "decline-on-paper"
    LAPSE = "lapse"
    SUPERSEDE = "supersede"


S, A = OfferState, OfferAction

OFFER_FLOW = Flow(
    {
        (S.OPEN, A.ACCEPT): S.ACCEPTED,
        (S.OPEN, A.DECLINE): S.DECLINED,
        (S.OPEN, A.LAPSE): S.LAPSED,
        **{(state, A.ACCEPT_ON_PAPER): S.ACCEPTED for state in (S.OPEN, S.LAPSED)},
        **{(state, A.DECLINE_ON_PAPER): S.DECLINED for state in (S.OPEN, S.LAPSED)},
        **{(state, A.SUPERSEDE): S.SUPERSEDED for state in (S.OPEN, S.ACCEPTED, S.DECLINED, S.LAPSED)},
    }
)


def settled(state: OfferState, deadline: datetime, at: datetime) -> OfferState:
    """Return the state at an instant, whether or not a job has written it down: the deadline itself is too late."""
    return S.LAPSED if state is S.OPEN and at >= deadline else state
