"""Kinds of warnings about agreed volumes."""

from __future__ import annotations

from enum import StrEnum


class AlertKind(StrEnum):
    """What is wrong (trading.md, volume ledger)."""

    BEHIND = "behind"
    NO_WINNER = "no-winner"
    NON_WINNING = "non-winning"
