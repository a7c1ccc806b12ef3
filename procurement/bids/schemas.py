"""What forms and calls carry in, and what calls carry out. Prices travel as text."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import Schema, fields, validate

from catalogue.drugs.rules.codes import Part
from kernel.identity import record_id
from procurement.bids.queries import OfferLot
from procurement.bids.rules import BidLine


def form_lines(form: Mapping[str, str], lot: OfferLot) -> list[BidLine]:
    """Read a lot's form: the first specification is always bid, another one when a price was typed.

    Components and the service are always bid.
    """
    lines = []
    for index, line in enumerate(lot.own):
        typed = form.get(f"price-{line.specification_id}", "").strip()
        product = form.get(f"product-{line.specification_id}", "")
        if index == 0 or typed or line.part is not Part.PRODUCT:
            chosen = (record_id(product) or 0) if product else None
            lines.append(BidLine(lot.id, line.specification_id, typed, chosen))
    return lines


def revision(form: Mapping[str, str]) -> int:
    """Read which revision the form was made for."""
    seen = form.get("revision", "")
    return record_id(seen) or 0


class LineIn(Schema):
    """A price for a specification of a lot, as typed."""

    lot = fields.Int(required=True, metadata={"description": "id of the lot"})
    specification = fields.Int(required=True, metadata={"description": "id of the specification"})
    product = fields.Int(load_default=None, allow_none=True)
    price = fields.Str(required=True, metadata={"description": "yuan per smallest unit, at most 4 decimals"})


class SubmissionIn(Schema):
    """Bids of one or more lots, taken together or not at all."""

    lines = fields.List(fields.Nested(LineIn), required=True, validate=validate.Length(min=1, max=5000))


class WithdrawalIn(Schema):
    """The lots whose bids are taken back; all of them where the list is absent."""

    lots = fields.List(fields.Int(), load_default=None, allow_none=True)


class BoxOut(Schema):
    """A box of bids and its one deadline."""

    id = fields.Int()
    code = fields.Str()
    title = fields.Str()
    state = fields.Str()
    receives_from = fields.DateTime()
    deadline = fields.DateTime()
    opened_at = fields.DateTime()


class OwnLineOut(Schema):
    """A specification the company may bid, with its own price."""

    specification = fields.Int()
    text = fields.Str()
    cap = fields.Decimal(as_string=True, allow_none=True)
    product = fields.Int(allow_none=True)
    price = fields.Str(allow_none=True)


class OwnBidOut(Schema):
    """A lot as the caller's company bid it, or may."""

    lot = fields.Int()
    number = fields.Int()
    variety = fields.Str()
    state = fields.Str(allow_none=True)
    receipt = fields.Str(allow_none=True)
    lines = fields.List(fields.Nested(OwnLineOut))


class ReceiptOut(Schema):
    """A submission's receipt, without prices: what the answer to a submission may keep."""

    receipt = fields.Str()
    digest = fields.Str()
    at = fields.DateTime()
    withdrawal = fields.Bool()
    lots = fields.Int()


class OpenedLineOut(Schema):
    """A price after the opening."""

    lot = fields.Int(attribute="bid.lot.number")
    company = fields.Str(attribute="bid.company.name")
    company_code = fields.Str(attribute="bid.company.code")
    specification = fields.Str(attribute="specification.text")
    typed = fields.Str()
    unit_price = fields.Decimal(as_string=True, allow_none=True)
