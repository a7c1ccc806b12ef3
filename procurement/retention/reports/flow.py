"""By what retained balances are added up."""

from __future__ import annotations

from enum import StrEnum


class Cut(StrEnum):
    """What a row of the report is."""

    BATCH = "batch"
    YEAR = "year"
    AREA = "area"
    GRADE = "grade"
    HOSPITAL = "hospital"
