"""States of a version."""

from __future__ import annotations

from enum import StrEnum


class SetState(StrEnum):
    """A version of a rule set is used once a second person has approved it."""

    WRITTEN = "written"
    APPROVED = "approved"
