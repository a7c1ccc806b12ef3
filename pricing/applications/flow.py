"""Purposes and states of an application, what a reviewer does, and why one goes back."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class Purpose(StrEnum):
    """What a company asks for."""

    LIST = "list"
    PRICE = "new-price"
    DELIST = "delist"


class ApplicationState(StrEnum):
    """Where an application stands."""

    SUBMITTED = "submitted"
    CHECKED = "checked"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class ApplicationAction(StrEnum):
    """What is done with an application: the first person checks it, a second approves it."""

    CHECK = "check"
    APPROVE = "approve"
    RETURN = "return"
    NOTE = "note"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"


class Back(StrEnum):
    """Why an application goes back to the company."""

    CODE = "code"
    CERTIFICATE = "certificate"
    TOO_DEAR = "too-dear"
    LINKAGE = "linkage"
    RATIO = "ratio"
    LABEL = "label"
    DOCUMENTS = "documents"
    SUPPLY = "supply"
    ELSE = "else"


class Check(StrEnum):
    """What is checked of an application by itself."""

    LETTER = "letter"
    CREDIT = "credit"
    CODE = "code"
    CERTIFICATE = "certificate"
    CEILING = "ceiling"
    LINKAGE = "linkage"
    RATIO = "ratio"
    KEPT_PRICE = "kept-price"
    BAR = "bar"
    LABEL = "label"


S, A = ApplicationState, ApplicationAction
OPEN = (S.SUBMITTED, S.CHECKED)
APPLICATION_FLOW = Flow(
    {
        (S.SUBMITTED, A.CHECK): S.CHECKED,
        (S.CHECKED, A.APPROVE): S.APPROVED,
        **{(state, A.RETURN): S.RETURNED for state in OPEN},
        **{(state, A.NOTE): state for state in OPEN},
        **{(state, A.WITHDRAW): S.WITHDRAWN for state in (*OPEN, S.RETURNED)},
        (S.RETURNED, A.SUBMIT): S.SUBMITTED,
    }
)
REVIEWING = (A.CHECK, A.APPROVE, A.RETURN, A.NOTE)
