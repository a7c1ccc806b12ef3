"""Rows of an edition before they are stored: what a workbook says, read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from catalogue.editions.rules.parts import Grade, Number, Part, ancestors, class_level
from catalogue.editions.rules.restrictions import read_restriction
from catalogue.editions.rules.standards import payment_lines
from catalogue.editions.rules.texts import key
from kernel.periods import Period


@dataclass(frozen=True, slots=True)
class DraftClass:
    """A class of the tree."""

    part: Part
    code: str
    name: str

    @property
    def identity(self) -> tuple[Part, str]:
        """Return what it is found by in an edition."""
        return self.part, self.code

    def columns(self, known: Iterable[str]) -> dict[str, Any]:
        """Return its columns; `known` are the codes of its part."""
        codes = frozenset(known)
        parent = next((above for above in ancestors(self.code) if above in codes), "")
        return {
            "part": self.part, "code": self.code, "name": self.name, "parent_code": parent,
            "level": class_level(self.code) or 1,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """An entry or a repeat; texts are tidied (rules.texts)."""

    part: Part
    number: Number
    occurrence: int
    grade: Grade | None
    class_code: str
    name: str
    form: str = ""
    standard: str = ""
    agreement: Period | None = None
    restriction: str = ""

    @property
    def identity(self) -> tuple[Part, int, int]:
        """Return what it is found by in an edition."""
        return self.part, self.number.value, self.occurrence

    def columns(self) -> dict[str, Any]:
        """Return its columns, with what could be read of its texts."""
        lines = payment_lines(self.standard)
        return {
            "part": self.part, "number": self.number.value, "occurrence": self.occurrence,
            "is_repeat": self.number.repeat, "grade": self.grade, "class_code": self.class_code, "name": self.name,
            "name_key": key(self.name), "form": self.form, "standard": self.standard,
            "standard_lines": [
                {"price": str(line.price), "specification": line.specification, "per": line.per} for line in lines
            ],
            "agreed_from": self.agreement.start if self.agreement else None,
            "agreed_until": self.agreement.end if self.agreement else None,
            "restriction": self.restriction, "restriction_read": read_restriction(self.restriction).plain(),
        }  # fmt: skip


COMPARED = ("grade", "class_code", "name", "form", "standard", "agreed_from", "agreed_until", "restriction")
"""The columns by which an entry read again is the same or another."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row stands in the workbook, and its place in the whole."""

    position: int
    sheet: str
    row: int


def in_force_from(code: str) -> date | None:
    """Return the day an edition of that year begins: the first of January after it. None where the code names no year.

    >>> in_force_from("2024")
    datetime.date(2025, 1, 1)
    """
    return date(int(code[:4]) + 1, 1, 1) if re.match(r"20[0-9]{2}", code) else None


def title_of(code: str) -> str:
    """Return the official title of an edition.

    >>> title_of("2024")
    '国家基本医疗保险、工伤保险和生育保险药品目录（2024年）'
    """
    return f"国家基本医疗保险、工伤保险和生育保险药品目录（{code}年）"
