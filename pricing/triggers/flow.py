"""Codes of trigger evaluations, and the states of a region's year."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class Role(StrEnum):
    """What an indicator does: triggers speak for an adjustment, constraints bar it."""

    TRIGGER = "trigger"
    CONSTRAINT = "constraint"


class Outcome(StrEnum):
    """What an indicator says."""

    MET = "met"
    NOT_MET = "not-met"
    MISSING = "missing"


class Decision(StrEnum):
    """What the rules say: whether prices are adjusted this year."""

    START = "start"
    NO_START = "no-start"
    UNDETERMINED = "undetermined"
    SKIPPED = "skipped"


class Verdict(StrEnum):
    """What the region decides."""

    START = "start"
    NO_START = "no-start"


class YearState(StrEnum):
    """Where a region's evaluation of a year stands."""

    COLLECTING = "collecting"
    EVALUATED = "evaluated"
    PROPOSED = "proposed"
    DECIDED = "decided"


class YearAction(StrEnum):
    """What can happen to it. ENTER: data come or change, so that an evaluation of before no longer counts."""

    ENTER = "enter"
    EVALUATE = "evaluate"
    PROPOSE = "propose"
    RETURN = "return"
    CONFIRM = "confirm"


S, A = YearState, YearAction

YEAR_FLOW = Flow(
    {
        (S.COLLECTING, A.ENTER): S.COLLECTING,
        (S.COLLECTING, A.EVALUATE): S.EVALUATED,
        (S.EVALUATED, A.ENTER): S.COLLECTING,
        (S.EVALUATED, A.EVALUATE): S.EVALUATED,
        (S.EVALUATED, A.PROPOSE): S.PROPOSED,
        (S.PROPOSED, A.RETURN): S.EVALUATED,
        (S.PROPOSED, A.CONFIRM): S.DECIDED,
    }
)
