"""Codes of consumables: C, class 6, generic name 3, feature 5, company 5, of a model 7 more. Source: catalogue.md."""

from __future__ import annotations

import re

CATEGORY = re.compile(r"C\d{6}\d{3,4}", re.ASCII)
CATEGORY_LENGTH = 10
CLASS_LENGTHS = (3, 5, 7)
"""Where the three classes end: field, use, site."""


def is_category_only(code: str) -> bool:
    """Say whether a code stops where the category ends.

    >>> is_category_only("C020101052"), is_category_only("C0201010520000100001")
    (True, False)
    """
    return CATEGORY.fullmatch(code) is not None


def category_of(code: str) -> str:
    """Return the category that a code begins with."""
    return code[:CATEGORY_LENGTH]


def classes_of(code: str) -> tuple[str, ...]:
    """Return the classes and the category that a code lies in, the widest first.

    >>> classes_of("C0201010520000100001")
    ('C02', 'C0201', 'C020101', 'C020101052')
    """
    return tuple(code[:length] for length in (*CLASS_LENGTHS, CATEGORY_LENGTH))
