"""What the forms of dual channel hold."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from catalogue.dual_channel.flow import ReviewResult
from catalogue.dual_channel.labels import PARAMETERS
from catalogue.dual_channel.rules.listing import Layer, Term
from catalogue.dual_channel.services.drugs import DrugDraft
from catalogue.dual_channel.services.pharmacies import ProfileDraft
from catalogue.dual_channel.services.prescriptions import PrescriptionDraft
from catalogue.dual_channel.services.stock import Stated
from kernel.errors import Issue
from kernel.forms import FormReader
from kernel.i18n import _l
from kernel.identity import record_id
from kernel.money import NotANumber, parse_decimal, places

DAY = timedelta(days=1)
MOST = Decimal(10) ** 9


class Reader(FormReader):
    """Reads last days, numbers and records beside texts and choices."""

    def last(self, name: str) -> date | None:
        """Read the last day of something and return the first day after it."""
        day = self.day(name)
        return day + DAY if day is not None else None

    def number(self, name: str, label: object, decimals: int, *, positive: bool = False) -> Decimal:
        """Read a number of at most so many decimals."""
        written = self.text(name, label)
        try:
            found = parse_decimal(written) if written else Decimal(0)
        except NotANumber:
            found = Decimal(-1)
        if written and (not 0 <= found < MOST or places(found) > decimals or (positive and not found)):
            self.wrong[name] = Issue("dual-bad-parameter", facts={"value": written})
        return found

    def record(self, name: str, label: object) -> int:
        """Read which record was picked."""
        written = self.text(name, label)
        found = record_id(written) or 0
        if written and not found:
            self.wrong[name] = Issue("unknown-choice", value=written)
        return found


def listing(form: MultiDict[str, str]) -> dict[str, Any]:
    """Read the form by which a drug is put on a list."""
    reader = Reader(form)
    values = {
        "region_code": reader.text("region", _l("Region")), "entry_id": reader.record("entry_id", _l("List entry")),
        "layer": reader.choice("layer", Layer, _l("Which list")), "draft": _draft(reader),
    }  # fmt: skip
    reader.done()
    return values


def drug(form: MultiDict[str, str]) -> DrugDraft:
    """Read the form of a listed drug."""
    reader = Reader(form)
    draft = _draft(reader)
    reader.done()
    return draft


def _draft(reader: Reader) -> DrugDraft:
    begins = reader.day("begins_on", _l("First day"))
    term = Term(begins or date.min, reader.last("leaves_on"), reader.last("transition_until"))
    return DrugDraft(term, reader.text("reason", most=500), reader.text("note", most=500))


def leaving(form: MultiDict[str, str]) -> dict[str, Any]:
    """Read on which day a drug leaves and how long the transition lasts; both are last days on the form."""
    reader = Reader(form)
    reader.text("leaves_on", _l("Last day in the negotiated part"))
    reader.text("reason", _l("Reason"), most=500)
    values = {
        "leaves_on": reader.last("leaves_on"), "transition_until": reader.last("transition_until"),
        "reason": form.get("reason", ""),
    }  # fmt: skip
    reader.done()
    return values


def profile(form: MultiDict[str, str]) -> ProfileDraft:
    """Read a pharmacy's profile."""
    reader = Reader(form)
    draft = ProfileDraft(
        licence=reader.text("licence"), chain=reader.text("chain"), last_penalty=reader.day("last_penalty"),
        traceability=form.get("traceability") == "1", stock_upload=form.get("stock_upload") == "1",
    )  # fmt: skip
    reader.done()
    return draft


def review(form: MultiDict[str, str]) -> dict[str, Any]:
    """Read how a review ended."""
    reader = Reader(form)
    values = {"result": reader.choice("result", ReviewResult, _l("Result")), "reason": reader.text("reason", most=500)}
    reader.done()
    return values


def region(form: MultiDict[str, str]) -> dict[str, str]:
    """Read what a region says; boxes of one name are joined."""
    return {name: " ".join(form.getlist(name)) for name in PARAMETERS}


def doctor(form: MultiDict[str, str]) -> dict[str, Any]:
    """Read a responsible doctor."""
    reader = Reader(form)
    values = {
        "name": reader.text("name", _l("Name"), most=60), "licence": reader.text("licence", _l("Licence"), most=40),
        "since": reader.day("since", _l("From")),
    }  # fmt: skip
    reader.done()
    return values


def doctor_end(form: MultiDict[str, str]) -> date:
    """Read the first day without responsibility."""
    reader = Reader(form)
    day = reader.day("until", _l("Until"))
    reader.done()
    assert day is not None
    return day


def prescription(form: MultiDict[str, str]) -> PrescriptionDraft:
    """Read a prescription; the patient's number goes no further than the digest made of it."""
    reader = Reader(form)
    draft = PrescriptionDraft(
        number=reader.text("number", _l("Prescription number"), most=60),
        doctor_id=reader.record("doctor_id", _l("Responsible doctor")),
        drug_id=reader.record("drug_id", _l("Drug")), patient=reader.text("patient", _l("Patient"), most=60),
        quantity=reader.number("quantity", _l("Quantity"), 3, positive=True),
    )  # fmt: skip
    reader.done()
    return draft


def dispensing(form: MultiDict[str, str]) -> dict[str, Any]:
    """Read at what price a prescription is dispensed, and whether the patient was compared with it."""
    reader = Reader(form)
    price = reader.number("price", _l("Price"), 4, positive=True)
    reader.done()
    return {"price": price, "patient_seen": form.get("patient_seen") == "1"}


def stock(form: MultiDict[str, str], names: dict[str, str]) -> tuple[list[Stated], list[Issue]]:
    """Read a stock sheet: a drug with both figures empty is left out. `names` maps row ids to drug keys."""
    lines, unread = list[Stated](), list[Issue]()
    for row, key in names.items():
        quantity, price = form.get(f"quantity-{row}", "").strip(), form.get(f"price-{row}", "").strip()
        if not quantity and not price:
            continue
        reader = Reader(form)
        stated = Stated(key, reader.number(f"quantity-{row}", "", 3), reader.number(f"price-{row}", "", 4))
        if not quantity or not price:
            unread.append(Issue("dual-figure-missing", column=key))
        elif reader.wrong:
            unread += [Issue(each.code, column=key, facts=each.facts) for each in reader.wrong.values()]
        else:
            lines.append(stated)
    return lines, unread


def version(form: MultiDict[str, str]) -> int | None:
    """Return the version a form was made from; without one the caller trusts it."""
    return record_id(form.get("version", "")) if form.get("version") else None
