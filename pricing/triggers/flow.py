"""Codes of trigger evaluations."""

from __future__ import annotations

from enum import StrEnum


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
    """Whether prices are adjusted this year."""

    START = "start"
    NO_START = "no-start"
    UNDETERMINED = "undetermined"
    SKIPPED = "skipped"
