"""Who may do what to an invoice, told apart from the code: from facts in the tables. Claims add theirs beside these."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import clock
from procurement.orders.models.shipments import Shipment, ShipmentLine
from procurement.orders.rules import worth
from procurement.settlement.models.invoices import Invoice, InvoiceLine
from procurement.settlement.services import crediting, invoicing, matching, paying
from procurement.settlement.services.invoicing import Asked, Draft
from tests.procurement.settlement.goods import number

from .market import Market
from .trade import PARTS, PEOPLE, Try, organisation, share

ACTS = ("invoice", "invoice dear", "match", "return invoice", "withdraw invoice", "pay", "credit")
FORWARD = ("invoice", "match", "pay")
TABLES = ("settlement_invoice", "settlement_invoice_line", "settlement_payment", "settlement_entry", "settlement_month")


def tries(session: Session, market: Market, now: datetime) -> Iterator[Try]:
    """Name everything that anybody could try with invoices at that moment, and whether the rules allow it."""
    for shipment in session.scalars(select(Shipment).order_by(Shipment.id)).all():
        left = [arrived(row, now) - row.returned - row.invoiced for row in shipment.lines]
        for who in PEOPLE:
            sells = organisation(market, who) == shipment.order.deliverer_id
            for part in PARTS:
                legal = sells and part <= 1 and any(share(each, part) > 0 for each in left) and min(left) >= 0
                yield Try("invoice", who, shipment.id, part, legal=legal)
            legal = sells and any(each > 0 for each in left) and min(left) >= 0
            yield Try("invoice dear", who, shipment.id, legal=legal)
    for invoice in session.scalars(select(Invoice).order_by(Invoice.id)).all():
        yield from _invoice(market, invoice)


def arrived(row: ShipmentLine, now: datetime) -> Decimal:
    """Return what counts as received of a batch: by the clock all of it."""
    lapsed = row.shipment.state.value == "shipped" and row.shipment.due_at <= now
    return row.quantity if lapsed else row.received


def over(line: InvoiceLine) -> Decimal:
    """Return how much of a batch is invoiced and went back."""
    row = line.shipment_line
    return max(Decimal(0), row.invoiced - (row.received - row.returned))


def _invoice(market: Market, one: Invoice) -> Iterator[Try]:
    state, note = one.state.value, one.kind.value == "credit"
    agrees = all(line.price <= line.shipment_line.line.price for line in one.lines)
    kept = all(not over(line) or line.quantity == line.credited for line in one.lines)
    free = all(
        row.paid + line.quantity - line.credited <= row.received - row.returned
        for line in one.lines for row in [line.shipment_line]
    )  # fmt: skip
    for who in PEOPLE:
        sells, buys = (organisation(market, who) == each for each in (one.seller_id, one.hospital_id))
        yield Try("match", who, one.id, legal=buys and state == "registered" and agrees and kept)
        plain = not note and not any(line.credited for line in one.lines)
        yield Try("return invoice", who, one.id, legal=buys and plain and state in ("registered", "matched"))
        yield Try("withdraw invoice", who, one.id, legal=sells and plain and state in ("registered", "returned"))
        yield Try("pay", who, one.id, legal=buys and not note and state == "matched" and free)
        for part in PARTS:
            some = [share(each, part) for each in map(creditable, one.lines)]
            stands = state in ("matched", "paid") or (state == "registered" and agrees)
            yield Try("credit", who, one.id, part, legal=sells and not note and stands and part <= 1 and any(some))


def creditable(line: InvoiceLine) -> Decimal:
    """Return what went back of a line and no credit note takes back yet."""
    return min(over(line), line.quantity - line.credited)


def do(session: Session, market: Market, one: Try) -> None:
    """Let somebody try an act on an invoice, now."""
    own: dict[str, Any] = {"actor": market.actors[one.who], "at": clock.now()}
    match one.act:
        case "invoice" | "invoice dear":
            invoicing.register(session, draft=_draft(session, one, own["at"]), **own)
        case "match":
            matching.match(session, invoice_ids=[one.target], **own)
        case "return invoice":
            matching.return_(session, invoice_id=one.target, reason="单价有误", **own)
        case "withdraw invoice":
            invoicing.withdraw(session, invoice_id=one.target, **own)
        case "pay":
            day = clock.today(own["at"])
            paying.pay(session, invoice_ids=[one.target], reference=f"Y{one.target}", paid_on=day, **own)
        case "credit":
            lines = session.get_one(Invoice, one.target).lines
            back = {line.id: share(creditable(line) or Decimal(1), one.part) for line in lines}
            day = clock.today(own["at"])
            crediting.credit(
                session, invoice_id=one.target, code="", number=number(_next(session)), issued_on=day, quantities=back,
                **own,
            )  # fmt: skip


def _draft(session: Session, one: Try, at: datetime) -> Draft:
    lines = []
    for row in session.get_one(Shipment, one.target).lines:
        left = arrived(row, at) - row.returned - row.invoiced
        quantity = share(left if left > 0 else row.quantity, one.part)
        price = row.line.price * (2 if one.act == "invoice dear" else 1)
        if quantity and (left or not lines):
            lines.append(Asked(row.id, quantity, price))
    total = sum((worth(each.price, each.quantity) for each in lines), Decimal(0))
    return Draft("", number(_next(session)), clock.today(at), total or Decimal(1), tuple(lines))


def _next(session: Session) -> int:
    return (session.scalar(select(func.max(Invoice.id))) or 0) + 1
