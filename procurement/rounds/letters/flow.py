"""Which letters there are."""

from __future__ import annotations

from enum import StrEnum


class LetterKind(StrEnum):
    """What a letter says: won, not selected, or what a hospital agreed to buy."""

    AWARD = "award"
    NOT_SELECTED = "not-selected"
    VOLUME = "volume"
