"""Parts, class codes and entry numbers of the list.

Source: 国家基本医疗保险、工伤保险和生育保险药品目录, 凡例; catalogue.md, "National drug list".
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """A part of the list; numbers begin anew in each."""

    WESTERN = "western"
    TRADITIONAL = "traditional"
    NEGOTIATED_WESTERN = "negotiated-western"
    NEGOTIATED_TRADITIONAL = "negotiated-traditional"
    PRICE_BID = "price-bid"
    DECOCTION = "decoction"


class Grade(StrEnum):
    """Class A (甲) is paid in full inside the range; of class B (乙) the patient pays a share first."""

    A = "A"
    B = "B"


PART_NAMES = {
    Part.WESTERN: "西药",
    Part.TRADITIONAL: "中成药",
    Part.NEGOTIATED_WESTERN: "协议西药",
    Part.NEGOTIATED_TRADITIONAL: "协议中成药",
    Part.PRICE_BID: "竞价药品",
    Part.DECOCTION: "中药饮片",
}
"""What workbooks write."""
GRADE_NAMES = {Grade.A: "甲", Grade.B: "乙"}
AGREED = frozenset({Part.NEGOTIATED_WESTERN, Part.NEGOTIATED_TRADITIONAL, Part.PRICE_BID})
"""Parts whose entries carry a payment standard for a time."""


def read_part(title: str) -> Part | None:
    """Return the part that a sheet's name or title names, None where it names none.

    >>> read_part("协议中成药").value, read_part("西药部分").value, read_part("说明")
    ('negotiated-traditional', 'western', None)
    """
    plain = re.sub(r"\s", "", title)
    if "竞价" in plain:
        return Part.PRICE_BID
    if "饮片" in plain:
        return Part.DECOCTION
    agreed = "协议" in plain or "谈判" in plain
    if "中成药" in plain:
        return Part.NEGOTIATED_TRADITIONAL if agreed else Part.TRADITIONAL
    if "西药" in plain:
        return Part.NEGOTIATED_WESTERN if agreed else Part.WESTERN
    return None


_CLASS = re.compile(r"[XZ][A-Z](?:[0-9]{2}(?:[A-Z]{1,2})?)?")
_LEVELS = {2: 1, 4: 2, 5: 3, 6: 4}


def class_level(code: str) -> int | None:
    """Return the level of a class code from 1 to 4, None where it is none.

    >>> class_level("XA"), class_level("XA02BC"), class_level("A02")
    (1, 4, None)
    """
    return _LEVELS[len(code)] if _CLASS.fullmatch(code) else None


def ancestors(code: str) -> tuple[str, ...]:
    """Return the codes above, nearest first.

    >>> ancestors("XA02BC")
    ('XA02B', 'XA02', 'XA')
    """
    return tuple(code[:length] for length in (5, 4, 2) if length < len(code))


def parent_of(code: str, known: Container[str]) -> str | None:
    """Return the nearest class above that exists: the official list leaves some levels out. None for the top.

    >>> parent_of("XC07FB", {"XC", "XC07"})
    'XC07'
    """
    return next((above for above in ancestors(code) if above in known), None)


@dataclass(frozen=True, slots=True, order=True)
class Number:
    """An entry's number; a repeat (★) stands again under the number of its entry."""

    value: int
    repeat: bool = False

    def __str__(self) -> str:
        return f"★({self.value})" if self.repeat else str(self.value)


_NUMBER = re.compile(r"(★?)[(\[]?([0-9]{1,6})[)\]]?")


def read_number(text: str) -> Number | None:
    """Read an entry's number, None where it is none.

    >>> str(read_number("★(8)")), str(read_number("12")), read_number("(8)"), read_number("八")
    ('★(8)', '12', None, None)
    """
    plain = re.sub(r"\s", "", text).translate(_WIDE)
    match = _NUMBER.fullmatch(plain)
    if match is None or (not match[1] and not plain.isdigit()) or not int(match[2]):
        return None
    return Number(int(match[2]), bool(match[1]))


_WIDE = {0xFF01 + place: 0x21 + place for place in range(94)} | {ord("☆"): "★", ord("*"): "★"}
