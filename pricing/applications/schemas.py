"""The form of an application."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from kernel.errors import Issue
from kernel.forms import FormReader
from kernel.i18n import _
from kernel.identity import record_id
from kernel.money import NotANumber, parse_decimal
from pricing.applications.flow import Purpose
from pricing.applications.rules import Draft
from pricing.listings.flow import ListingKind

SAID = {"yes": True, "no": False}


def draft(form: MultiDict[str, str]) -> Draft:
    """Read an application. Raises Invalid with every field that can't be read."""
    reader = FormReader(form)
    given = Draft(
        product_id=record_id(reader.text("product_id", _("Product"))) or 0,
        region_code=reader.text("region_code", _("Region")), kind=reader.choice("kind", ListingKind, _("Kind")),
        purpose=reader.choice("purpose", Purpose, _("Purpose")), price=_price(reader, "price"),
        starts=reader.day("starts", _("First day")) or date.min, reason=reader.text("reason", _("Reason"), most=400),
        code=reader.text("code", most=40), certificate_until=reader.day("certificate_until"),
        elsewhere=_price(reader, "elsewhere"), elsewhere_region=reader.text("elsewhere_region", most=40),
        ceiling=_price(reader, "ceiling"), ceiling_source=reader.text("ceiling_source"),
        passed=SAID.get(reader.text("passed")),
    )  # fmt: skip
    reader.done()
    return given


def _price(reader: FormReader, name: str) -> Decimal | None:
    written = reader.text(name)
    if not written:
        return None
    try:
        return parse_decimal(written)
    except NotANumber:
        reader.wrong[name] = Issue("listing-bad-price", value=written, facts={"price": written})
        return None
