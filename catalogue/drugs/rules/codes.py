"""Codes of products: approval numbers and the standard code of the drug authority."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from catalogue.codes.rules.kinds import CodeKind
from catalogue.codes.rules.reading import WrongCode, parse
from kernel.errors import DomainError

# H chemical, Z traditional, S biological, J imported and repacked, B health, T in vitro, F auxiliary
_DOMESTIC = re.compile(r"国药准字([HZSJTBF]C?\d{8})", re.ASCII)
_ANYWHERE = re.compile(r"(?:国药准字)?([HZSJTBF]C?\d{8})", re.ASCII)
_IMPORTED = re.compile(r"(?:进口药品注册证号?|医药产品注册证号?)([HZSB]C?\d{8})", re.ASCII)


class BadApprovalNumber(DomainError):
    """Not an approval number; `number` is what was written."""

    code = "bad-approval-number"


class BadStandardCode(DomainError):
    """Not a 14-digit standard code; `standard_code` is what was written."""

    code = "bad-standard-code"


class VolumeClass(StrEnum):
    """Classes of varieties with shares of their own in agreed volumes (award rules, section 5)."""

    GENERAL = "general"
    B = "b"
    C = "c"


ON, OFF = "on-market", "off-market"
"""The states of products that lists are filtered by."""
CLASS_NAMES = {VolumeClass.GENERAL: "一般", VolumeClass.B: "B 类", VolumeClass.C: "C 类"}
"""What workbooks write."""


def approval_key(text: str | None) -> str:
    """Return the part of an approval number that lists agree on: 国药准字H20045678 and H20045678 are one.

    >>> approval_key("国药准字J20100102(H20100623/H20100624)"), approval_key(None)
    ('J20100102', '')
    """
    found = _ANYWHERE.search((text or "").upper())
    return found[1] if found else ""


def spellings(text: str | None) -> tuple[str, ...]:
    """Return how lists write an approval number, for a look-up by index.

    >>> spellings("国药准字H20045678")
    ('国药准字H20045678', 'H20045678')
    """
    number = approval_key(text)
    return tuple(dict.fromkeys(filter(None, (f"国药准字{number}" if number else "", number, text or ""))))


def approval_number(text: str) -> str:
    """Return an approval number in its one spelling: 国药准字H20045678, or an import licence's.

    >>> approval_number("国药准字 h20045678"), approval_number("进口药品注册证号H20150231")
    ('国药准字H20045678', '进口药品注册证H20150231')
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if found := _DOMESTIC.fullmatch(plain):
        return f"国药准字{found[1]}"
    if found := _IMPORTED.fullmatch(plain):
        return plain.replace("注册证号", "注册证")
    raise BadApprovalNumber(number=text)


def standard_code(text: str) -> str:
    """Return the 14-digit national standard code (药品本位码, begins with 86), or refuse.

    >>> standard_code("86900001000001")
    '86900001000001'
    """
    try:
        return parse(text, kind=CodeKind.STANDARD).text
    except WrongCode:
        raise BadStandardCode(standard_code=text) from None
