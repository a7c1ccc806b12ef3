"""A company's bids as JSON, and the opening record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kernel.calls import Call
from procurement.bids import queries, services
from procurement.bids.boxes import queries as boxes_of
from procurement.bids.flow import Channel, settled
from procurement.bids.models import Box, OpenedLine, Submission
from procurement.bids.receipts import queries as receipts
from procurement.bids.rules import BidLine


def boxes(call: Call) -> list[dict[str, Any]]:
    """List the rounds in which the caller's company has products or has bid."""
    return [_box(call, found.box) for found in boxes_of.company_boxes(call.session, call.actor)]


def bids(call: Call, box_id: int) -> list[dict[str, Any]]:
    """List the lots of a round with the caller's own prices."""
    found = queries.box(call.session, box_id, call.actor)
    return [_bid(mine) for mine in queries.my_bids(call.session, found, call.actor)]


def submit(call: Call, box_id: int) -> Submission:
    """Hand in bids, all of them or none; the answer is the receipt."""
    lines = [BidLine(line["lot"], line["specification"], line["price"], line["product"]) for line in call.body["lines"]]
    return services.submit(call.session, box_id=box_id, lines=lines, actor=call.actor, source=Channel.API)


def withdraw(call: Call, box_id: int) -> Submission:
    """Take back the bids of some lots, or of all; the answer is the receipt."""
    return services.withdraw(call.session, box_id=box_id, lot_ids=call.body["lots"], actor=call.actor)


def receipt(call: Call, receipt: str) -> Submission:
    """Return one of the caller's own receipts."""
    return receipts.one(call.session, receipt, call.actor).submission


def opened_lines(call: Call, box_id: int) -> Sequence[OpenedLine]:
    """Return the opening record of a box."""
    queries.opened_box(call.session, box_id, call.actor)
    return queries.opened_lines(call.session, box_id)


def _box(call: Call, box: Box) -> dict[str, Any]:
    names = ("id", "code", "title", "receives_from", "deadline", "opened_at")
    return {name: getattr(box, name) for name in names} | {"state": settled(box.state, box.deadline, call.at)}


def _bid(mine: queries.MyBid) -> dict[str, Any]:
    lines = [
        {
            "specification": line.specification_id, "text": mine.lot.label(line), "cap": line.cap,
            "product": line.product.id if line.product else None, "price": mine.typed.get(line.specification_id),
        }
        for line in mine.lot.own
    ]  # fmt: skip
    return {
        "lot": mine.lot.id, "number": mine.lot.number, "variety": mine.lot.name, "state": mine.state,
        "receipt": mine.bid.submission.receipt if mine.bid else None, "lines": lines,
    }  # fmt: skip
