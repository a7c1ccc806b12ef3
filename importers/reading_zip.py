"""A workbook's zip: its parts, their relations, and what may not be among them. Runs in the reading child."""

from __future__ import annotations

import posixpath
import re
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from importers.rules import letter

MAX_PARTS, MAX_INFLATED, MAX_RATIO, RATIO_FROM = 500, 512 << 20, 200, 1 << 20
MAX_COLUMNS, MAX_DATA_ROWS, MAX_ROWS = 256, 300_000, 300_050  # a title and headers may stand above
CHUNK, OVERLAP = 1 << 20, 64 << 10  # a formula has 8,192 characters, escaped to 48 KB at most
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FORBIDDEN = (
    (re.compile(r"(?:vbaproject|vbadata|macrosheets?/|dialogsheets/)", re.I), "macros"),
    (re.compile(r"externallinks/", re.I), "external-links"),
    (re.compile(r"(?:embeddings/|activex/|oleobject)", re.I), "embedded-objects"),
)
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What unpacking a part raises that is not what the zip says of it."""
# no pattern looks past the next < nor tries a run of spaces twice: a sheet of open tags costs no more than another
CELL = rb"""<(?:\w+:)?c\s([^<>]*?)"""
FORMULA = rb"""\s*+<(?:\w+:)?f\b[^<>]*?(?:/>|>[^<]*+</(?:\w+:)?f>)"""
VALUE = rb"""<(?:\w+:)?v>([^<]*+)<"""
REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
ZEROS = re.compile(r"^(0{2,})(?:;.*|_.*)?$")
REL_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
REL_ID_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class Refused(Exception):
    """The file is not read, for a reason."""

    def __init__(self, code: str, *, sheet: str = "", cell: str = "", **facts: object) -> None:
        super().__init__(code)
        self.told = {"code": code, "sheet": sheet, "cell": cell, "facts": facts}


def check_kind(upload: Any, named: str) -> None:
    """Compare the first bytes with the name, and explain passwords and old formats."""
    head = upload.read(8)
    upload.seek(0)
    if head == OLE:
        secret = "EncryptedPackage".encode("utf-16-le") in upload.read()
        raise Refused("password" if secret else "old-format")
    if (head[:4] == b"PK\3\4") != (named == "xlsx"):
        raise Refused("content-does-not-match-name" if head else "empty-file")


def check_parts(archive: zipfile.ZipFile) -> None:
    """Look at the directory: how much, how big, and nothing that acts."""
    infos = archive.infolist()
    names = [plain(info.filename) for info in infos]
    if len(infos) > MAX_PARTS:
        raise Refused("too-many-parts", count=len(infos), limit=MAX_PARTS)
    if len(set(names)) != len(names):
        raise Refused("part-twice", part=next(name for name in names if names.count(name) > 1))
    if any(info.flag_bits & 1 for info in infos):
        raise Refused("password")
    if "mimetype" in names:
        raise Refused("old-format")
    for name in names:
        for pattern, code in FORBIDDEN:
            if pattern.search(name):
                raise Refused(code, part=name)
    if sum(info.file_size for info in infos) > MAX_INFLATED:
        raise Refused("inflates-too-far", limit=MAX_INFLATED >> 20)


def declares(data: bytes) -> bool:
    """Say whether XML declares a type or entities, in UTF-16 too."""
    if b"\0" in data[:64]:
        data = data.replace(b"\0", b"")
    return b"<!DOCTYPE" in data or b"<!ENTITY" in data


def chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """Pieces of a part that overlap, with the count of bytes that are new."""
    tail = b""
    with archive.open(info) as file:
        while piece := file.read(CHUNK):
            yield tail + piece, len(piece)
            tail = (tail + piece)[-OVERLAP:]


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → part, through the relations of the package and of the workbook."""
    names = {plain(name): name for name in archive.namelist()}
    offices = [target for _, kind, target in relations(archive, names, "") if kind.endswith("/officeDocument")]
    book = plain(offices[0]) if offices else "xl/workbook.xml"
    if book not in names:
        raise Refused("not-a-workbook")
    if book.endswith(".bin"):
        raise Refused("old-format")
    targets = {key: target for key, _, target in relations(archive, names, book)}
    found: dict[str, str] = {}
    taken: set[str] = set()
    for node in parse(archive, names[book]).iter():
        if node.tag.rpartition("}")[2] == "sheet":
            target = targets.get(node.get(REL_ID) or node.get(REL_ID_STRICT) or "", "")
            part = names.get(plain(target), "")
            if part in taken:
                raise Refused("sheets-share-part", sheet=node.get("name", ""), part=part)
            taken |= {part} - {""}
            found[node.get("name", "")] = part
    return found


def relations(archive: zipfile.ZipFile, names: dict[str, str], part: str) -> list[tuple[str, str, str]]:
    """(id, type, target from the root) of a part's relations."""
    folder, base = posixpath.split(part)
    name = names.get(posixpath.join(folder, "_rels", f"{base}.rels"))
    nodes = parse(archive, name).iter() if name else []
    return [
        (node.get("Id", ""), node.get("Type", ""), posixpath.join("/", folder, node.get("Target", "")))
        for node in nodes
        if node.get("Target")
    ]


def strings_part(archive: zipfile.ZipFile) -> str:
    """Return the part that holds the shared texts; empty where none is."""
    return next((name for name in archive.namelist() if plain(name).endswith("sharedstrings.xml")), "")


def plain(name: str) -> str:
    """A part's name as it is compared: some programs write backslashes, some a leading slash."""
    return posixpath.normpath("/" + name.replace("\\", "/")).lstrip("/").lower()


def parse(archive: zipfile.ZipFile, name: str) -> ET.Element:
    """Parse a small part; a large one, or one with entities, is refused."""
    try:
        with archive.open(name) as file:
            data = file.read((8 << 20) + 1)
        if len(data) > min(8 << 20, max(RATIO_FROM, MAX_RATIO * archive.getinfo(name).compress_size)):
            raise Refused("inflates-too-far", part=name, limit=MAX_INFLATED >> 20)
        if declares(data):
            raise Refused("declares-entities", part=name)
        return ET.fromstring(data)  # noqa: S314 - no entities, and the process is limited
    except BROKEN as error:
        raise Refused("part-damaged", part=name) from error
    except ET.ParseError as error:
        raise Refused("part-malformed", part=name, line=error.position[0]) from error


def padded_styles(archive: zipfile.ZipFile) -> dict[int, int]:
    """Styles that show numbers with leading zeros (000000) → how many digits."""
    name = next((name for name in archive.namelist() if posixpath.basename(plain(name)) == "styles.xml"), None)
    if name is None:
        return {}
    formats: dict[str, int] = {}
    styles: dict[int, int] = {}
    for node in parse(archive, name).iter():
        tag = node.tag.rpartition("}")[2]
        if tag == "numFmt" and (match := ZEROS.match(node.get("formatCode", ""))):
            formats[node.get("numFmtId", "")] = len(match.group(1))
        elif tag == "cellXfs":
            for index, style in enumerate(node):
                if style.get("numFmtId") in formats:
                    styles[index] = formats[style.get("numFmtId", "")]
    return styles


def position(letters: bytes) -> int:
    """b"A" → 0."""
    total = 0
    for one in letters:
        total = total * 26 + one - 64
    return total - 1


def reference(row: int, column: int) -> str:
    """(1, 0) → A1."""
    return f"{letter(column)}{row}"
