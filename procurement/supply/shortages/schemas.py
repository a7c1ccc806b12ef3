"""What the forms and calls of shortages carry in and out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict

from kernel.errors import Issue
from kernel.forms import FormReader
from kernel.i18n import _
from kernel.identity import MOST, record_id
from kernel.money import NotANumber, parse_decimal, places
from procurement.supply.shortages.flow import Cause, Ending, Reply
from procurement.supply.shortages.services import Answer, Report

LARGEST = Decimal("1e12")


def quantity(reader: FormReader, name: str, *, needed: bool = True, zero: bool = False) -> Decimal | None:
    """Read a number of units above 0, or 0 where that says something; None where nothing was typed."""
    written = reader.form.get(name, "").strip()
    if not written:
        if needed:
            reader.wrong[name] = Issue("needed")
        return None
    try:
        found = parse_decimal(written)
    except NotANumber:
        reader.wrong[name] = Issue("quantity-not-positive", value=written)
        return None
    if found < 0 or (not found and not zero) or found >= LARGEST or places(found) > 3:
        reader.wrong[name] = Issue("quantity-not-positive", value=written)
    return found


def report(form: MultiDict[str, str]) -> Report:
    """Read a hospital's report."""
    reader = FormReader(form)
    product = record_id(form.get("product_id", ""))
    if product is None or not form.get("product_id"):
        reader.wrong["product_id"] = Issue("needed")
    needed, stock = quantity(reader, "needed"), quantity(reader, "stock", zero=True)
    daily, note = quantity(reader, "daily"), reader.text("note", most=400)
    reader.done()
    zero = Decimal(0)
    return Report(product or 0, needed or zero, stock or zero, daily or zero, note, record_id(form.get("order_id", "")))


def answer(form: MultiDict[str, str]) -> Answer:
    """Read a producer's answer."""
    reader = FormReader(form)
    reply = reader.choice("reply", Reply, _("Reply"))
    cause = reader.choice("cause", Cause, "") if form.get("cause") else None
    supplies, note = quantity(reader, "supplies", needed=False), reader.text("note", most=400)
    day = reader.day("supplies_on")
    reader.done()
    return Answer(reply, cause, supplies, day, note)


def ending(form: MultiDict[str, str]) -> Ending:
    """Read how a hospital closes a shortage."""
    reader = FormReader(form)
    found = reader.choice(
        "ending", Ending, _("How it ended"), among=(Ending.SUPPLIED, Ending.WITHDRAWN, Ending.TAKEN_OVER)
    )
    reader.done()
    return found


_UNITS: dict[str, Any] = {"places": 3, "as_string": True}


class ShortageQuery(Schema):
    """The filter of the list."""

    q = fields.Str(load_default="", validate=validate.Length(max=80))
    state = fields.Str(load_default="")
    region = fields.Str(load_default="", validate=validate.Length(max=12))


class ShortageIn(Schema):
    """A report as a hospital's system sends it."""

    product_id = fields.Int(required=True, validate=validate.Range(min=1, max=MOST))
    needed = fields.Decimal(required=True, places=3)
    stock = fields.Decimal(required=True, places=3)
    daily = fields.Decimal(required=True, places=3)
    note = fields.Str(load_default="", validate=validate.Length(max=400))


class ShortageAnswerIn(Schema):
    """An answer as a producer's system sends it."""

    reply = fields.Enum(Reply, by_value=True, required=True)
    cause = fields.Enum(Cause, by_value=True, load_default=None, allow_none=True)
    supplies = fields.Decimal(places=3, load_default=None, allow_none=True)
    supplies_on = fields.Date(load_default=None, allow_none=True)
    note = fields.Str(load_default="", validate=validate.Length(max=400))


class ShortageOut(Schema):
    """A shortage with its answer. Quantities in units."""

    id = fields.Int()
    number = fields.Str()
    product_id = fields.Int()
    hospital_id = fields.Int()
    company_id = fields.Int()
    region_code = fields.Str()
    needed = fields.Decimal(**_UNITS)
    stock = fields.Decimal(**_UNITS)
    daily = fields.Decimal(**_UNITS)
    state = fields.Str()
    reported_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime()
    reply = fields.Str(allow_none=True)
    cause = fields.Str(allow_none=True)
    supplies = fields.Decimal(**_UNITS, allow_none=True)
    supplies_on = fields.Date(allow_none=True)
    answered_at = fields.AwareDateTime(allow_none=True)
    ending = fields.Str(allow_none=True)


def out(shortage: Any, at: Any) -> dict[str, Any]:
    """Return a shortage as calls give it out, its state as the clock has made it."""
    names = [name for name in ShortageOut().fields if name != "state"]
    return {"state": shortage.state_at(at), **{name: getattr(shortage, name) for name in names}}
