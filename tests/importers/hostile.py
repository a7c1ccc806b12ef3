"""Files made to hurt: what lies about itself, what swells, what hides, what breaks off."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from tests.importers import books
from tests.importers.books import MAIN, cell, parts, worksheet

MB = 1 << 20
LOCAL, CENTRAL = b"PK\3\4", b"PK\1\2"


def swollen(name: str, megabytes: int, *, before: str = "", line: str = "") -> bytes:
    """A workbook with one part that unpacks to so many megabytes: zeros, or a line over and over."""
    target, piece = io.BytesIO(), (line.encode() * (MB // max(1, len(line)) + 1))[:MB] if line else bytes(MB)
    with zipfile.ZipFile(io.BytesIO(parts(worksheet("")))) as plain, zipfile.ZipFile(target, "w", 8) as archive:
        for each in plain.namelist():
            if each != name:
                archive.writestr(each, plain.read(each))
        with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as part:
            part._compressor = zlib.compressobj(1, zlib.DEFLATED, -15)  # type: ignore[attr-defined]  # quick to make
            part.write(before.encode())
            for _ in range(megabytes):
                part.write(piece)
    return target.getvalue()


def gigabyte_of_rows() -> bytes:
    """The sheet itself is a thousand megabytes of rows."""
    row = '<row r="1"><c r="A1"><v>1</v></c></row>'
    return swollen("xl/worksheets/sheet1.xml", 1024, before=f"<worksheet {MAIN}><sheetData>", line=row)


def many_rows(count: int = 1_000_000, dimension: str = "A1:B2") -> bytes:
    """A sheet that says it is small and holds a million rows."""
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, count + 1))
    return parts(f'<worksheet {MAIN}><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>')


def headed(count: int, *, blank: int = 0) -> bytes:
    """Headers, so many rows, and below them rows that hold nothing but a format or an empty result."""
    head = '<row r="1"><c r="A1" t="str"><v>代码</v></c><c r="B1" t="str"><v>名称</v></c></row>'
    full = (
        f'<row r="{n}"><c r="A{n}" t="str"><v>{n:06d}</v></c><c r="B{n}" t="str"><v>x</v></c></row>'
        for n in range(2, count + 2)
    )
    empty = (
        f'<row r="{n}"><c r="A{n}" s="0"/><c r="B{n}" t="str"><f>""</f><v></v></c></row>'
        for n in range(count + 2, count + 2 + blank)
    )
    return parts(worksheet(head + "".join(full) + "".join(empty)))


def misstated(field: str) -> bytes:
    """A zip whose local headers, central directory or checksum say something else than the part holds."""
    data = bytearray(parts(worksheet(cell("A1", "1"))))
    name = b"xl/worksheets/sheet1.xml"
    local, central = data.index(name) - 30, data.rindex(name) - 46
    assert (data[local : local + 4], data[central : central + 4]) == (LOCAL, CENTRAL)
    if field == "local-sizes":
        data[local + 18 : local + 26] = struct.pack("<II", 7, 7)
    elif field == "local-name":
        data[local + 30] = ord("y")
    elif field == "central-size":
        data[central + 24 : central + 28] = struct.pack("<I", 7)
    elif field == "checksum":
        data[central + 16 : central + 20] = data[local + 14 : local + 18] = b"\1\2\3\4"
    elif field == "method":
        data[central + 10 : central + 12] = data[local + 8 : local + 10] = struct.pack("<H", 99)
    elif field == "encrypted":
        data[central + 8] |= 1
        data[local + 6] |= 1
    return bytes(data)


def content_types(kind: str) -> bytes:
    """A workbook whose main part is said to be something else."""
    plain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return parts(worksheet(cell("A1", "1")), extra={"[Content_Types].xml": books.TYPES.replace(plain, kind)})


def shared_strings(count: str, index: int = 0, *, table: str = "<si><t>x</t></si>") -> bytes:
    """A table of strings that says another count than it holds, and a cell that points into it."""
    strings = f'<sst {MAIN} count="{count}" uniqueCount="{count}">{table}</sst>'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relations = (
        f'<Relationships xmlns="{books.RELATIONS}"><Relationship Id="rId1" Type="{books.OFFICE}/worksheet" '
        f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{kind}" Target="sharedStrings.xml"/>'
        "</Relationships>"
    )
    sheet = worksheet(cell("A1", str(index), ' t="s"') + cell("A2", "0", ' t="s"'))
    return parts(sheet, extra={"xl/sharedStrings.xml": strings, "xl/_rels/workbook.xml.rels": relations})


def long_text_many_times(shown: int = 50_000) -> bytes:
    """Fifty thousand cells of text; so many of them point at the one of a megabyte."""
    table = "<si><t>" + "x" * MB + "</t></si><si><t>short</t></si>"
    cells = (f'<c r="A{n}" t="s"><v>{int(n > shown)}</v></c>' for n in range(1, 50_001))
    rows = "".join(f'<row r="{n}">{each}</row>' for n, each in enumerate(cells, 1))
    with zipfile.ZipFile(io.BytesIO(shared_strings("2", table=table))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    noise = "".join(random.Random(7).choices("abcdefghijklmnopqrstuvwxyz", k=MB // 4)) * 4  # compresses badly
    files["xl/sharedStrings.xml"] = files["xl/sharedStrings.xml"].replace(b"x" * MB, noise.encode())
    return books.zipped({**files, "xl/worksheets/sheet1.xml": worksheet(rows)})


def nested_bomb() -> bytes:
    """A workbook in whose media lies a zip of zips of zeros."""
    inner = books.zipped({"zeros": bytes(64 * MB)})
    for _ in range(3):
        inner = books.zipped({f"{n}.zip": inner for n in range(16)})
    return parts(worksheet(cell("A1", "1")), extra={"xl/media/picture.png": inner})


def wide_letters() -> bytes:
    """A laugh in UTF-16, which a search for ASCII bytes passes over."""
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    book = f'{text}<workbook {MAIN}><sheets><sheet name="&b;" sheetId="1"/></sheets></workbook>'
    return parts(worksheet(""), extra={"xl/workbook.xml": book.encode("utf-16")})


def late_entities() -> bytes:
    """A declaration behind two megabytes of comments."""
    noise = "".join(random.Random(7).choices("abcdefghijklmnopqrstuvwxyz", k=2 * MB))
    text = f'<?xml version="1.0"?><!--{noise}--><!DOCTYPE x [<!ENTITY a "ha">]>{worksheet(cell("A1", "&a;"))}'
    return parts(worksheet(""), extra={"xl/worksheets/sheet1.xml": text})


def deep() -> bytes:
    """Elements in elements in elements."""
    return parts(worksheet(""), extra={"xl/styles.xml": "<a>" * 900_000 + "</a>" * 900_000})


def many_names(count: int = 50_000) -> bytes:
    """Fifty thousand sheets, all of them the same part."""
    names = "".join(f'<sheet name="s{n}" sheetId="{n + 1}" r:id="rId1"/>' for n in range(count))
    book = f'<workbook {MAIN} xmlns:r="{books.OFFICE}"><sheets>{names}</sheets></workbook>'
    return parts(worksheet(cell("A1", "1")), extra={"xl/workbook.xml": book})


def broken_sheet() -> bytes:
    """A sheet that ends in the middle of a tag; its checksum is right."""
    return parts(worksheet(cell("A1", "1"))[:-40])


def number_cell(text: str) -> bytes:
    """Headers, and a number cell that holds such a text."""
    names = zip("ABC", ("代码", "名称", "单价"), strict=True)
    head = f'<row r="1">{"".join(f"""<c r="{c}1" t="str"><v>{name}</v></c>""" for c, name in names)}</row>'
    row = f'<row r="2"><c r="A2" t="str"><v>1</v></c><c r="B2" t="str"><v>x</v></c><c r="C2"><v>{text}</v></c></row>'
    return parts(worksheet(head + row))


def open_tags() -> bytes:
    """Tags that never close, and what makes patterns look for cells with errors among them."""
    noise = "".join(random.Random(7).choices("abcdefghijklmnopqrstuvwxyz", k=600_000))
    tags = "".join(f"<c {noise[at : at + 3]}" for at in range(0, len(noise), 3))
    return parts(worksheet(cell("A1", "#N/A", ' t="e"') + "<f>1</f></c>" + tags))


def spaces_behind_a_formula(count: int = 900_000) -> bytes:
    """A formula, nearly a megabyte of spaces, and its result."""
    cells = f'<c r="A1"><f>0+1</f>{" " * count}<v>1</v></c>'
    return parts(worksheet(f'<row r="1">{cells}</row><row r="2"><c r="A2"><f>1</f></c></row>'))


def long_reference() -> bytes:
    """A row number of five thousand digits, and an error there."""
    return parts(worksheet(f'<row r="1"><c r="A{"9" * 5_000}" t="e"><v>#N/A</v></c></row>'))


def binary_workbook() -> bytes:
    """An .xlsb under another name."""
    relation = f'<Relationship Id="r" Type="{books.OFFICE}/officeDocument" Target="xl/workbook.bin"/>'
    relations = f'<Relationships xmlns="{books.RELATIONS}">{relation}</Relationships>'
    return books.zipped({"[Content_Types].xml": books.TYPES, "_rels/.rels": relations, "xl/workbook.bin": b"\x83\1\0"})


def far(reference: str) -> bytes:
    """A value in A1 and one far out."""
    return parts(worksheet(cell("A1", "1") + cell(reference, "1")))


def noise(size: int, before: bytes = b"") -> bytes:
    """Random bytes, the same in every run."""
    return before + random.Random(20261122).randbytes(size)


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file, and what has to be said about it."""

    name: str
    make: Callable[[], bytes]
    code: str
    sheet: str = ""
    cell: str = ""
    file: str = "x.xlsx"


