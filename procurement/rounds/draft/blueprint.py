"""The map of region drafts."""

from __future__ import annotations

from kernel.routes import Pages
from procurement.rounds.draft import labels

assert labels  # registers names and sentences


def mount(pages: Pages) -> None:
    """Add the pages of drafts."""
