"""Values of a parser as columns of texts and kinds. Runs in the reading child."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from importers.rules import Found

KINDS = {
    str: Found.TEXT,
    float: Found.NUMBER,
    int: Found.NUMBER,
    bool: Found.FLAG,
    dt.date: Found.DATE,
    dt.datetime: Found.DATE,
    dt.time: Found.DURATION,
    dt.timedelta: Found.DURATION,
}


def number(value: float) -> str:
    """The shortest plain text that means the same binary number."""
    if value == value and abs(value) < 1e15 and value == int(value):
        return str(int(value))
    text = repr(value)
    if "e" in text:
        text = format(Decimal(text), "f")
    return text.removesuffix(".0")


def cell(value: Any) -> str | None:
    """The text of one value."""
    kind = type(value)
    if kind is str:
        return value or None
    if kind is bool:
        return "TRUE" if value else "FALSE"
    if kind is float or kind is int:
        return number(value)
    return str(value.isoformat() if kind is not dt.timedelta else value.total_seconds())


def column(values: tuple[Any, ...]) -> tuple[Any, Any]:
    """Texts and kinds of one column; the common cases without a Python call per cell."""
    kinds = set(map(type, values))
    if kinds == {str}:
        if "" not in values:
            return pa.array(values, pa.string()), np.full(len(values), Found.TEXT, np.uint8)
        found = np.fromiter(map(bool, values), np.uint8, len(values))
        return pa.array([value or None for value in values], pa.string()), found
    if kinds == {float}:
        numbers = np.array(values)
        size = np.abs(numbers)
        whole = (numbers == np.floor(numbers)) & (size < 1e15)
        found = np.full(len(values), Found.NUMBER, np.uint8)
        if whole.all():
            return pa.array(numbers.astype(np.int64)).cast(pa.string()), found
        if (((size < 1e9) & (size >= 1e-3)) | (size == 0)).all():  # where Arrow writes the shortest plain text too
            return pa.array(numbers).cast(pa.string()), found
        return pa.array(list(map(number, values)), pa.string()), found
    texts = pa.array(list(map(cell, values)), pa.string())
    return texts, np.fromiter((KINDS[type(v)] if v != "" else Found.EMPTY for v in values), np.uint8, len(values))


def overlay(text: Any, kinds: Any, numbers: list[int], marks: dict[int, tuple[int, str]]) -> tuple[Any, Any]:
    """Lay errors, uncalculated formulas and shown zeros over what the parser gave."""
    index = {row: position for position, row in enumerate(numbers) if row in marks}
    if not index:
        return text, kinds
    texts = text.to_pylist()
    for row, position in index.items():
        kind, shown = marks[row]
        if kind == Found.TEXT:  # a number shown with leading zeros: `shown` is its width
            if kinds[position] != Found.NUMBER or not (texts[position] or "").isdigit():
                continue
            shown = texts[position].zfill(int(shown))
        if kind == Found.NO_RESULT and texts[position]:
            continue
        texts[position], kinds[position] = shown, kind
    return pa.array(texts, pa.string()), kinds
