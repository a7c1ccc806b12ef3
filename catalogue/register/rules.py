"""What a national drug code looks like, and how texts of lists are compared. Source: catalogue.md, "Codes"."""

from __future__ import annotations

import re

DRUG_CODE = re.compile(r"X[A-Z]\d{2}[A-Z]{2}[A-Z]\d{3}[A-Z]\d{3}\d{2}\d{2}\d{5}|[ZT][0-9A-Z]{19}", re.ASCII)
APPROVAL = re.compile(r"(?:国药准字)?[HZSJTBF]C?\d{8}", re.ASCII)


def is_drug_code(text: str) -> bool:
    """Say whether a code has the structure of a western drug (23), traditional patent or granule (20) code.

    >>> is_drug_code("XJ01CAA040A0010101" + "00001"), is_drug_code("XJ01CAA04OA0010101" + "00001")
    (True, False)
    """
    return DRUG_CODE.fullmatch(text) is not None


def approval_key(text: str | None) -> str:
    """Return the part of an approval number that lists agree on: 国药准字H20045678 and H20045678 are one.

    >>> approval_key("国药准字J20100102(H20100623/H20100624)"), approval_key(None)
    ('J20100102', '')
    """
    found = APPROVAL.search((text or "").upper())
    return found.group().removeprefix("国药准字") if found else ""
