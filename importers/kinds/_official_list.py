"""From the official workbook of the national list to one flat sheet.

A sheet is a part. Its header row is found by its words; a column reaches from its header to the next one, because
merged cells put values beside their headers. A row with a class code is a class, its name stands further in the
deeper it lies; every other row is an entry of the class above it, with 甲 or 乙 in a column without a header.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalogue.editions.rules.parts import GRADE_NAMES, PART_NAMES, read_part
from importers.columns import Column
from importers.rules import Found, header_key, letter
from importers.workbook import Sheet
from kernel.errors import FileRefused, Issue

HEADERS = {
    "药品分类代码": "class_code", "分类代码": "class_code", "药品分类": "class_name", "编号": "number",
    "序号": "number", "药品名称": "name", "饮片名称": "name", "名称": "name", "剂型": "form",
    "医保支付标准": "standard", "支付标准": "standard", "备注": "restriction", "协议有效期": "agreement",
    "支付标准有效期": "agreement", "有效期": "agreement",
}  # fmt: skip
HEADER_ROWS = 12
GRADES = frozenset(GRADE_NAMES.values())
Cell = tuple[str, int]
EMPTY: Cell = ("", Found.EMPTY)


@dataclass(slots=True)
class _Layout:
    """Where the columns of one sheet lie: name → (first position, one behind the last)."""

    header_at: int
    spans: dict[str, tuple[int, int]]
    letters: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Flat:
    rows: list[dict[str, Cell]] = field(default_factory=list)
    letters: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: list[Issue] = field(default_factory=list)
    classes: set[tuple[str, str, str]] = field(default_factory=set)


def flatten(sheets: Sequence[Sheet], columns: Sequence[Column]) -> tuple[Sheet, list[Issue]] | None:
    """Return the flat sheet of all parts, and the sheets left out by name; None where no sheet is laid out so.

    Raises FileRefused for a sheet that is called like a part but has no header row.
    """
    laid_out = {sheet.name: layout for sheet in sheets if (layout := _layout(sheet)) is not None}
    if not laid_out:
        return None
    flat, refused = _Flat(), []
    for sheet in sheets:
        part, layout = read_part(sheet.name) or _titled(sheet), laid_out.get(sheet.name)
        if part is None:
            flat.notes.append(Issue("sheet-left-out", sheet=sheet.name, facts={"rows": sheet.table.num_rows}))
        elif layout is None:
            refused.append(Issue("list-headers-missing", sheet=sheet.name, facts={"columns": ["编号", "药品名称"]}))
        else:
            _take(flat, sheet, PART_NAMES[part], layout)
    if refused:
        raise FileRefused(refused)
    return _sheet(flat, columns), flat.notes


def _layout(sheet: Sheet) -> _Layout | None:
    """Find the header row: the first that names at least a number and a name."""
    for at, cells in enumerate(sheet.first_rows(HEADER_ROWS)):
        keys = {position: header_key(cell or "") for position, cell in enumerate(cells)}
        if "部分" in keys.values():
            return None  # our own flat layout
        named = {position: HEADERS[key] for position, key in keys.items() if key in HEADERS}
        if {"number", "name"} <= set(named.values()):
            return _Layout(at, _spans(named, len(cells)))
    return None


def _spans(named: dict[int, str], width: int) -> dict[str, tuple[int, int]]:
    places = sorted(named)
    ends = [*places[1:], width]
    spans = {named[place]: (place, end) for place, end in zip(places, ends, strict=True)}
    first = places[0]
    if first:  # values may stand left of the first header
        spans[named[first]] = (0, spans[named[first]][1])
    return spans


def _titled(sheet: Sheet) -> Any:
    rows = sheet.first_rows(1)
    return read_part(" ".join(filter(None, rows[0]))) if rows else None


def _take(flat: _Flat, sheet: Sheet, part: str, layout: _Layout) -> None:
    """Add a sheet's rows; a class that comes again under the same name is the same class."""
    body, above = _rows(sheet, layout), ""
    for number, cells in body:
        row = _columns(cells, layout)
        code, name = row.get("class_code", EMPTY), row.get("class_name", EMPTY)
        if not any(cell[0] for cell in row.values()) or header_key(row["name"][0]) in HEADERS:
            continue
        if code[0]:
            above = code[0].strip()
            known = (part, above, name[0])
            if known in flat.classes and not row["number"][0]:
                continue
            flat.classes.add(known)
        elif above:
            row["class_code"] = (above, Found.TEXT)
        row |= {"part": (part, Found.TEXT), "sheet": (sheet.name, Found.TEXT), "row": (str(number), Found.NUMBER)}
        flat.rows.append(row)
    heads = {name: letter(first) for name, (first, _end) in layout.spans.items()}
    flat.letters[sheet.name] = {**heads, **layout.letters}


