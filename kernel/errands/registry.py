"""What kinds of errand there are, and what their work is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kernel.auth.actor import Actor
from kernel.db import Database


@dataclass(frozen=True, slots=True)
class Work:
    """What an errand's function works with. It opens its own transactions; it may be run again after a crash.

    `tell(step, done, total)` shows progress; it commits, so never call it inside a write transaction.
    """

    database: Database
    actor: Actor
    locale: str
    facts: Mapping[str, Any]
    tell: Callable[..., None]


Do = Callable[[Work], None]
_errands: dict[str, Do] = {}


def errand(name: str) -> Callable[[Do], Do]:
    """Register an errand's function."""

    def register(do: Do) -> Do:
        _errands[name] = do
        return do

    return register


def found(name: str) -> Do:
    """Return the function of an errand."""
    return _errands[name]
