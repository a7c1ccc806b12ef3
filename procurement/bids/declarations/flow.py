"""States of a declaration."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class DeclarationState(StrEnum):
    """Whether a company stands by its declaration for a lot."""

    DECLARED = "declared"
    TAKEN_BACK = "taken-back"


class DeclarationAction(StrEnum):
    """What can happen to a declaration."""

    DECLARE = "declare"
    TAKE_BACK = "take-back"


DECLARATION_FLOW = Flow(
    {
        (DeclarationState.DECLARED, DeclarationAction.TAKE_BACK): DeclarationState.TAKEN_BACK,
        (DeclarationState.DECLARED, DeclarationAction.DECLARE): DeclarationState.DECLARED,
        (DeclarationState.TAKEN_BACK, DeclarationAction.DECLARE): DeclarationState.DECLARED,
    }
)
