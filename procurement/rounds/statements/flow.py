"""States of a statement of reasons, the parts of its cost composition, and why one is sent back or refused."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from kernel.flow import Flow


class StatementState(StrEnum):
    """Where a statement stands. `MISSED` follows from its deadline: nothing was submitted by then."""

    ASKED = "statement-asked"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    REFUSED = "statement-refused"
    MISSED = "statement-missed"


class StatementAction(StrEnum):
    """What can happen to a statement."""

    SUBMIT = "submit"
    RETURN = "return"
    ACCEPT = "accept"
    REFUSE = "refuse-statement"
    MISS = "miss"


STATEMENT_FLOW = Flow(
    {
        (StatementState.ASKED, StatementAction.SUBMIT): StatementState.SUBMITTED,
        (StatementState.RETURNED, StatementAction.SUBMIT): StatementState.SUBMITTED,
        (StatementState.SUBMITTED, StatementAction.SUBMIT): StatementState.SUBMITTED,
        (StatementState.SUBMITTED, StatementAction.RETURN): StatementState.RETURNED,
        (StatementState.SUBMITTED, StatementAction.ACCEPT): StatementState.ACCEPTED,
        (StatementState.SUBMITTED, StatementAction.REFUSE): StatementState.REFUSED,
        (StatementState.ASKED, StatementAction.MISS): StatementState.MISSED,
        (StatementState.RETURNED, StatementAction.MISS): StatementState.MISSED,
    }
)


def settled(state: StatementState, due_at: datetime, at: datetime) -> StatementState:
    """Return the state a statement has at an instant: the deadline itself is already too late."""
    if at >= due_at and STATEMENT_FLOW.allows(state, StatementAction.MISS):
        return STATEMENT_FLOW.after(state, StatementAction.MISS)
    return state


class CostPart(StrEnum):
    """What a unit price is made of, yuan per unit; together they come to the bid price."""

    INGREDIENT = "ingredient"
    EXCIPIENTS = "excipients"
    PACKAGING = "packaging"
    LABOUR = "labour"
    ENERGY = "energy"
    OVERHEAD = "overhead"
    RESEARCH = "research"
    EXPENSES = "expenses"
    TAXES = "taxes"
    PROFIT = "profit"


class ReturnReason(StrEnum):
    """Why a statement is sent back or refused."""

    INCOMPLETE = "incomplete"
    NOT_PLAUSIBLE = "not-plausible"
    UNPROVEN = "unproven"
    BELOW_COST = "below-cost"
    OTHER = "other-reason"
