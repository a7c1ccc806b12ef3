"""What to blame, after a parser gave up: slow looks that only files pay for that could not be read. Runs in the child.

Patterns and a parser without callbacks; whatever is found comes as the `Refused` that says it.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import IO
from xml.parsers import expat

from importers.reading_zip import (
    CELL,
    CHUNK,
    FORMULA,
    MAX_COLUMNS,
    MAX_ROWS,
    REFERENCE,
    VALUE,
    Refused,
    chunks,
    position,
    reference,
    sheet_parts,
    strings_part,
)

MAX_CELLS = 30_000_000
VALUED = re.compile(CELL + rb""">(?:""" + FORMULA + rb""")?\s*+""" + VALUE)
TYPE = re.compile(rb"""\bt=["'](\w+)["']""")
NUMBER = re.compile(rb"\s*+[+-]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?\s*+")
WHOLE = re.compile(rb"\s*+\d{1,9}\s*+")
TEXTS = {b"str", b"e", b"inlineStr", b"d", b"b"}
FILLED = re.compile(rb"<(?:\w+:)?[vt](?:\s[^<>]*)?>[^<]")
HIDDEN = re.compile(rb"""^[^<>]*?\bhidden=["'](?:1|true)["']""")
LONGEST_ROW = 8 << 20
SAID = re.compile(rb"""\bunique[cC]ount=["'](\d{1,12})["']""")
FAR = re.compile(
    rb"""<(?:\w+:)?c\s[^<>]*?\br=["']([A-Z]{3}|[J-Z][A-Z]|I[W-Z])(\d{1,7})["'][^<>]*+(?<!/)>(?:"""
    + FORMULA
    + rb""")?\s*+<(?:\w+:)?(?:v|is)\b"""
)
STRINGS = re.compile(rb"<(?:\w+:)?si\b")


def explain(data: bytes, *, died: bool) -> None:
    """Raise what is wrong with a workbook whose zip is sound and whose parser failed, where it can be found."""
    if died and (far := locate(io.BytesIO(data)))["cell"]:
        raise Refused("cell-too-far-out", **far)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        strings = count_strings(archive)
        if died:
            return
        sheets = sheet_parts(archive)
        for info in archive.infolist():
            if info.filename.lower().endswith((".xml", ".rels")) or info.filename in sheets.values():
                well_formed(archive, info.filename, sheets)
        for name, part in sheets.items():
            if part:
                readable(archive, name, part, strings)


def well_formed(archive: zipfile.ZipFile, part: str, sheets: dict[str, str]) -> None:
    """Refuse a part that breaks off or is no XML, with the line where that shows."""
    parser = expat.ParserCreate()
    try:
        with archive.open(part) as file:
            while piece := file.read(CHUNK):
                parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        sheet = next((name for name, each in sheets.items() if each == part), "")
        raise Refused("part-malformed", sheet=sheet, part=part, line=error.lineno) from error


def count_strings(archive: zipfile.ZipFile) -> int:
    """How many shared strings there are; a part that says there are more makes a parser reserve room for them."""
    part = strings_part(archive)
    count, said = 0, 0
    for chunk, fresh in chunks(archive, archive.getinfo(part)) if part else ():
        said = max([said, *map(int, SAID.findall(chunk[:1_000]))])
        count += len(STRINGS.findall(chunk, len(chunk) - fresh))
    if said > 1_000 + 2 * count:
        raise Refused("count-misstated", part=part, said=said, count=count)
    return count


def readable(archive: zipfile.ZipFile, sheet: str, part: str, strings: int) -> None:
    """Refuse the first cell whose value is not what its type says."""
    for chunk, _fresh in chunks(archive, archive.getinfo(part)):
        for cell in VALUED.finditer(chunk):
            kind = TYPE.search(cell[1])
            if fits(kind[1] if kind else b"n", cell[2], strings):
                continue
            found = REFERENCE.search(b" " + cell[1])
            place = reference(int(found[2]), position(found[1])) if found else ""
            raise Refused("cell-unreadable", sheet=sheet, cell=place, value=cell[2][:60].decode("utf-8", "replace"))


def fits(kind: bytes, value: bytes, strings: int) -> bool:
    """Say whether a cell of a type may hold a value."""
    if kind == b"n":
        return not value.strip() or NUMBER.fullmatch(value) is not None
    if kind == b"s":
        return WHOLE.fullmatch(value) is not None and int(value) < strings
    return kind in TEXTS


def locate(upload: IO[bytes]) -> dict[str, str]:
    """The cell farthest out of a sheet that is too wide or too large for a parser; empty where none is."""
    with zipfile.ZipFile(upload) as archive:
        for name, part in sheet_parts(archive).items():
            far = farthest(archive, part) if part else None
            if far:
                return {"sheet": name, "cell": far}
    return {"sheet": "", "cell": ""}


def must_be_near(chunk: bytes, sheet: str) -> None:
    """Refuse a value beyond the last column that may hold one."""
    if found := FAR.search(chunk):
        row, column = int(found[2]), position(found[1])
        code = "cell-too-far-out" if row * (column + 1) > MAX_CELLS else "too-many-columns"
        raise Refused(code, sheet=sheet, cell=reference(row, column), limit=MAX_COLUMNS)


def farthest(archive: zipfile.ZipFile, part: str) -> str:
    """The cell in the last column, or in the last row, of a sheet that spans too much."""
    low, wide = (0, 0), (0, 0)
    for chunk, _fresh in chunks(archive, archive.getinfo(part)):
        for match in REFERENCE.finditer(chunk):
            row, column = int(match[2]), position(match[1])
            low, wide = max(low, (row, column)), max(wide, (column, row))
    if wide[0] >= MAX_COLUMNS:
        return reference(wide[1], wide[0])
    return reference(*low) if low[0] * (wide[0] + 1) > MAX_CELLS else ""


def filled_rows(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> int:
    """Count the rows of a sheet that are shown and hold a value, up to a few more than may be."""
    count, rest = 0, b""
    with archive.open(info) as file:
        while count <= MAX_ROWS and (piece := file.read(CHUNK)):
            rows = (rest + piece).split(b"<row ")
            rest = rows.pop() if len(rows[-1]) < LONGEST_ROW else b""
            plain = not any(mark in piece for mark in (b"hidden=", b"<v><", b"<is>"))
            count += sum(b"<v>" in row for row in rows) if plain else sum(map(is_filled, rows))
    return count


def is_filled(row: bytes) -> bool:
    """Say whether a row is shown and holds a value; plain searches go before the patterns."""
    if b"hidden=" in row and HIDDEN.search(row):
        return False
    return (b"<v>" in row and b"<v><" not in row) or FILLED.search(row) is not None
