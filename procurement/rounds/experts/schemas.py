"""What forms of panels carry in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from kernel.errors import Invalid, Issue
from kernel.identity import record_id
from kernel.money import NotANumber, parse_decimal
from procurement.rounds.experts.flow import Method
from procurement.rounds.experts.services.scoring import Interest
from procurement.rounds.schemas import moment

Form = MultiDict[str, str]


def instant(form: Form, name: str = "due_at") -> datetime | None:
    """Read a Beijing wall time, None where it is blank or none."""
    return moment(form, name, {})


def method(form: Form) -> Method:
    """Read how experts come to a panel: drawn unless they are named."""
    return Method.NAMED if form.get("method") == Method.NAMED.value else Method.DRAWN


def people(form: Form) -> list[int]:
    """Read the ticked experts."""
    return [found for written in form.getlist("experts") if (found := record_id(written)) is not None]


def seats(form: Form) -> int:
    """Read how many are drawn, 0 where that is no number."""
    written = form.get("seats", "").strip()
    return int(written) if written.isascii() and written.isdigit() and len(written) < 4 else 0


def interests(form: Form, companies: Iterable[int]) -> dict[int, Interest]:
    """Read what is said about each company."""
    said = {"none": False, "conflict": True}
    return {one: Interest(said.get(form.get(f"company-{one}", "")), form.get(f"ground-{one}", "")) for one in companies}


def marks(form: Form, companies: Iterable[int], items: Iterable[str]) -> dict[tuple[int, str], Decimal | None]:
    """Read the scores of a sheet; blank is none. Raises Invalid with every cell that is no number."""
    wrong: dict[str, Issue] = {}
    found: dict[tuple[int, str], Decimal | None] = {}
    names = list(items)
    for company in companies:
        for item in names:
            written = form.get(f"{company}-{item}", "").strip()
            try:
                found[company, item] = parse_decimal(written) if written else None
            except NotANumber:
                wrong[f"{company}-{item}"] = Issue("not-a-score", value=written[:40])
    if wrong:
        raise Invalid(wrong)
    return found
