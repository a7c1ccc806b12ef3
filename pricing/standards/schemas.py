"""What the command, the page and the call ask, read field by field, all mistakes at once. No web needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from kernel.errors import DomainError, Unreadable
from kernel.money import NotANumber, parse_decimal, places
from kernel.working import Working, plain
from pricing.standards.rules import Case, Underivable, schedule, standard

NAMES = {"winning": True, "price": True, "start": False}
"""Prices, and whether the form can't do without them."""


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the schedule: the standard, and what the patient pays above it."""

    year: int
    working: Working[Decimal]
    own: Decimal


def read(given: Mapping[str, Any]) -> Case:
    """Read `winning`, `price`, `start`, `year` and `passed` ("no" or False is not passed); empty ones are absent."""
    refused: list[tuple[str, DomainError]] = []
    prices = {name: _price(given, name, needed, refused) for name, needed in NAMES.items()}
    year = _year(given, refused)
    winning, price = prices["winning"], prices["price"]
    if refused or winning is None or price is None:
        raise Unreadable(refused)
    return Case(winning, price, prices["start"], year, passed=given.get("passed") not in ("no", False))


def _price(given: Mapping[str, Any], name: str, needed: bool, refused: list[tuple[str, DomainError]]) -> Decimal | None:
    written = str(given.get(name) or "").strip()
    if not written:
        if needed:
            refused.append((name, Underivable("standard-field-missing", field=name)))
        return None
    try:
        price = parse_decimal(written)
    except NotANumber:
        refused.append((name, Underivable("standard-unreadable", text=written)))
        return None
    if not 0 < price < 10**9 or places(price) > 4:
        refused.append((name, Underivable("standard-bad-price", field=name, price=price)))
    return price


def _year(given: Mapping[str, Any], refused: list[tuple[str, DomainError]]) -> int | None:
    written = str(given.get("year") or "").strip()
    if not written:
        return None
    years = schedule().years
    if written not in {str(year) for year in range(1, years + 1)}:
        refused.append(("year", Underivable("standard-bad-year", year=written, years=years)))
        return None
    return int(written)


def by_year(case: Case) -> list[Year]:
    """Return the standard of every year of the schedule."""
    found = []
    for year in range(1, schedule().years + 1):
        result = standard(replace(case, year=year))
        found.append(Year(year, result, case.price - result.value))
    return found


def as_json(result: Working[Decimal]) -> dict[str, Any]:
    """Return an answer as plain data."""
    return {"standard": plain(result.value), "steps": [step.as_dict() for step in result.steps]}
