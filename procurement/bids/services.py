"""What is put into a box: handed in, replaced, withdrawn, and opened for everyone at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.db import insert_rows
from kernel.errors import Conflict, FileRefused, Issue
from kernel.parties.models import Organisation
from procurement.bids import queries, rules
from procurement.bids.boxes.services import change, locked
from procurement.bids.declarations import services as declarations
from procurement.bids.eligibility import queries as eligibility
from procurement.bids.flow import (
    BID_FLOW,
    BOX_FLOW,
    BidAction,
    BidState,
    BoxAction,
    BoxState,
    Channel,
    InvalidPrice,
    settled,
)  # fmt: skip
from procurement.bids.joints import services as joints
from procurement.bids.joints.models import Joint
from procurement.bids.models import Bid, Box, OpenedLine, Submission, SubmissionLot
from procurement.bids.queries import OfferLot
from procurement.bids.receipts import services as receipts
from procurement.bids.rules import BidLine, Fault
from procurement.bids.sealing import services as sealing
from procurement.tags import Tag


class BidsRefused(FileRefused):
    """Some lines can't be taken, so none was; `issues` says everything that is wrong."""

    code = "bids-refused"


def submit(
    session: Session, *, box_id: int, lines: Sequence[BidLine], actor: Actor, source: Channel = Channel.FORM,
    replaces: Mapping[int, int] | None = None,
) -> Submission:  # fmt: skip
    """Hand in bids for some lots, all of them or none; a lot that was bid before is replaced.

    `replaces` maps lots to the revision that the bidder saw (0 for none): another one is a conflict.
    Raises `BidsRefused` with every mistake, `Conflict` outside the time of the box.
    """
    company = queries.bidder(session, actor)
    box = queries.box(session, box_id, actor)
    lots = {lot.id: lot for lot in queries.offer(session, box, company.id)}
    _must_be_valid(lines, lots, box.invalid_price)
    approvals = _approvals(lines, lots)
    found = eligibility.standing(session, box, company.id, [each for own in approvals.values() for each in own])
    _must_be_eligible(found, approvals, lots)
    number, now = receipts.take_place(session, box_id=box.id)
    bids = queries.own_bids(session, box.id, actor)
    _must_be_current(bids, replaces or {})
    asked = sorted({line.lot_id for line in lines}, key=lambda lot_id: lots[lot_id].number)
    led = _led(session, box, company.id, asked, _offered(lines, lots), now)
    checked = _checked(session, box, led, {lot_id: found.plain(own) for lot_id, own in approvals.items()})
    _erase(session, [bids[lot_id] for lot_id in asked if lot_id in bids], now)
    contents = [_content(box, lots[lot_id], company, lines) for lot_id in asked]
    refs = sealing.seal_all(session, contents=contents, owner_id=company.id, purpose=sealing.BID, at=now)
    entries = [
        SubmissionLot(lot_id=lot_id, revision=bids[lot_id].revision + 1 if lot_id in bids else 1, digest=ref.digest)
        for lot_id, ref in zip(asked, refs, strict=True)
    ]
    submission = receipts.enter(
        session, box=box, company=company, actor=actor, at=now, number=number, entries=entries, channel=source
    )
    for entry, ref in zip(entries, refs, strict=True):
        _put(session, bids.get(entry.lot_id), submission, entry, ref.id)
    declarations.enter(
        session, box=box, company=company, checked=checked, receipt=submission.receipt, at=now,
        user_id=actor.user_id, by_bid=True,
    )  # fmt: skip
    return submission


def withdraw(
    session: Session, *, box_id: int, actor: Actor, lot_ids: Collection[int] | None = None, undeclare: bool = False
) -> Submission:
    """Take back the company's bids for the lots, or all of them. Their digests stay, their contents are erased.

    The lots stay declared unless the company says `undeclare`.
    """
    company = queries.bidder(session, actor)
    box = queries.box(session, box_id, actor)
    number, now = receipts.take_place(session, box_id=box.id)
    bids = queries.own_bids(session, box.id, actor)
    live = {lot_id: bid for lot_id, bid in bids.items() if bid.state is BidState.SUBMITTED}
    asked = set(live) if lot_ids is None else set(lot_ids)
    if not asked or asked - set(live):
        raise Conflict("nothing-to-withdraw")
    taken = [live[lot_id] for lot_id in sorted(asked)]
    _erase(session, taken, now)
    entries = [SubmissionLot(lot_id=bid.lot_id, revision=bid.revision + 1, digest=bid.digest) for bid in taken]
    submission = receipts.enter(
        session, box=box, company=company, actor=actor, at=now, number=number, entries=entries, withdrawal=True
    )
    for bid in taken:
        bid.state = BID_FLOW.after(bid.state, BidAction.WITHDRAW)
        bid.revision, bid.sealed_id, bid.submission_id, bid.at = bid.revision + 1, None, submission.id, now
    if undeclare:
        declarations.leave(session, box=box, company=company, lot_ids=asked, actor=actor, at=now)
    return submission


