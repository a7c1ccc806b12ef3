"""Which announcements there are."""

from __future__ import annotations

from enum import StrEnum


class AnnouncementKind(StrEnum):
    """What is announced."""

    PROPOSED = "proposed"
    CORRECTION = "correction"
    FINAL = "final"
    LOT_VOID = "lot-void"
    VOID = "void"
