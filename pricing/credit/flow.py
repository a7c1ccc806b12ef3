"""Codes of credit."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class Matter(StrEnum):
    """What a fact is about, by the list of matters (事项目录清单), 2020 and 2025 together."""

    KICKBACKS = "kickbacks"
    TAX = "tax"
    MONOPOLY = "monopoly"
    PRICING = "pricing"
    RIGGED_BIDDING = "rigged-bidding"
    BREACH = "breach"
    RESISTING = "resisting"


class Source(StrEnum):
    """What a fact rests on. AUDIT counts since 2025."""

    JUDGMENT = "judgment"
    PENALTY = "penalty"
    AUDIT = "audit"
    BREACH = "breach"
    COLLUSION = "collusion"


class Act(StrEnum):
    """What a company asks to do."""

    BID = "bid"
    LIST = "list"
    ORDER = "order"


class LetterState(StrEnum):
    """Whether a year's commitment letter binds."""

    SIGNED = "signed"
    WITHDRAWN = "withdrawn"


class LetterAction(StrEnum):
    """What a company does with its letter."""

    SIGN = "sign"
    WITHDRAW = "withdraw"


LETTER_FLOW = Flow(
    {
        (LetterState.SIGNED, LetterAction.WITHDRAW): LetterState.WITHDRAWN,
        (LetterState.WITHDRAWN, LetterAction.SIGN): LetterState.SIGNED,
    }
)
