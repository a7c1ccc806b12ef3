"""Exact decimals. Rounding is a named act, half-up, and happens only where a rule says so."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal, FloatOperation, InvalidOperation, getcontext, localcontext
from typing import Any

_PRICE, _AMOUNT, _RATIO, _FACTOR = Decimal("0.0001"), Decimal("0.01"), Decimal("0.000001"), Decimal("1E-12")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d+)?|\.\d+)", re.ASCII)
_WORKING = Context(prec=50, rounding=ROUND_HALF_UP)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－＋　", "0123456789.,-+ ")


def trap_floats() -> None:
    """Make mixing a float into a Decimal raise, in this thread and in contexts made later."""
    from decimal import DefaultContext

    for context in (DefaultContext, getcontext()):
        context.traps[FloatOperation] = True


def working() -> Any:
    """A context of 50 digits for powers and products that are rounded only at their end."""
    return localcontext(_WORKING)


def _round(value: Decimal, step: Decimal) -> Decimal:
    with localcontext(_WORKING):
        return value.quantize(step, rounding=ROUND_HALF_UP)


def round_price(value: Decimal) -> Decimal:
    """Round a unit price half-up to 4 decimals, yuan per tablet or vial.

    >>> round_price(Decimal("0.06505"))
    Decimal('0.0651')
    """
    return _round(value, _PRICE)


def round_amount(value: Decimal) -> Decimal:
    """Round an amount of money (yuan) or a pack price half-up to 2 decimals."""
    return _round(value, _AMOUNT)


def round_ratio(value: Decimal) -> Decimal:
    """Round a ratio half-up to 6 decimals."""
    return _round(value, _RATIO)


def round_factor(value: Decimal) -> Decimal:
    """Round a price or volume factor half-up to 12 decimals."""
    return _round(value, _FACTOR)


def to_whole(value: Decimal, places: int) -> int:
    """Return a decimal as the whole number of its last place; what many rows are computed with.

    >>> to_whole(Decimal("1.2"), 3)
    1200
    """
    with working():
        return int(value.scaleb(places))


def from_whole(value: int, places: int) -> Decimal:
    """Return the decimal of a whole number of its last place.

    >>> from_whole(1234, 3), from_whole(-50, 2)
    (Decimal('1.234'), Decimal('-0.50'))
    """
    with working():
        return Decimal(value).scaleb(-places)


def round_whole(value: int, step: int) -> int:
    """Return how many steps a whole number is, rounded half-up, away from zero.

    >>> [round_whole(one, 10) for one in (14, 15, -15, -14)]
    [1, 2, -2, -1]
    """
    sign, size = (-1, -value) if value < 0 else (1, value)
    return sign * ((2 * size + step) // (2 * step))


def places(value: Decimal) -> int:
    """Count the decimals that carry something: 1.2300 has 2. Exact for any number of digits."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or exponent >= 0 or not any(digits):
        return 0
    idle = next(count for count, digit in enumerate(reversed(digits)) if digit)
    return max(0, -exponent - idle)


class NotANumber(ValueError):
    """The text is not a plain decimal number."""


def parse_decimal(text: str) -> Decimal:
    """Read a plain decimal as people and databases write it: full-width digits, grouped thousands and .5 yes, 1e3 no.

    >>> parse_decimal("１,２３４.５０"), parse_decimal(".65")
    (Decimal('1234.50'), Decimal('0.65'))
    """
    plain = text.translate(_FULL_WIDTH).strip()
    if "," in plain:
        if not re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", plain, re.ASCII):
            raise NotANumber(text)
        plain = plain.replace(",", "")
    if not _NUMBER.fullmatch(plain):
        raise NotANumber(text)
    try:
        return Decimal(plain)
    except InvalidOperation as error:  # more digits than any context holds
        raise NotANumber(text) from error


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def _group_in_words(group: str) -> str:
    """Four digits, most significant first, in capitals with single zeros between."""
    words, zero = "", False
    for index, digit in enumerate(group):
        if digit == "0":
            zero = bool(words)
            continue
        words += ("零" if zero else "") + _DIGITS[int(digit)] + _UNITS[len(group) - 1 - index]
        zero = False
    return words


def capitals(amount: Decimal) -> str:
    """Write yuan in Chinese capitals, as on a cheque; decimals below the fen are named digit by digit.

    >>> capitals(Decimal("6.58"))
    '人民币陆元伍角捌分'
    >>> capitals(Decimal("10010"))
    '人民币壹万零壹拾元整'
    """
    sign = "负" if amount < 0 else ""
    whole, _, fraction = format(abs(amount), "f").partition(".")
    whole = whole.lstrip("0")
    words = ""
    groups = [whole[max(0, end - 4) : end] for end in range(len(whole), 0, -4)][::-1]
    for index, group in enumerate(groups):
        text = _group_in_words(group.lstrip("0"))
        if not text:
            continue
        gap = words and (group.startswith("0"))
        words += ("零" if gap else "") + text + _GROUPS[len(groups) - 1 - index]
    fraction = fraction.rstrip("0")
    if len(fraction) > 4:
        raise ValueError(f"too many decimals for capitals: {amount}")
    parts = "".join(
        _DIGITS[int(digit)] + unit
        if digit != "0"
        else ("零" if any(d != "0" for d in fraction[place + 1 :]) and (words or place) else "")
        for place, (digit, unit) in enumerate(zip(fraction, "角分厘毫", strict=False))
    )
    if not words and not parts:
        return "人民币零元整"
    while "零零" in parts:
        parts = parts.replace("零零", "零")
    return f"人民币{sign}" + (f"{words}元" if words else "") + (parts or "整")
