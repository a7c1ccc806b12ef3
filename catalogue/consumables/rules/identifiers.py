"""Device identifiers (UDI-DI) as lists write them: several in one cell, set off by signs or line breaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from catalogue.codes.rules.structure import is_device_identifier

_APART = re.compile(r"[\s;；,，、|/]+")
SEPARATOR = "; "


def split(text: str | None) -> tuple[str, ...]:
    """Return the identifiers of a cell, each once, in their order; what is none of them is among them as it stands.

    >>> split("06972253600013；06972253600013\\n0697x")
    ('06972253600013', '0697x')
    """
    return tuple(dict.fromkeys(filter(None, _APART.split((text or "").strip()))))


def wrong(text: str | None) -> tuple[str, ...]:
    """Return what of a cell is no device identifier with a right check digit."""
    return tuple(each for each in split(text) if not is_device_identifier(each))


def joined(text: str | None) -> str | None:
    """Return the identifiers of a cell in the one spelling that is kept; None where there is none."""
    return SEPARATOR.join(split(text)) or None


class Told(StrEnum):
    """Who says that a consumable's code and a device identifier belong together."""

    LIST = "list"
    AUTHORITY = "authority"


def pairs(codes: Sequence[str], cells: Sequence[str | None]) -> list[tuple[str, str]]:
    """Return codes with each of the identifiers of their cells.

    >>> pairs(["C1", "C2"], ["06972253600013; 06975737431158", None])
    [('C1', '06972253600013'), ('C1', '06975737431158')]
    """
    return [(code, di) for code, cell in zip(codes, cells, strict=True) for di in split(cell)]
