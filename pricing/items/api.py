"""Service prices as a call."""

from __future__ import annotations

from collections.abc import Sequence

from kernel.calls import Call
from kernel.clock import today
from kernel.errors import DomainError, NotFound
from pricing.items.flow import PriceGrade
from pricing.items.models import ItemPrice
from pricing.items.queries import items
from pricing.items.queries import prices as queries
from pricing.items.queries.tables import Priced, table

MOST = 1_000


def prices(call: Call) -> Sequence[Priced]:
    """Return the prices that hold on a day, for up to a thousand items."""
    codes = {code.strip() for code in call.query["codes"].split(",") if code.strip()}
    if not 0 < len(codes) <= MOST:
        raise DomainError("service-bad-codes", most=MOST)
    day, grade = call.query["day"] or today(call.at), call.query["grade"]
    grades = tuple(PriceGrade) if grade is None else (grade,)
    return table(call.session, day, call.query["region"], codes=codes, grades=grades)


def history(call: Call) -> Sequence[ItemPrice]:
    """Return every price an item of a catalogue that the region uses ever had."""
    code, region = call.query["code"], call.query["region"]
    found = items.ids_near(call.session, [code], region)
    if not found:
        raise NotFound(item=code)
    return queries.history(call.session, found[code], region_code=region)
