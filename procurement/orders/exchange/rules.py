"""Reading of plans that a hospital's system hands in as comma-separated text."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from kernel.errors import DomainError

HEADERS = {
    "product": ("product", "产品编号", "平台产品编号"), "standard_code": ("standard_code", "本位码", "药品本位码"),
    "approval_number": ("approval_number", "批准文号", "国药准字"), "pack": ("pack", "包装", "转换比"),
    "quantity": ("quantity", "数量", "采购数量"), "price": ("price", "单价", "自填单价"),
    "remark": ("remark", "备注"),
}  # fmt: skip
MOST = 20_000


class Unreadable(DomainError):
    """The text is no table with a column for the quantity and one for the product."""

    code = "exchange-unreadable"


def decoded(data: bytes) -> str:
    """Read UTF-8, with or without a mark, or GB18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable


def rows(data: bytes) -> list[dict[str, str]]:
    """Return the rows by the names of their columns; columns nobody knows are left out.

    >>> rows("批准文号,数量\\r\\n国药准字H1,12\\r\\n".encode("gb18030"))
    [{'approval_number': '国药准字H1', 'quantity': '12'}]
    """
    names = {header: name for name, headers in HEADERS.items() for header in headers}
    found = list(csv.reader(io.StringIO(decoded(data))))
    if not found or len(found) > MOST + 1:
        raise Unreadable
    columns = [names.get(header.strip().lower(), "") for header in found[0]]
    if "quantity" not in columns or not {"product", "standard_code", "approval_number"} & set(columns):
        raise Unreadable
    return [_row(columns, cells) for cells in found[1:] if any(cell.strip() for cell in cells)]


def _row(columns: list[str], cells: list[str]) -> dict[str, str]:
    pairs: Mapping[str, str] = dict(zip(columns, (unquoted(cell.strip()) for cell in cells), strict=False))
    return {name: value for name, value in pairs.items() if name}


def unquoted(cell: str) -> str:
    """Take off the mark that exports put before what a spreadsheet would run as a formula.

    >>> unquoted("'=1"), unquoted("H1")
    ('=1', 'H1')
    """
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@'" else cell
