"""States of a delivery relationship, and who may stand between the producer and the deliverer."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class DeliveryState(StrEnum):
    """Where a delivery relationship stands. Only an accepted one carries orders."""

    ASKED = "asked"
    NAMED = "named"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REFUSED = "refused"
    ENDED = "ended"


class DeliveryAction(StrEnum):
    """What can happen to it."""

    GRANT = "grant"
    REFUSE = "refuse"
    ACCEPT = "accept"
    DECLINE = "decline"
    END = "end"


DELIVERY_FLOW = Flow(
    {
        (DeliveryState.ASKED, DeliveryAction.GRANT): DeliveryState.NAMED,
        (DeliveryState.ASKED, DeliveryAction.REFUSE): DeliveryState.REFUSED,
        (DeliveryState.ASKED, DeliveryAction.END): DeliveryState.ENDED,
        (DeliveryState.NAMED, DeliveryAction.ACCEPT): DeliveryState.ACCEPTED,
        (DeliveryState.NAMED, DeliveryAction.DECLINE): DeliveryState.DECLINED,
        (DeliveryState.NAMED, DeliveryAction.END): DeliveryState.ENDED,
        (DeliveryState.ACCEPTED, DeliveryAction.END): DeliveryState.ENDED,
    }
)
CURRENT = (DeliveryState.ASKED, DeliveryState.NAMED, DeliveryState.ACCEPTED)


class Via(StrEnum):
    """Who buys of the producer and sells to the deliverer."""

    DIRECT = "direct"
    SALES_COMPANY = "sales-company"
    NATIONAL_AGENT = "national-agent"
    DISTRIBUTOR = "distributor"


class Exemption(StrEnum):
    """Why one more invoice is allowed (国医改办发〔2016〕4号)."""

    REMOTE = "remote"
    EMERGENCY = "emergency"
    CONTROLLED = "controlled"
    OTHER = "other"
