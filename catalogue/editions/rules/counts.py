"""How an edition is counted. A distinct entry is a numbered entry of its part; rows = distinct + repeats (★).

Source: catalogue.md, "National drug list"; "*" counts as having a payment standard.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalogue.editions.rules.parts import Grade, Part


@dataclass(frozen=True, slots=True)
class Line:
    """So many rows of one part that are alike in what is counted."""

    part: Part
    repeat: bool
    grade: Grade | None
    standard: bool
    rows: int = 1


@dataclass(slots=True)
class Counted:
    """The counts of a part or of the whole."""

    distinct: int = 0
    rows: int = 0
    repeats: int = 0
    with_payment_standard: int = 0
    rows_by_class: dict[str, int] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        """Count rows in."""
        self.rows += line.rows
        self.repeats += line.rows if line.repeat else 0
        self.distinct += 0 if line.repeat else line.rows
        self.with_payment_standard += line.rows if line.standard else 0
        name = line.grade.value if line.grade else "none"
        self.rows_by_class[name] = self.rows_by_class.get(name, 0) + line.rows

    def plain(self) -> dict[str, Any]:
        """Return the counts as JSON values; both classes are always named."""
        by_class = {"A": 0, "B": 0, **self.rows_by_class}
        return {
            "distinct": self.distinct, "rows": self.rows, "repeats": self.repeats,
            "with_payment_standard": self.with_payment_standard, "rows_by_class": dict(sorted(by_class.items())),
        }  # fmt: skip


def count(lines: Iterable[Line]) -> dict[str, Any]:
    """Return `{"total": counts, "parts": {part: counts}}`.

    >>> count([Line(Part.WESTERN, False, Grade.A, False), Line(Part.WESTERN, True, Grade.B, False)])["total"]["rows"]
    2
    """
    total = Counted()
    parts: dict[Part, Counted] = {}
    for line in lines:
        total.add(line)
        parts.setdefault(line.part, Counted()).add(line)
    return {"total": total.plain(), "parts": {part.value: parts[part].plain() for part in Part if part in parts}}


FIGURES = ("distinct", "repeats", "rows", "A", "B", "with_payment_standard")


def figures(counted: Mapping[str, Any] | None) -> dict[str, int]:
    """Return the figures of a page's row; nothing counted is nothing."""
    if counted is None:
        return dict.fromkeys(FIGURES, 0)
    return {name: counted[name] if name in counted else counted["rows_by_class"].get(name, 0) for name in FIGURES}
