"""States of the filing of an emergency purchase."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from kernel.flow import Flow


class FilingState(StrEnum):
    """Whether an emergency purchase was filed. OVERDUE: its hour passed without."""

    DUE = "due"
    OVERDUE = "overdue"
    FILED = "filed"


class FilingAction(StrEnum):
    """What can happen to it."""

    FILE = "file"
    LAPSE = "lapse"


FILING_FLOW = Flow(
    {
        (FilingState.DUE, FilingAction.FILE): FilingState.FILED,
        (FilingState.DUE, FilingAction.LAPSE): FilingState.OVERDUE,
        (FilingState.OVERDUE, FilingAction.FILE): FilingState.FILED,
    }
)


def standing(file_by: datetime, filed_at: datetime | None, at: datetime) -> FilingState:
    """Return where a filing stands at an instant: the hour itself is too late."""
    if filed_at is not None:
        return FilingState.FILED
    return FilingState.OVERDUE if at >= file_by else FilingState.DUE
