"""States of a collection of demand and of a hospital's report."""

from __future__ import annotations

from datetime import datetime
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
OPEN = frozenset({CallState.COLLECTING, CallState.REVIEWING})


def settled(state: CallState, deadline: datetime, at: datetime) -> CallState:
    """Return the state at an instant: collecting ends by the clock, whether or not a job has written it down.

    The deadline itself is already too late: 17:00:00 and after is not received.
    """
    if state is CallState.COLLECTING and at >= deadline:
        return CallState.REVIEWING
    return state


def closes_at(deadline: datetime, due_at: datetime | None) -> datetime:
    """Return when a report closes: a returned one may have a later moment of its own."""
    return deadline if due_at is None else max(deadline, due_at)


def may_write(call: CallState, report: ReportState | None, closes: datetime, at: datetime) -> bool:
    """Say whether a hospital may change its report; None is a report not begun."""
    return call in OPEN and (report is None or report in EDITABLE) and at < closes


class LineReason(StrEnum):
    """Why a hospital reports less than the floor."""

    PATIENTS_FEWER = "patients-fewer"
    GUIDELINE_CHANGED = "guideline-changed"
    SUBSTITUTED = "substituted"
    DEPARTMENT_CLOSED = "department-closed"
    STOCK_LEFT = "stock-left"
    PAST_EXCEPTIONAL = "past-exceptional"
    OTHER = "other"
