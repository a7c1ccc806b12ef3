"""What monitoring calls its splits, steps and savings."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """How long a period of a series is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Split(StrEnum):
    """By what purchases are taken apart."""

    GOODS = "goods"
    CLASS = "class"
    REGION = "region"
    GRADE = "grade"
    SOURCE = "source"


class Ground(StrEnum):
    """On what ground something was bought; of a round, its source names which ("round/JH-YP-2026-1")."""

    ROUND = "round"
    AGREEMENT = "agreement"
    NEGOTIATED = "negotiated"
    LISTED = "listed"
    SHORTAGE = "shortage"
    FILED = "filed"
    EMERGENCY = "emergency"


class SavingKind(StrEnum):
    """Against what a saving is measured."""

    PRE_ROUND = "pre-round"
    LISTED = "listed"
    PERIOD = "period"
