"""Whether a text has the structure of a code, as one pattern for a whole column, and what codes begin alike.

Source: the layouts of rules.kinds; where a split is only recalled, length, leading letter and alphabet alone count.
"""

from __future__ import annotations

import re
from functools import cache

from stdnum import ean

from catalogue.codes.rules.kinds import LAYOUTS, CodeKind, Layout, PartName, Standing

DRUGS = (CodeKind.WESTERN, CodeKind.PATENT, CodeKind.GRANULES)
CONSUMABLES = (CodeKind.CONSUMABLE, CodeKind.CONSUMABLE_MODEL)
LONGEST = 27


@cache
def pattern(*kinds: CodeKind) -> re.Pattern[str]:
    """Return the pattern of codes of some kinds, for `fullmatch`.

    >>> pattern(CodeKind.WESTERN).pattern
    'X[A-Z][0-9]{2}[A-Z]{3}[0-9]{3}[A-Z][0-9]{12}'
    """
    return re.compile("|".join(_pattern(LAYOUTS[kind]) for kind in kinds))


def _pattern(layout: Layout) -> str:
    if layout.standing is Standing.RECALLED:
        return f"{layout.lead}[0-9A-Z]{{{layout.length - len(layout.lead)}}}"
    classes = ["".join(sorted(slot.allowed)) for slot in layout.slots()]
    text, at = "", 0
    while at < len(classes):
        end = at
        while end < len(classes) and classes[end] == classes[at]:
            end += 1
        text += _set(classes[at]) + (f"{{{end - at}}}" if end - at > 1 else "")
        at = end
    return text


def _set(allowed: str) -> str:
    named = {"0123456789": "[0-9]", "ABCDEFGHIJKLMNOPQRSTUVWXYZ": "[A-Z]"}
    named["0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"] = "[0-9A-Z]"
    return named.get(allowed) or (allowed if len(allowed) == 1 else f"[{allowed}]")


def is_drug_code(text: str) -> bool:
    """Say whether a code has the structure of a western drug (23), traditional patent or granule (20) code.

    >>> is_drug_code("XJ01CAA040A0010101" + "00001"), is_drug_code("XJ01CAA04OA0010101" + "00001")
    (True, False)
    """
    return pattern(*DRUGS).fullmatch(text) is not None


def is_consumable_code(text: str) -> bool:
    """Say whether a code has the structure of a consumable's (20) or of a model's (27).

    >>> is_consumable_code("C9901020030010298001"), is_consumable_code("C990102003")
    (True, False)
    """
    return pattern(*CONSUMABLES).fullmatch(text) is not None


def is_device_identifier(text: str) -> bool:
    """Say whether a text is a UDI-DI: 14 digits whose last one checks.

    >>> is_device_identifier("06972253600013"), is_device_identifier("06972253600014")
    (True, False)
    """
    return len(text) == 14 and text.isascii() and bool(ean.is_valid(text))


def upto(code: str, part: PartName) -> str:
    """Return the beginning of a code up to and including a part; the whole code where its kind has no such part.

    >>> upto("XJ01CAA040A001010100001", PartName.NAME), upto("C9901020030010298001", PartName.GENERIC_NAME)
    ('XJ01CAA040', 'C990102003')
    """
    for layout in LAYOUTS.values():
        if layout.lead and code.startswith(layout.lead) and len(code) == layout.length:
            for field, start, _value in layout.cut(code):
                if field.name is part:
                    return code[: start + field.width - 1]
    return code


def span(beginning: str) -> tuple[str, str]:
    """Return the first and the last code that may begin so: a range that an index answers on either database.

    >>> span("C9901")[1][:8]
    'C9901ZZZ'
    """
    rest = LONGEST - len(beginning)
    return beginning, beginning + "Z" * rest
