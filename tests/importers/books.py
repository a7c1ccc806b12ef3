"""Workbooks that tests are made of: kind ones, careless ones and hostile ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from openpyxl import Workbook

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)


def book(rows: Sequence[Sequence[Any]], *, title: str = "数据", **sheets: Sequence[Sequence[Any]]) -> bytes:
    """A workbook as a person saves it; text beginning with = is a formula here."""
    made = Workbook()
    page = made.active
    assert page is not None
    page.title = title
    for row in rows:
        page.append(list(row))
    for name, lines in sheets.items():
        other = made.create_sheet(name)
        for row in lines:
            other.append(list(row))
    return saved(made)


def saved(made: Workbook) -> bytes:
    """The bytes of an openpyxl workbook."""
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def parts(
    sheet: str, *, extra: Mapping[str, bytes | str] | None = None, target: str = "worksheets/sheet1.xml"
) -> bytes:
    """A workbook written by hand around the XML of its only sheet."""
    files: dict[str, bytes | str] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets><sheet name="数据" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" '
        f'Type="{OFFICE}/worksheet" Target="{target}"/></Relationships>',
        f"xl/{target}": sheet,
        **(extra or {}),
    }
    return zipped(files)


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    """A zip of the given parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def worksheet(cells: str, *, after: str = "") -> str:
    """The XML of a sheet."""
    return f"<worksheet {MAIN}><sheetData>{cells}</sheetData>{after}</worksheet>"


def cell(reference: str, value: str, kind: str = "") -> str:
    """One cell in a row of its own."""
    row = "".join(character for character in reference if character.isdigit())
    shown = f'<c r="{reference}"{kind}><v>{value}</v></c>'
    return f'<row r="{row}">{shown}</row>'


def far_cell() -> bytes:
    """A few bytes that make calamine ask for 17 thousand million cells."""
    return parts(worksheet(cell("A1", "1") + cell("XFD1048576", "1")))


def wide_cell() -> bytes:
    """A single value in the last column."""
    return parts(worksheet(cell("A1", "1") + cell("XFD3", "1")))


def merge_bomb() -> bytes:
    """One merge over 32 million cells."""
    merges = '<mergeCells count="1"><mergeCell ref="A1:XFD2000"/></mergeCells>'
    return parts(worksheet(cell("A1", "1"), after=merges))


def many_merges(count: int = 50_001) -> bytes:
    """More merges than any list has."""
    each = "".join(f'<mergeCell ref="A{row}:B{row}"/>' for row in range(1, count + 1))
    return parts(worksheet(cell("A1", "1"), after=f"<mergeCells>{each}</mergeCells>"))


def zip_bomb(megabytes: int = 600) -> bytes:
    """A part of zeros."""
    return parts(worksheet(cell("A1", "1")), extra={"xl/media/zeros.bin": bytes(megabytes << 20)})


def quine_ratio() -> bytes:
    """20 MB of spaces in a sheet: within the total, beyond the ratio."""
    return parts(worksheet(cell("A1", "1") + " " * (20 << 20)))


def understated() -> bytes:
    """A directory that says 1 KB of a part that holds 40 MB."""
    data = bytearray(parts(worksheet(cell("A1", "1")), extra={"xl/media/zeros.bin": bytes(40 << 20)}))
    whole = (40 << 20).to_bytes(4, "little")
    while (at := data.find(whole)) >= 0:
        data[at : at + 4] = (1024).to_bytes(4, "little")
    return bytes(data)


def entities(where: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A thousand million laughs."""
    laughs = "".join(f'<!ENTITY l{n} "{("&l" + str(n - 1) + ";") * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>' + worksheet(cell("A1", "&l9;"))
    return parts(worksheet(""), extra={where: text})


def outside_file() -> bytes:
    """An entity that would read a file of the server."""
    text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>{worksheet(cell("A1", "&f;"))}'
    return parts(worksheet(""), extra={"xl/worksheets/sheet1.xml": text})


def password_protected() -> bytes:
    """The first bytes of an encrypted workbook are those of an old Office file."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024) + "EncryptedPackage".encode("utf-16-le") + bytes(512)


def careless() -> bytes:
    """A sheet with every trap people fall into without meaning to."""
    made = Workbook()
    page = made.active
    assert page is not None
    page.title = "数据"
    page.append(["代码", "名称", "单价", "数量", "日期", "多余"])
    for row in (
        ["00123", "阿莫西林", 1.2345, 10, date(2026, 1, 2), "x"],
        [123456789012345678, "甲", 1, 1, date(2026, 1, 2), None],
        ["A2", " 乙 ", "１２．５０", "1,234", "2026-01-02", None],
        ["A3", date(2026, 5, 1), 0.12345, 1.5, datetime(2026, 1, 2, 9, 30), None],
        ["A4", "丁", "1e3", "1_000", "2026/1/2", None],
        ["A5", "戊", "NaN", "-1", timedelta(hours=30), None],
        ["A 6", "己", "²", "十", 46000, None],
        ["00123", "重复", 1, 1, None, None],
        ["A8", "=1/0", "=1+1", True, None, None],
        ["A9", "隐藏", 1, 1, None, None],
    ):
        page.append(row)
    page.row_dimensions[11].hidden = True
    hidden = made.create_sheet("旧数据")
    hidden.append(["代码"])
    hidden.sheet_state = "hidden"
    made.create_sheet("备注").append(["随便写的"])
    return saved(made)
