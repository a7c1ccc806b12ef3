"""From what people type or Excel makes of it to the bare characters of a code."""

from __future__ import annotations

import re
from enum import StrEnum

_WIDE = {0xFF01 + place: 0x21 + place for place in range(94)}  # ASCII's full-width forms one by one: ² stays ²
_HYPHENS = frozenset("-‐‑‒–—―−﹣")
_UNSEEN = frozenset("\u200b\u200c\u200d\u2060\ufeff")
_IDENTIFIER = re.compile(r"\(01\)(\d{14})(?:\(.*)?", re.ASCII)
_SHORTENED = re.compile(r"\d(\.\d+)?E\+\d{1,2}|\d\.\d+E\d{1,2}", re.ASCII)
_ROUNDED = re.compile(r"\d{15}0{1,}", re.ASCII)


class Note(StrEnum):
    """What was put right before reading."""

    FULL_WIDTH = "full-width"
    SEPARATORS = "separators"
    LOWER_CASE = "lower-case"
    IDENTIFIER = "application-identifier"


def clean(text: str) -> tuple[str, tuple[Note, ...]]:
    """Return the code in one spelling, and what was put right; characters that fit no code stay as they are.

    >>> clean("ｘj01 caa-040")
    ('XJ01CAA040', (<Note.FULL_WIDTH: 'full-width'>, <Note.SEPARATORS: 'separators'>, <Note.LOWER_CASE: 'lower-case'>))
    """
    notes = []
    narrow = text.translate(_WIDE)
    if narrow != text:
        notes.append(Note.FULL_WIDTH)
    bare = "".join(char for char in narrow if not (char.isspace() or char in _HYPHENS or char in _UNSEEN))
    if bare != narrow.strip():
        notes.append(Note.SEPARATORS)
    upper = "".join(char.upper() if char.isascii() else char for char in bare)
    if upper != bare:
        notes.append(Note.LOWER_CASE)
    if found := _IDENTIFIER.fullmatch(upper):
        upper = found[1]
        notes.append(Note.IDENTIFIER)
    return upper, tuple(notes)


def is_shortened(text: str) -> bool:
    """Say whether Excel has shortened a long number: its last digits are gone for good.

    >>> is_shortened("1.23E+17"), is_shortened("123000000000000000")
    (True, False)
    """
    return bool(_SHORTENED.fullmatch(text))


def looks_rounded(text: str) -> bool:
    """Say whether a number looks as if Excel had kept 15 digits of it and filled up with zeros.

    >>> looks_rounded("912345678901234000"), looks_rounded("912345678901234567")
    (True, False)
    """
    return bool(_ROUNDED.fullmatch(text))
