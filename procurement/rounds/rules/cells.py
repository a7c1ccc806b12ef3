"""One cell of a bid table, read the same from a file and from a page.

>>> read(Column("service_fee", Kind.NUMBER), " 50.00 "), read(Column("incumbent", Kind.FLAG), "1")
(Decimal('50.00'), True)
>>> written(Decimal("50.00")), written(True)
('50', '1')
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from kernel.errors import DomainError
from kernel.money import NotANumber, parse_decimal
from procurement.rounds.rules.columns import Column, Kind
from procurement.rounds.rules.model import Extra, Form

MOST_DIGITS, MOST_CHARACTERS = 20, 100
SMALL = re.compile(r"\d(\.\d+)?[eE]-\d\d?", re.ASCII)


class BadCell(DomainError):
    """A cell does not hold what its column asks for."""

    code = "bad-cell"


def read(column: Column, text: str) -> Extra:
    """Return the value of a cell, None where it is blank. Raises BadCell."""
    text = text.strip()
    if not text:
        return None
    if column.kind is Kind.NUMBER:
        return number(text)
    if column.kind is Kind.FLAG:
        if text not in ("0", "1"):
            raise BadCell("not-a-flag")
        return text == "1"
    if column.kind is Kind.DATE:
        return _day(text)
    return _option(text, tuple(form.value for form in Form) if column.kind is Kind.FORM else column.options)


def number(text: str) -> Decimal:
    """Read a number that exact arithmetic can hold: at most 20 digits before the point, 100 characters in all.

    Programs write small numbers as 5e-05: read too.
    """
    try:
        found = Decimal(text) if SMALL.fullmatch(text) else parse_decimal(text)
    except NotANumber:
        raise BadCell("not-a-number") from None
    if len(text) > MOST_CHARACTERS or found.adjusted() >= MOST_DIGITS:
        raise BadCell("not-a-number")
    return found


def written(value: Extra) -> str:
    """Return the one way a value is kept, so that 50 and 50.00 are the same fact; `read` gives it back."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        plain = format(value, "f")
        return (plain.rstrip("0").rstrip(".") if "." in plain else plain) or "0"
    return value.isoformat() if isinstance(value, date) else value or ""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadCell("not-a-date") from None


def _option(text: str, options: tuple[str, ...]) -> str:
    """Return the option that is meant, upper and lower case alike; any text where there are none."""
    found = next((option for option in options if option.lower() == text.lower()), None) if options else text
    if found is None:
        raise BadCell("not-an-option", options=", ".join(options))
    return found