def open_bids(session: Session, *, box_id: int, actor: Actor, at: datetime) -> list[OpenedLine]:
    """Open a box, once, at or after its deadline: every live bid's lines are written where evaluation reads them.

    A bid whose content no longer fits its digest is marked as spoilt and does not stop the others.
    """
    actor.must(P.ROUND_OPEN)
    box = locked(session, box_id)
    now = clock.after_lock(session)
    if box.state is BoxState.OPENED:
        raise Conflict("box-already-opened", opened_at=box.opened_at)
    if box.deadline is None or now < box.deadline:
        raise Conflict("box-deadline-not-reached", deadline=box.deadline)
    closed = settled(box.state, box.deadline, now)
    change(session, box, state=BOX_FLOW.after(closed, BoxAction.OPEN), opened_at=now)
    spoilt = _write_lines(session, box)
    lines = list(queries.opened_lines(session, box_id))
    bids = {line.bid_id for line in lines}
    record(session, Tag.BOX_OPENED, box, actor, at, {"bids": len(bids), "lines": len(lines), "spoilt": spoilt})
    return lines


def _write_lines(session: Session, box: Box) -> list[int]:
    """Write the lines of every intact bid; return the ids of the others."""
    bids = {bid.id: bid for bid in session.scalars(select(Bid).where(Bid.box_id == box.id))}
    rows: dict[str, list[Any]] = {name: [] for name in _LINE}
    spoilt = []
    for bid_id, content in sealing.open_box_contents(session, box_id=box.id):
        bid = bids[bid_id]
        bid.state = BID_FLOW.after(bid.state, BidAction.OPEN if content.intact else BidAction.SPOIL)
        if not content.intact:
            spoilt.append(bid_id)
            continue
        for line in json.loads(content.content)["lines"]:
            price = line["unit_price"]
            values = (bid.id, bid.lot_id, bid.company_id, line["specification_id"], line["product_id"], line["typed"],
                      None if price is None else Decimal(price))  # fmt: skip
            for name, value in zip(_LINE, values, strict=True):
                rows[name].append(value)
    session.flush()  # the bids' new states, before the bulk path writes beside the session
    if rows["bid_id"]:
        insert_rows(session, OpenedLine.__table__, columns=rows)
    return spoilt


_LINE = ("bid_id", "lot_id", "company_id", "specification_id", "product_id", "typed", "unit_price")


def _must_be_valid(lines: Sequence[BidLine], lots: Mapping[int, OfferLot], policy: InvalidPrice) -> None:
    if not lines:
        raise BidsRefused([Issue("no-lines")])
    found = rules.faults(lines, queries.places(lots.values()), policy=policy)
    if found:
        raise BidsRefused([issue_of(fault, lines[fault.index], lots) for fault in found])


def _approvals(lines: Iterable[BidLine], lots: Mapping[int, OfferLot]) -> dict[int, list[str]]:
    """Return the approval numbers that are bid, by lot."""
    found: dict[int, list[str]] = {}
    for line in lines:
        place = next(each for each in lots[line.lot_id].lines if each.specification_id == line.specification_id)
        product = next((each for each in place.products if each.id == line.product_id), place.product)
        found.setdefault(line.lot_id, []).extend([product.approval_number] if product else [])
    return found


def _offered(lines: Iterable[BidLine], lots: Mapping[int, OfferLot]) -> list[tuple[int, int]]:
    """Return what is bid as (number of the lot, product)."""
    found = []
    for line in lines:
        place = next(each for each in lots[line.lot_id].lines if each.specification_id == line.specification_id)
        product_id = line.product_id or (place.product.id if place.product else None)
        found += [(lots[line.lot_id].number, product_id)] if product_id else []
    return found


