"""States of a filed price."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class FilingState(StrEnum):
    """Where a filing stands. Accepted, it is published at once and holds from its day on."""

    FILED = "filed"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class FilingAction(StrEnum):
    """What happens to a filing: the bureau decides, the hospital may take it back."""

    ACCEPT = "accept"
    RETURN = "return"
    WITHDRAW = "withdraw"


FILING_FLOW = Flow(
    {
        (FilingState.FILED, FilingAction.ACCEPT): FilingState.ACCEPTED,
        (FilingState.FILED, FilingAction.RETURN): FilingState.RETURNED,
        (FilingState.FILED, FilingAction.WITHDRAW): FilingState.WITHDRAWN,
    }
)
