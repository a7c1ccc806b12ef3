"""What the forms on orders and shipments hold, read whole: every mistake is said at once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.errors import Invalid, Issue
from kernel.forms import FormReader
from kernel.identity import record_id
from kernel.money import NotANumber, parse_decimal
from procurement.orders.flow import Dispute, Refusal
from procurement.orders.models.orders import Order
from procurement.orders.models.shipments import Shipment
from procurement.orders.services.receiving import Arrived
from procurement.orders.services.shipping import Batch

NOTE = 400
ROWS = 5_000
DAY = re.compile(r"(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)


def _quantity(written: str) -> Decimal:
    """Read a quantity; what is none becomes one that no rule takes."""
    try:
        return parse_decimal(written)
    except NotANumber:
        return Decimal(-1)


def read_day(written: str) -> date | None:
    """Read a day as people and workbooks write it: 2027-12-31, 2027/1/5, 2027.1.5.

    >>> read_day(" 2027/1/5 "), read_day("2027-13-01"), read_day("5/1/27")
    (datetime.date(2027, 1, 5), None, None)
    """
    found = DAY.fullmatch(written.strip())
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def chosen(written: Sequence[str]) -> list[int]:
    """Read which orders were ticked."""
    return [found for one in written if (found := record_id(one)) is not None]


def refusal(form: Mapping[str, str]) -> tuple[Refusal, str]:
    """Read why an order is refused."""
    reader = FormReader(form)  # type: ignore[arg-type]  # it reads by name only
    why = reader.choice("refusal", Refusal, "refusal")
    note = reader.text("note", most=NOTE)
    reader.done()
    return why, note


@dataclass(slots=True)
class Typed:
    """Batches as they were typed into the grid and pasted below it, with where each stands."""

    batches: list[Batch] = field(default_factory=list)
    places: list[tuple[int, str]] = field(default_factory=list)
    wrong: dict[str, Issue] = field(default_factory=dict)

    def add(self, number: int, line_id: int, batch: str, expires: str, quantity: str) -> None:
        """Read one batch of the order's line `number`."""
        name = f"batch-{len(self.batches)}"
        day = read_day(expires)
        if day is None:
            self.wrong[name] = Issue("expiry-not-a-day", value=expires.strip()[:40])
        self.batches.append(Batch(line_id, batch.strip()[:60], day or date.max, _quantity(quantity)))
        self.places.append((number, batch.strip()[:60]))


def batches(form: Mapping[str, str], order: Order) -> Typed:
    """Read what is shipped: rows of the grid that name a batch or an expiry, and pasted rows of line, batch, expiry,
    quantity."""
    typed = Typed()
    numbers = {line.id: number for number, line in enumerate(order.lines, start=1)}
    for row in rows(form.get("lines", "")):
        line_id = record_id(str(row.get("id", ""))) or 0
        if line_id in numbers and (row.get("batch") or row.get("expires")):
            parts = (str(row.get(name) or "") for name in ("batch", "expires", "quantity"))
            typed.add(numbers[line_id], line_id, *parts)
    ids = {number: line_id for line_id, number in numbers.items()}
    for written in form.get("pasted", "").splitlines()[:ROWS]:
        cells = [cell.strip() for cell in written.split("\t")]
        if not any(cells):
            continue
        number = record_id(cells[0]) or 0
        if number not in ids or len(cells) < 4:
            typed.wrong[f"batch-{len(typed.batches)}"] = Issue("pasted-row-unread", value=written.strip()[:60])
            typed.batches.append(Batch(0, "", date.max, Decimal(-1)))
            typed.places.append((number, ""))
            continue
        typed.add(number, ids[number], cells[1], cells[2], cells[3])
    return typed


def rows(written: str) -> list[dict[str, Any]]:
    """Read the rows of a grid as it posts them; what is none is left out."""
    try:
        found = json.loads(written) if written else []
    except (ValueError, RecursionError):
        return []
    return [row for row in found[:ROWS] if isinstance(row, dict)] if isinstance(found, list) else []


def whole(typed: Typed) -> list[Batch]:
    """Return the batches, or refuse those that can't be read."""
    if typed.wrong:
        raise Invalid(typed.wrong)
    return typed.batches


def arrived(form: Mapping[str, str], shipment: Shipment) -> dict[int, Arrived]:
    """Read what arrived of each batch; `whole` says all of it did."""
    if form.get("whole"):
        return {row.id: Arrived(row.quantity) for row in shipment.lines}
    found = {}
    for row in shipment.lines:
        why = next((one for one in Dispute if one.value == form.get(f"dispute-{row.id}")), None)
        note = form.get(f"note-{row.id}", "").strip()[:NOTE]
        found[row.id] = Arrived(_quantity(form.get(f"received-{row.id}", "")), why, note)
    return found


def sent_back(form: Mapping[str, str], shipment: Shipment) -> dict[int, Decimal]:
    """Read how much of each batch goes back; an empty field is nothing."""
    written = {row.id: form.get(f"line-{row.id}", "").strip() for row in shipment.lines}
    return {key: _quantity(text) for key, text in written.items() if text}