def _led(
    session: Session, box: Box, company_id: int, asked: Sequence[int], offered: Iterable[tuple[int, int]], at: datetime
) -> Sequence[Joint]:
    """Return the joints whose lead the company is, where neither a joint nor credit stands against its bid."""
    led = joints.must_not_bind(session, box_id=box.id, company_id=company_id, lot_ids=asked)
    if issues := eligibility.barred(session, box, company_id, offered, led, at):
        raise BidsRefused(issues)
    return led


def _must_be_eligible(
    found: eligibility.Standing, approvals: Mapping[int, Sequence[str]], lots: Mapping[int, OfferLot]
) -> None:
    issues = eligibility.obstacles(found, approvals, {lot_id: lots[lot_id].number for lot_id in approvals})
    if issues:
        raise BidsRefused(issues)


def _checked(
    session: Session, box: Box, led: Iterable[Joint], own: dict[int, list[dict[str, Any]]]
) -> dict[int, list[dict[str, Any]]]:
    """Add what the files of joints' other members say; refuse where the box refuses what is lacking."""
    found = {joint.lot_id: eligibility.of_joint(session, box, joint) for joint in led}
    issues = [issue for _kept, refused in found.values() for issue in refused]
    if issues:
        raise BidsRefused(issues)
    return own | {lot_id: own.get(lot_id, []) + kept for lot_id, (kept, _issues) in found.items()}


def issue_of(fault: Fault, line: BidLine, lots: Mapping[int, OfferLot]) -> Issue:
    """Say a fault with the lot and specification people know."""
    lot = lots.get(line.lot_id)
    labels = {each.specification_id: lot.label(each) for each in lot.lines} if lot else {}
    facts = {
        **fault.facts, "rule": fault.rule, "index": fault.index, "lot": lot.number if lot else line.lot_id,
        "specification": labels.get(line.specification_id, line.specification_id),
    }  # fmt: skip
    return Issue(fault.code, column=f"lines[{fault.index}].{fault.place}", value=fault.value, facts=facts)


def _must_be_current(bids: Mapping[int, Bid], replaces: Mapping[int, int]) -> None:
    for lot_id, seen in replaces.items():
        if (bids[lot_id].revision if lot_id in bids else 0) != seen:
            raise Conflict("bid-changed-meanwhile", receipt=bids[lot_id].submission.receipt if lot_id in bids else "")


def _content(box: Box, lot: OfferLot, company: Organisation, lines: Iterable[BidLine]) -> str:
    """Write a lot's bid in the one form that is sealed; the typed text is kept as it is."""
    offered = {line.specification_id: line for line in lot.lines}
    parts = []
    for line in sorted((each for each in lines if each.lot_id == lot.id), key=lambda each: each.specification_id):
        place = offered[line.specification_id]
        product = next((each for each in place.products if each.id == line.product_id), place.product)
        read = rules.read_price(line.typed, place.cap)
        parts.append({
            "specification": lot.label(place), "specification_id": place.specification_id,
            "product": product.approval_number if product else "", "product_id": product.id if product else None,
            "typed": line.typed.strip(), "unit_price": None if read.price is None else format(read.price, "f"),
        })  # fmt: skip
    return rules.canonical_bid(box=box.code, lot=lot.number, company=company.code, lines=parts)


def _erase(session: Session, bids: Iterable[Bid], at: datetime) -> None:
    sealing.erase(session, refs=[bid.sealed_id for bid in bids if bid.sealed_id is not None], at=at)


def _put(session: Session, bid: Bid | None, submission: Submission, entry: SubmissionLot, sealed_id: int) -> None:
    """Write the bid's row: the newest revision, and where its content lies."""
    if bid is None:
        bid = Bid(
            box_id=submission.box_id, lot_id=entry.lot_id, company_id=submission.company_id, state=BidState.SUBMITTED
        )
        session.add(bid)
    else:
        bid.state = BID_FLOW.after(bid.state, BidAction.REPLACE)
    bid.submission_id, bid.sealed_id, bid.digest = submission.id, sealed_id, entry.digest
    bid.revision, bid.at = entry.revision, submission.at