def _rows(sheet: Sheet, layout: _Layout) -> Iterator[tuple[int, list[Cell]]]:
    """The rows under the header; what was merged over several entries stands in each of them."""
    texts = [sheet.texts(position) for position in range(sheet.width)]
    kinds = [sheet.found(position) for position in range(sheet.width)]
    numbers = sheet.numbers
    index = {number: at for at, number in enumerate(numbers)}
    for top, left, bottom, _right in sheet.merges:
        for row in range(top + 1, bottom + 1) if left < sheet.width and top in index else ():
            if row in index and texts[left][index[row]] is None:
                texts[left][index[row]], kinds[left][index[row]] = texts[left][index[top]], kinds[left][index[top]]
    for at in range(layout.header_at + 1, len(numbers)):
        yield numbers[at], [(texts[place][at] or "", kinds[place][at]) for place in range(sheet.width)]


def _columns(cells: list[Cell], layout: _Layout) -> dict[str, Cell]:
    """Give every value to its column; 甲 and 乙 stand between the class names and the number."""
    row: dict[str, Cell] = {}
    filled = {
        name: [(place, cells[place]) for place in range(first, end) if cells[place][0].strip()]
        for name, (first, end) in layout.spans.items()
    }
    entry = (filled["number"] or filled["name"]) and not filled.get("class_code")
    between = filled.get("class_name", [])
    graded = [each for each in between if entry or each[1][0].strip() in GRADES]
    if between:
        filled["class_name"] = [each for each in between if each not in graded]
        layout.letters.setdefault("class_name", letter(layout.spans["class_name"][0]))
    for name, found in {**filled, "grade": graded}.items():
        _put(row, name, found, layout)
    return row


def _put(row: dict[str, Cell], name: str, filled: list[tuple[int, Cell]], layout: _Layout) -> None:
    if not filled:
        row[name] = EMPTY
        return
    layout.letters.setdefault(name, letter(filled[0][0]))
    one = filled[0][1]
    row[name] = one if len(filled) == 1 else (" ".join(cell[0] for _place, cell in filled), Found.TEXT)


def _sheet(flat: _Flat, columns: Sequence[Column]) -> Sheet:
    """Write the rows as a sheet under the kind's headers."""
    import pyarrow as pa  # a quarter of a second, which a start need not wait for

    arrays, fields = [pa.array(range(1, len(flat.rows) + 2), pa.int32())], [pa.field("row", pa.int32())]
    for place, column in enumerate(columns):
        cells = [(column.header_zh, Found.TEXT), *(row.get(column.name, EMPTY) for row in flat.rows)]
        arrays += [
            pa.array([text or None for text, _kind in cells], pa.string()),
            pa.array([int(kind) for _text, kind in cells], pa.uint8()),
        ]
        fields += [pa.field(f"t{place}", pa.string()), pa.field(f"k{place}", pa.uint8())]
    return Sheet("国家医保药品目录", pa.table(arrays, schema=pa.schema(fields)), letters=flat.letters)
