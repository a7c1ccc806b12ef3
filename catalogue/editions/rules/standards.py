"""Payment standards and agreement periods as the list prints them.

Source: 凡例 of the list: a standard is yuan per smallest unit of a specification, "*" is agreed to stay confidential.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from catalogue.editions.rules.texts import split_outside
from kernel.periods import Period

CONFIDENTIAL = "*"
_GAP = re.compile(r"\s")
_LINE = re.compile(r"(?P<price>[0-9]{1,9}(?:\.[0-9]{1,4})?)元(?:/(?P<per>[^(（]{1,20}))?(?:[(（](?P<text>.+)[)）])?")
_DAY = r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"
_PERIOD = re.compile(rf"{_DAY}(?:至|-|—|~|～){_DAY}")


@dataclass(frozen=True, slots=True)
class StandardLine:
    """The payment standard of one specification: yuan per `per` (a unit named in the text where it is empty)."""

    price: Decimal
    specification: str
    per: str = ""


def payment_lines(text: str) -> tuple[StandardLine, ...]:
    """Read the lines of a payment standard; a text of which any part can't be read gives none.

    >>> [(str(line.price), line.specification) for line in payment_lines("1.70元(1g/袋)；\\n3.95元(3g/袋)")]
    [('1.70', '1g/袋'), ('3.95', '3g/袋')]
    >>> payment_lines("*"), payment_lines("见备注2(每粒)")
    ((), ())
    """
    found = []
    for part in split_outside(_GAP.sub("", text), "；;"):
        match = _LINE.fullmatch(part)
        if match is None:
            return ()
        found.append(StandardLine(Decimal(match["price"]), match["text"] or "", match["per"] or ""))
    return tuple(found)


def agreement(text: str) -> Period | None:
    """Read an agreement period; the last day belongs to it, so the period ends on the next morning.

    >>> agreement("2024年1月1日至\\n2025年12月31日")
    Period(start=datetime.date(2024, 1, 1), end=datetime.date(2026, 1, 1))
    """
    match = _PERIOD.fullmatch(_GAP.sub("", text))
    if match is None:
        return None
    numbers = [int(number) for number in match.groups()]
    try:
        start, last = date(*numbers[:3]), date(*numbers[3:])
    except ValueError:
        return None
    return Period(start, last + timedelta(days=1)) if start <= last else None
