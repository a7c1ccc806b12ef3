"""Which class of the national list a drug's code lies in. Source: catalogue.md, "Codes"."""

from __future__ import annotations

CLASS_END = 6


def class_of(code: str) -> str:
    """Return the class of a western drug's or a patent medicine's code, as the national list writes it.

    >>> class_of("XJ01CAA040A001010100001"), class_of("T0100010101000098001")
    ('XJ01CA', '')
    """
    return code[:CLASS_END] if code[:1] in ("X", "Z") else ""
