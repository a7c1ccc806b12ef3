"""States as data: one table decides, draws the buttons and is tested over its full product."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from kernel.errors import Conflict

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


class Flow(Generic[S, A]):
    """`{(state, action): next}` with the two questions one asks of it."""

    def __init__(self, table: Mapping[tuple[S, A], S]) -> None:
        self.table = dict(table)

    def after(self, state: S, action: A) -> S:
        """Return the state that follows, or raise `Conflict("wrong-state")`."""
        try:
            return self.table[(state, action)]
        except KeyError:
            raise Conflict("wrong-state", state=state, action=action) from None

    def actions(self, state: S) -> tuple[A, ...]:
        """Return the actions a state allows, in the table's order."""
        return tuple(action for source, action in self.table if source == state)

    def allows(self, state: S, action: A) -> bool:
        """Say whether the state allows the action."""
        return (state, action) in self.table
