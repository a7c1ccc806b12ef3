"""What a workbook's shared texts come to when every cell gets its own copy. Runs in the reading child.

The memory limit is what protects; this finds the same sooner than a parser that fills it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable

from importers.reading_zip import CHUNK, MAX_INFLATED, Refused, chunks, strings_part

LONG = 4 << 10
"""Bytes. Shorter texts cannot fill the memory before there are too many rows."""
POINTER = re.compile(rb"""\bt="s"[^<>]*+>\s*+<v>\s*+(\d{1,9}+)""")


def check(archive: zipfile.ZipFile, sheets: Iterable[str], pointers: int) -> None:
    """Refuse a workbook whose long texts come to too much; `pointers` is how many cells there may be that show one."""
    lengths = long_texts(archive)
    if pointers * max(lengths.values(), default=0) <= MAX_INFLATED:
        return
    total = 0
    for part in sheets:
        for chunk, fresh in chunks(archive, archive.getinfo(part)) if part else ():
            total += sum(lengths.get(int(index), 0) for index in POINTER.findall(chunk, len(chunk) - fresh))
            if total > MAX_INFLATED:
                raise Refused("inflates-too-far", part=part, limit=MAX_INFLATED >> 20)


def long_texts(archive: zipfile.ZipFile) -> dict[int, int]:
    """Index of each long shared text → how many bytes it has."""
    part = strings_part(archive)
    if not part:
        return {}
    found: dict[int, int] = {}
    index, before, rest = 0, 0, b""
    with archive.open(part) as file:
        while piece := file.read(CHUNK):
            *ended, last = (rest + piece).split(b"</si>")
            for text in ended:
                if before + len(text) > LONG:
                    found[index] = before + len(text)
                index, before = index + 1, 0
            rest = last[-4:]  # the end tag may be cut in two
            before += len(last) - len(rest)
    return found
