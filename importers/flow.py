"""The states of an import: nothing is written before APPLIED."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class ImportState(StrEnum):
    """Where an import stands."""

    CHECKED = "checked"
    APPLIED = "applied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class ImportAction(StrEnum):
    """What can happen to it."""

    APPLY = "apply"
    CANCEL = "cancel"
    EXPIRE = "expire"


class Mode(StrEnum):
    """What is written where some rows have issues."""

    ALL = "all"
    GOOD_ROWS = "good-rows"


IMPORT_FLOW: Flow[ImportState, ImportAction] = Flow(
    {
        (ImportState.CHECKED, ImportAction.APPLY): ImportState.APPLIED,
        (ImportState.CHECKED, ImportAction.CANCEL): ImportState.CANCELLED,
        (ImportState.CHECKED, ImportAction.EXPIRE): ImportState.EXPIRED,
    }
)
