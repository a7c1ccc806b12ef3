"""Reading of pasted blocks and product codes.

A line names a product by its approval number (国药准字H…), its standard code, or its number here; a pack tells products
of one approval number apart; the last number of a line is the quantity, in smallest units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from kernel.money import NotANumber, parse_decimal

_PREFIX = "国药准字"
_SHORT = re.compile(r"[HZSJB]J?\d{8}")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_SEPARATORS = re.compile(r"\t|,|;|，|；| {2,}")
MOST = 5_000


@dataclass(frozen=True, slots=True)
class Named:
    """What may name a product: codes in any spelling, and packs that would do."""

    codes: tuple[str, ...]
    packs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockLine:
    """A line of a pasted block; without a quantity it is a heading or a slip."""

    number: int
    text: str
    named: Named
    quantity: Decimal | None


def spelt(code: str) -> str:
    """Write a code as the catalogue does.

    >>> spelt(" 国药准字ｈ20051234 "), spelt("H20051234"), spelt("86900001000015")
    ('国药准字H20051234', '国药准字H20051234', '86900001000015')
    """
    plain = code.translate(_WIDE).replace(" ", "").upper()
    return f"{_PREFIX}{plain}" if _SHORT.fullmatch(plain) else plain


def read_block(text: str) -> list[BlockLine]:
    """Read a block as it was copied from a workbook; empty lines are left out.

    >>> [line] = read_block("国药准字H20051234\\t阿莫西林胶囊\\t24\\t1,200")
    >>> line.named.codes[0], line.named.packs, line.quantity
    ('国药准字H20051234', (24,), Decimal('1200'))
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [_line(number, line) for number, line in enumerate(lines[:MOST], 1) if line.strip()]


def _line(number: int, line: str) -> BlockLine:
    parts = line.split("\t") if "\t" in line else _SEPARATORS.split(line)
    cells = [cell.strip() for cell in parts if cell.strip()]
    figures = [_figure(cell) for cell in cells]
    quantity = figures[-1] if len(cells) > 1 else None
    packs = [int(one) for one in figures[1:-1] if one is not None and one == one.to_integral_value()]
    codes = tuple(spelt(cell) for cell in cells[: max(1, len(cells) - 1)])
    return BlockLine(number, line.strip()[:120], Named(codes, tuple(packs)), quantity)


def _figure(cell: str) -> Decimal | None:
    try:
        return parse_decimal(cell)
    except NotANumber:
        return None
