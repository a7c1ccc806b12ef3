"""What a new evaluation decides otherwise than the one before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

FIELDS = ("outcome", "rank", "winning_price", "decided_by", "reason", "main_regions", "ratio")
Place = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Changed:
    """One field of one decision; `place` is (lot, company, specification). A side that is missing is None."""

    place: Place
    field: str
    before: Any
    after: Any


def differences(before: Mapping[Place, Mapping[str, Any]], after: Mapping[Place, Mapping[str, Any]]) -> list[Changed]:
    """List what changed, lot by lot.

    >>> old, new = {(1, 2, 3): {"outcome": "lost"}}, {(1, 2, 3): {"outcome": "won"}}
    >>> [(c.field, c.before, c.after) for c in differences(old, new)]
    [('outcome', 'lost', 'won')]
    """
    return [change for place in sorted({*before, *after}) for change in _of(place, before, after)]


def _of(
    place: Place, before: Mapping[Place, Mapping[str, Any]], after: Mapping[Place, Mapping[str, Any]]
) -> Iterable[Changed]:
    old, new = before.get(place, {}), after.get(place, {})
    return (Changed(place, name, old.get(name), new.get(name)) for name in FIELDS if old.get(name) != new.get(name))