XLSX = (
    Hostile("cell at XFD1048576", books.far_cell, "cell-too-far-out", "数据", "XFD1048576"),
    Hostile("cell at IV1048576", lambda: far("IV1048576"), "cell-too-far-out", "数据", "IV1048576"),
    Hostile("cell at XFD3", books.wide_cell, "too-many-columns", "数据", "XFD3"),
    Hostile("cell at IW1", lambda: far("IW1"), "too-many-columns", "数据", "IW1"),
    Hostile("merge A1:XFD2000", books.merge_bomb, "merges-too-far", "数据", "A1:XFD2000"),
    Hostile("50 001 merges", books.many_merges, "merges-too-far", "数据", "A50001:B50001"),
    Hostile("1 GB of zeros", lambda: swollen("xl/media/zeros.bin", 1024), "inflates-too-far"),
    Hostile("1 GB of rows", gigabyte_of_rows, "inflates-too-far"),
    Hostile("20 MB of spaces", books.quine_ratio, "inflates-too-far"),
    Hostile("zip bomb in a zip in a zip", nested_bomb, "embedded-objects"),
    Hostile("1 MB of text 50 000 times", long_text_many_times, "inflates-too-far"),
    Hostile("billion laughs in a sheet", books.entities, "declares-entities"),
    Hostile("billion laughs in strings", lambda: books.entities("xl/sharedStrings.xml"), "declares-entities"),
    Hostile("billion laughs in workbook", lambda: books.entities("xl/workbook.xml"), "declares-entities"),
    Hostile("billion laughs in types", lambda: books.entities("[Content_Types].xml"), "declares-entities"),
    Hostile("billion laughs in relations", lambda: books.entities("xl/_rels/workbook.xml.rels"), "declares-entities"),
    Hostile("laughs in UTF-16", wide_letters, "declares-entities"),
    Hostile("laughs behind 2 MB", late_entities, "declares-entities"),
    Hostile("external entity", books.outside_file, "declares-entities"),
    Hostile("dimension A1:B2, 1e6 rows", many_rows, "too-many-rows", "数据"),
    Hostile("300 051 rows", lambda: headed(300_051), "too-many-rows", "数据"),
    Hostile("directory understates sizes", books.understated, "part-damaged"),
    Hostile("sheet's size understated", lambda: misstated("central-size"), "part-damaged"),
    Hostile("checksum lies", lambda: misstated("checksum"), "part-damaged"),
    Hostile("unknown compression", lambda: misstated("method"), "part-damaged"),
    Hostile("two names for a part", lambda: misstated("local-name"), "part-damaged"),
    Hostile("types say macros", lambda: content_types("application/vnd.ms-excel.sheet.macroEnabled"), "macros"),
    Hostile("string beyond the table", lambda: shared_strings("1", 99), "cell-unreadable", "数据", "A1"),
    Hostile("501 parts", lambda: books.zipped({f"part{n}.xml": "x" for n in range(501)}), "too-many-parts"),
    Hostile("elements 900 000 deep", deep, "inflates-too-far"),
    Hostile("50 000 sheets of one part", many_names, "sheets-share-part", "s1"),
    Hostile("strings' count lies", lambda: shared_strings("4294967295"), "count-misstated"),
    Hostile("encrypted workbook", books.password_protected, "password"),
    Hostile("encrypted zip", lambda: misstated("encrypted"), "password"),
    Hostile("macros", lambda: parts(worksheet(""), extra={"xl/vbaProject.bin": b"x"}), "macros"),
    Hostile("macro sheet", lambda: parts(worksheet(""), extra={"xl/macrosheets/a.xml": b"x"}), "macros"),
    Hostile("external link", lambda: parts(worksheet(""), extra={"xl/externalLinks/a.xml": b"x"}), "external-links"),
    Hostile("embedding", lambda: parts(worksheet(""), extra={"xl/embeddings/a.bin": b"x"}), "embedded-objects"),
    Hostile("ActiveX", lambda: parts(worksheet(""), extra={"xl/activeX/a.bin": b"x"}), "embedded-objects"),
    Hostile("cut off in the middle", lambda: books.careless()[:-2000], "cut-off"),
    Hostile("cut off early", lambda: books.careless()[:300], "cut-off"),
    Hostile("sheet breaks off", broken_sheet, "part-malformed", "数据"),
    Hostile("200 000 open tags", open_tags, "part-malformed", "数据"),
    Hostile("reference of 5 000 digits", long_reference, "cell-without-reference", "数据"),
    Hostile("random bytes", lambda: noise(100_000), "content-does-not-match-name"),
    Hostile("random bytes behind PK", lambda: noise(100_000, LOCAL), "cut-off"),
    Hostile("xls named xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), "old-format"),
    Hostile("xlsb named xlsx", binary_workbook, "old-format"),
    Hostile("ods named xlsx", lambda: books.zipped({"mimetype": "application/vnd.oasis"}), "old-format"),
)

CSV = (
    Hostile("csv with NULs", lambda: b"a,b\n1,\0\n", "text-with-nul", file="x.csv"),
    Hostile("csv in UTF-16 without mark", lambda: "代码,名称\n".encode("utf-16-le"), "text-with-nul", file="x.csv"),
    Hostile("one line of 40 MB", lambda: b"a" * (40 * MB), "line-too-long", file="x.csv"),
    Hostile("one line of 20 million cells", lambda: b"a," * (20 * MB), "line-too-long", file="x.csv"),
    Hostile("257 columns", lambda: b"a\n" + b"1," * 256 + b"1\n", "too-many-columns", cell="IW2", file="x.csv"),
    Hostile("300 051 rows", lambda: b"a\n" + b"1\n" * 300_051, "too-many-rows", file="x.csv"),
    Hostile("20 million empty cells", lambda: b",\n" * (20 * MB), "too-many-rows", file="x.csv"),
    Hostile("quote never closed", lambda: b'a,b\n"1,2\n' + b"3,4\n" * 200_000, "bad-csv", file="x.csv"),
    Hostile("random bytes", lambda: noise(100_000), "text-with-nul", file="x.csv"),
    Hostile("neither UTF-8 nor GB18030", lambda: b"a,b\n\xff\xff,1\n", "unknown-encoding", file="x.csv"),
)
