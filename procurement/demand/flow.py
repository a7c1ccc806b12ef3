"""States of a collection of demand and of a hospital's report."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class CallState(StrEnum):
    """Where a collection stands."""

    DRAFT = "draft"
    COLLECTING = "collecting"
    REVIEWING = "reviewing"
    LOCKED = "locked"
    VOID = "void"


class CallAction(StrEnum):
    """What can happen to a collection."""

    START = "start"
    CLOSE = "close"
    REOPEN = "reopen"
    LOCK = "lock"
    VOID = "void"


CALL_FLOW = Flow(
    {
        (CallState.DRAFT, CallAction.START): CallState.COLLECTING,
        (CallState.DRAFT, CallAction.VOID): CallState.VOID,
        (CallState.COLLECTING, CallAction.CLOSE): CallState.REVIEWING,
        (CallState.COLLECTING, CallAction.VOID): CallState.VOID,
        (CallState.REVIEWING, CallAction.REOPEN): CallState.COLLECTING,
        (CallState.REVIEWING, CallAction.LOCK): CallState.LOCKED,
        (CallState.REVIEWING, CallAction.VOID): CallState.VOID,
    }
)


class ReportState(StrEnum):
    """Where a hospital's report stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class ReportAction(StrEnum):
    """What can happen to a report."""

    SUBMIT = "submit"
    RECALL = "recall"
    RETURN = "return"
    ACCEPT = "accept"


REPORT_FLOW = Flow(
    {
        (ReportState.DRAFT, ReportAction.SUBMIT): ReportState.SUBMITTED,
        (ReportState.RETURNED, ReportAction.SUBMIT): ReportState.SUBMITTED,
        (ReportState.SUBMITTED, ReportAction.RECALL): ReportState.DRAFT,
        (ReportState.SUBMITTED, ReportAction.RETURN): ReportState.RETURNED,
        (ReportState.SUBMITTED, ReportAction.ACCEPT): ReportState.ACCEPTED,
        (ReportState.ACCEPTED, ReportAction.RETURN): ReportState.RETURNED,
    }
)

EDITABLE = frozenset({ReportState.DRAFT, ReportState.RETURNED})


class VolumeClass(StrEnum):
    """Which column of the volume table a lot falls under."""

    GENERAL = "general"
    CLASS_B = "class-b"
    CLASS_C = "class-c"


class FormKind(StrEnum):
    """The form as low-price thresholds name it."""

    ORAL_SOLID = "oral-solid"
    INJECTION = "injection"
    OTHER = "other"
