"""By what a board adds up."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """What a row of the board is about."""

    REGION = "region"
    HOSPITAL = "hospital"
    VARIETY = "variety"
    COMPANY = "company"
