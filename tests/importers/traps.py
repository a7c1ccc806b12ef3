"""Values that spreadsheets, comma-separated text and careless programs change on the way."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from importers.columns import Column, ColumnKind

K = ColumnKind
TEXTS = (
    "=1+1", "=cmd|' /C calc'!A0", "+86 025", "-1.5", "@SUM(A1)", "'加引号", "''两个", "'", "甲\n乙", "甲\r\n乙",
    "甲\r乙", "甲\t乙", 'a"b""c"', '"', "a,b;c|d", "１２．５０％", "＝１＋１", "²³½", "😀👍🏽👨‍👩‍👧", "𠮷野家𪚥",
    "甲 乙  丙", "e\u0301é", "TRUE", "FALSE", "NaN", "inf", "1E5", "1e-4", "0x10", "00123", "0.10", "2026-01-02",
    "1/2", "12:30", "1,234", "123456789012345678901234567", "_x000D_", "_x0041_", "_X000d_", "<b>&amp;</b>", "]]>",
    "#N/A", "#REF!", "sep=,", "\\N", "\\", "%s{0}%(a)s", "http://a.b/?q=1&r=2", "mailto:a@b", "ﬁﾊﾝ", "مرحبا\u200f",
    "null", "None", "是", "-", "—", "…", "甲\u200b乙", "甲\u3000乙", "甲\u00a0乙", "甲\u2028乙", "甲\u0085乙",
    "\ue5e5\ue863", "𝒜€ḿ", "0", "00", "1.", ".5", "\u00ad药", "药" * 400, "x" * 400, "'" * 400, "a\n" * 199 + "b",
    "联通", "模", "ģ",
)  # fmt: skip
STARTS = ("", "0", "000", "=", "+", "-", "@", "'", "''", "1E", "TRUE", "药", "😀", "𠮷", '"', ",", "#N/A", "0x", "٣")


def digits(chance: random.Random, length: int) -> str:
    """So many digits, often with zeros in front."""
    return "".join(chance.choices("0000123456789", k=length))


def text(chance: random.Random, number: int) -> str:
    """A trap, or two of them."""
    one = TEXTS[number % len(TEXTS)]
    return one if number < 3 * len(TEXTS) or chance.random() < 0.5 else f"{one}{chance.choice(TEXTS)}"[:400].strip()


def free_code(number: int) -> str:
    """A code of one's own making: unlike any other, with a trap in front."""
    return f"{STARTS[number % len(STARTS)]}{number:0{6 + number % 22}d}"


def decimal(chance: random.Random, places: int, *, signed: bool = False) -> Decimal:
    """A number with up to so many decimals, sometimes the least there is."""
    whole = chance.choice((0, 0, 1, 9, 99, 12_345, 999_999_999_999 if places < 5 else 999))
    value = Decimal(whole * 10**places + chance.choice((0, 1, 10**places - 1, chance.randrange(10**places))))
    return value.scaleb(-places) * (-1 if signed and chance.random() < 0.3 else 1)


def value(column: Column, chance: random.Random, number: int) -> Any:
    """A value that the column may hold; None where it may be empty, now and then."""
    if not column.required and chance.random() < 0.15:
        return None
    return _MAKERS[column.kind](column, chance, number)


def _code(column: Column, chance: random.Random, number: int) -> str:
    return digits(chance, chance.choice(column.length)) if column.length else free_code(number)


def _int(column: Column, chance: random.Random, _number: int) -> int:
    least = 0 if column.minimum is not None else -2_147_483_647
    return chance.choice((least, 0, 1, 24, 2_147_483_647, chance.randrange(1_000_000)))


def _date(_column: Column, chance: random.Random, _number: int) -> date:
    first, last = date(1900, 3, 1), date(9999, 12, 31)
    return chance.choice(
        (first, last, date(2024, 2, 29), first + timedelta(days=chance.randrange((last - first).days)))
    )


def _number(column: Column, chance: random.Random, _number: int) -> Decimal:
    return decimal(chance, column.decimals, signed=column.minimum is None)


_MAKERS: Mapping[ColumnKind, Callable[[Column, random.Random, int], Any]] = {
    K.TEXT: lambda column, chance, number: text(chance, number)[: column.max_length].strip(),
    K.CODE: _code,
    K.PRICE: _number,
    K.QUANTITY: _number,
    K.DECIMAL: _number,
    K.INT: _int,
    K.DATE: _date,
    K.CHOICE: lambda column, chance, _number: chance.choice(column.choices).value,
    K.FLAG: lambda _column, chance, _number: chance.random() < 0.5,
}


def rows(columns: tuple[Column, ...], count: int, seed: int) -> Iterator[list[Any]]:
    """So many rows of values for the columns, the same in every run; the first column is a code of its own."""
    chance = random.Random(seed)
    for number in range(count):
        yield [value(column, chance, number + place) for place, column in enumerate(columns)]
