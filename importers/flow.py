"""The states of an import: nothing is written before APPLIED. A large upload is received first and checked later."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class ImportState(StrEnum):
    """Where an import stands."""

    RECEIVED = "received"
    REFUSED = "refused"
    CHECKED = "checked"
    APPLIED = "applied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class ImportAction(StrEnum):
    """What can happen to it."""

    CHECK = "check"
    REFUSE = "refuse"
    APPLY = "apply"
    CANCEL = "cancel"
    EXPIRE = "expire"


class Mode(StrEnum):
    """What is written where some rows have issues."""

    ALL = "all"
    GOOD_ROWS = "good-rows"


IMPORT_FLOW: Flow[ImportState, ImportAction] = Flow(
    {
        (ImportState.RECEIVED, ImportAction.CHECK): ImportState.CHECKED,
        (ImportState.RECEIVED, ImportAction.REFUSE): ImportState.REFUSED,
        (ImportState.RECEIVED, ImportAction.CANCEL): ImportState.CANCELLED,
        (ImportState.RECEIVED, ImportAction.EXPIRE): ImportState.EXPIRED,
        (ImportState.REFUSED, ImportAction.EXPIRE): ImportState.EXPIRED,
        (ImportState.CHECKED, ImportAction.APPLY): ImportState.APPLIED,
        (ImportState.CHECKED, ImportAction.CANCEL): ImportState.CANCELLED,
        (ImportState.CHECKED, ImportAction.EXPIRE): ImportState.EXPIRED,
    }
)
