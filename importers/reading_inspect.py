"""The inspection of a workbook's zip before any parser sees it. Runs in the reading child.

Every part is inflated and counted; sheets are scanned by byte patterns (no XML callbacks) for what calamine does not
tell: error cells, formulas without a result, hidden rows, merged ranges, numbers shown with leading zeros.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field

from importers import reading_texts, reading_why
from importers.reading_zip import (
    BROKEN,
    CELL,
    FORMULA,
    MAX_DATA_ROWS,
    MAX_INFLATED,
    MAX_RATIO,
    MAX_ROWS,
    RATIO_FROM,
    REFERENCE,
    VALUE,
    Refused,
    check_parts,
    chunks,
    declares,
    padded_styles,
    position,
    reference,
    sheet_parts,
)
from importers.rules import Found

MAX_MERGES, MAX_MERGED_CELLS = 50_000, 2_000_000
SMALL = 1 << 20  # of a sheet's beginning: what is too far out there is found before the parser is loaded
ERROR_CELL = re.compile(CELL + rb"""\bt=["']e["'][^<>]*+>(?:""" + FORMULA + rb""")?\s*+(?:""" + VALUE + rb""")?""")
NO_RESULT_CELL = re.compile(
    CELL + rb""">""" + FORMULA + rb"""\s*+(?:<(?:\w+:)?v\s*+/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*+</(?:\w+:)?c>"""
)
HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\b(?=[^<>]*?\bhidden=["'](?:1|true)["'])[^<>]*?\br=["'](\d{1,7})["']""")
MERGE = re.compile(rb"""<(?:\w+:)?mergeCell\b[^<>]*?\bref=["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']""")
UNCALCULATED = (b"</f></c>", b"<v></v>", b"<v/>", b"<v />", b'"/></c>')


@dataclass
class Scan:
    """What the patterns found in one sheet: `marks` is column → row → (kind, text)."""

    marks: dict[int, dict[int, tuple[int, str]]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    merges: dict[tuple[int, int, int, int], None] = field(default_factory=dict)
    merged: int = 0
    rows: int = 0
    """How many rows are written down, empty ones too."""
    texts: int = 0
    """How many cells show a shared text."""


def inspect(data: bytes) -> dict[str, Scan]:
    """Check the whole zip and return the scan of each sheet by its name."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:  # the directory stands at the end
        raise Refused("cut-off") from error
    with archive:
        check_parts(archive)
        sheets = sheet_parts(archive)
        names = {part: name for name, part in sheets.items()}
        padded = padded_styles(archive)
        scans: dict[str, Scan] = {}
        total = 0
        for info in archive.infolist():
            name = names.get(info.filename)
            scan = None if name is None else scans.setdefault(name, Scan())
            try:
                total = inflate(archive, info, total, scan, padded, name or "")
            except BROKEN as error:
                raise Refused("part-damaged", part=info.filename) from error
        reading_texts.check(archive, sheets.values(), sum(scan.texts for scan in scans.values()))
    return scans


def inflate(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, total: int, scan: Scan | None, padded: dict[int, int], sheet: str
) -> int:
    """Inflate one part, counting real bytes, and scan it where it is a sheet."""
    size, counted = 0, False
    for chunk, fresh in chunks(archive, info):
        if size == 0 and chunk.startswith(b"PK\3\4"):
            raise Refused("embedded-objects", part=info.filename)
        if (scan is not None or "/media/" not in info.filename) and declares(chunk):  # a drawing may declare its type
            raise Refused("declares-entities", part=info.filename)
        if info.filename.endswith("[Content_Types].xml") and b"macroEnabled" in chunk:
            raise Refused("macros", part=info.filename)
        size += fresh
        if total + size > MAX_INFLATED:
            raise Refused("inflates-too-far", limit=MAX_INFLATED >> 20)
        if size > RATIO_FROM and size > MAX_RATIO * max(info.compress_size, 1):
            raise Refused("inflates-too-far", part=info.filename, limit=MAX_INFLATED >> 20)
        if scan is not None:
            look(chunk, scan, padded, sheet)
            if size <= SMALL:
                reading_why.must_be_near(chunk, sheet)
            scan.rows += chunk.count(b"<row ", len(chunk) - fresh)
            scan.texts += chunk.count(b't="s"', len(chunk) - fresh)
            if scan.rows > MAX_ROWS and not counted:
                counted = True
                if reading_why.filled_rows(archive, info) > MAX_ROWS:
                    raise Refused("too-many-rows", sheet=sheet, limit=MAX_DATA_ROWS)
    return total + size


def look(chunk: bytes, scan: Scan, padded: dict[int, int], sheet: str) -> None:
    """Note what the patterns find in a piece of a sheet; a plain search goes before each pattern."""
    if b't="e"' in chunk or (b"'" in chunk and b"t='e'" in chunk):
        for match in ERROR_CELL.finditer(chunk):
            mark(scan, match.group(0), Found.ERROR, (match.group(2) or b"#ERROR").decode("utf-8", "replace"), sheet)
    if (b"f>" in chunk or b"<f " in chunk) and any(end in chunk for end in UNCALCULATED):
        for match in NO_RESULT_CELL.finditer(chunk):
            if b't="str"' not in match.group(1):
                mark(scan, match.group(0), Found.NO_RESULT, "", sheet)
    if b"hidden=" in chunk:
        scan.hidden |= {int(match.group(1)) for match in HIDDEN_ROW.finditer(chunk)}
    if b"mergeCell " in chunk:
        for match in MERGE.finditer(chunk):
            merge(scan, match, sheet)
    for style, width in padded.items():
        if b's="%d"' % style in chunk:
            for match in re.finditer(CELL + rb'\bs="%d"' % style + rb"[^>]*>", chunk):
                if b" t=" not in match.group(0).replace(b' t="n"', b""):
                    mark(scan, match.group(0), Found.TEXT, str(width), sheet)


def mark(scan: Scan, tag: bytes, kind: int, text: str, sheet: str) -> None:
    """Note a finding at the cell the tag names."""
    found = REFERENCE.search(tag.partition(b">")[0])
    if not found:
        raise Refused("cell-without-reference", sheet=sheet)
    scan.marks.setdefault(position(found.group(1)), {})[int(found.group(2))] = (kind, text)


def merge(scan: Scan, match: re.Match[bytes], sheet: str) -> None:
    """Note a merged range, once, within limits."""
    top, left, bottom, right = int(match[2]), position(match[1]), int(match[4]), position(match[3])
    if (top, left, bottom, right) in scan.merges:
        return
    scan.merges[(top, left, bottom, right)] = None
    scan.merged += max(0, bottom - top + 1) * max(0, right - left + 1)
    if len(scan.merges) > MAX_MERGES or scan.merged > MAX_MERGED_CELLS:
        cell = reference(top, left) + ":" + reference(bottom, right)
        raise Refused("merges-too-far", sheet=sheet, cell=cell, limit=MAX_MERGES, cells=MAX_MERGED_CELLS)
