"""States of a written rule set."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class SetState(StrEnum):
    """Where a written rule set stands. Only an approved one can be chosen for a round."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETIRED = "retired"


class SetAction(StrEnum):
    """What can happen to a written rule set."""

    CHANGE = "change"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    REOPEN = "reopen"
    RETIRE = "retire"


S, A = SetState, SetAction

SET_FLOW = Flow(
    {
        (S.DRAFT, A.CHANGE): S.DRAFT,
        (S.DRAFT, A.SUBMIT): S.SUBMITTED,
        (S.SUBMITTED, A.APPROVE): S.APPROVED,
        (S.SUBMITTED, A.RETURN): S.DRAFT,
        (S.APPROVED, A.REOPEN): S.DRAFT,
        (S.APPROVED, A.RETIRE): S.RETIRED,
    }
)
