from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from kernel import clock
from kernel.audit.models import AuditEntry
from kernel.errors import Conflict, DomainError, Forbidden, NotFound
from kernel.notices.models import Notice
from kernel.parties.codes import OrganisationState
from kernel.parties.models import Organisation, Region
from pricing.credit.ratings.flow import MeasureKind
from procurement.bids import services
from procurement.bids.boxes import services as boxes
from procurement.bids.flow import BidState, InvalidPrice
from procurement.bids.models import Bid, Box
from procurement.bids.receipts import queries as receipt_queries
from procurement.bids.receipts import services as receipts
from procurement.bids.sealing import services as sealing
from procurement.bids.services import BidsRefused
from tests.factories.credit import measure

from .conftest import CLOSED, DEADLINE, OPENS, World, build


def submit(session: Session, world: World, who: str = "a", *prices: str, **more: Any) -> Any:
    lines = world.lines(*(prices or ("0.6580", "0.3870")), lot=more.pop("lot", 0))
    return services.submit(session, box_id=world.box_id, lines=lines, actor=world.actors[who], **more)


def refused(session: Session, world: World, lines: list[Any]) -> list[str]:
    with pytest.raises(BidsRefused) as told:
        services.submit(session, box_id=world.box_id, lines=lines, actor=world.actors["a"])
    return [issue.code for issue in told.value.issues]


def test_a_bid_gets_a_receipt_with_a_digest_that_can_be_computed_again(
    session: Session, world: World, box: Box, bidding: datetime
) -> None:
    submission = submit(session, world)
    company = session.get_one(Organisation, world.companies["a"])
    entries = submission.entries
    again = receipts.digest_of(session, box=box, company=company, at=submission.at, withdrawal=False, entries=entries)
    assert again == submission.digest
    assert submission.receipt.startswith("LM-YP-2026-04-")
    bid = session.scalars(select(Bid)).one()
    own = sealing.read_own(session, refs=[bid.sealed_id or 0], actor=world.actors["a"])[bid.sealed_id or 0]
    assert own.intact
    assert [line["typed"] for line in json.loads(own.content)["lines"]] == ["0.6580", "0.3870"]


def test_the_company_is_told_and_the_record_holds_no_price_and_no_lot(
    session: Session, world: World, bidding: datetime
) -> None:
    submission = submit(session, world)
    notice = session.scalars(select(Notice).where(Notice.code == "bids-received")).one()
    assert notice.user_id == world.actors["a"].user_id
    assert notice.facts["receipt"] == submission.receipt
    session.flush()
    from kernel.audit.services import write_pending

    write_pending(session)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.tag == "bids.submitted")).one()
    assert set(entry.facts) == {"box", "receipt", "digest"}


def test_another_company_reads_neither_content_nor_receipt(session: Session, world: World, bidding: datetime) -> None:
    submission = submit(session, world)
    bid = session.scalars(select(Bid)).one()
    assert sealing.read_own(session, refs=[bid.sealed_id or 0], actor=world.actors["b"]) == {}
    assert sealing.read_own(session, refs=[bid.sealed_id or 0], actor=world.actors["agency"]) == {}
    with pytest.raises(NotFound):
        receipt_queries.one(session, submission.receipt, world.actors["b"])


def test_a_second_submission_replaces_the_first_and_erases_its_content(
    session: Session, world: World, bidding: datetime
) -> None:
    first = submit(session, world)
    old = session.scalars(select(Bid)).one().sealed_id or 0
    second = submit(session, world, "a", "0.6000")
    bid = session.scalars(select(Bid)).one()
    assert (bid.revision, bid.submission_id, bid.state) == (2, second.id, BidState.SUBMITTED)
    assert sealing.read_own(session, refs=[old], actor=world.actors["a"]) == {}
    assert session.execute(text("select salt from sealed where id = :i"), {"i": old}).scalar_one() == ""
    assert first.entries[0].digest != second.entries[0].digest


def test_a_withdrawal_erases_the_content_and_keeps_the_digest(
    session: Session, world: World, bidding: datetime
) -> None:
    submit(session, world)
    submit(session, world, lot=1)
    taken = services.withdraw(session, box_id=world.box_id, actor=world.actors["a"], lot_ids=[world.lots[0]])
    bids = {bid.lot_id: bid for bid in session.scalars(select(Bid))}
    assert bids[world.lots[0]].state is BidState.WITHDRAWN
    assert bids[world.lots[0]].sealed_id is None
    assert taken.entries[0].digest == bids[world.lots[0]].digest
    assert bids[world.lots[1]].state is BidState.SUBMITTED
    with pytest.raises(Conflict):
        services.withdraw(session, box_id=world.box_id, actor=world.actors["a"], lot_ids=[world.lots[0]])
    services.withdraw(session, box_id=world.box_id, actor=world.actors["a"])
    submit(session, world)
    assert session.get_one(Bid, bids[world.lots[0]].id).revision == 3


def test_a_stale_form_does_not_replace_a_newer_bid(session: Session, world: World, bidding: datetime) -> None:
    lot = world.lots[0]
    submit(session, world, replaces={lot: 0})
    with pytest.raises(Conflict, match="bid-changed-meanwhile"):
        submit(session, world, "a", "0.5000", replaces={lot: 0})
    submit(session, world, "a", "0.5000", replaces={lot: 1})


def test_all_mistakes_are_told_at_once_and_nothing_changes(session: Session, world: World, bidding: datetime) -> None:
    lines = [
        *world.lines("1.6801", "0"),
        *world.lines("abc", "1.23456", lot=1),
        *world.lines("", "-1", lot=2),
        *world.lines("0.5"),
    ]
    codes = refused(session, world, lines)
    assert codes == [
        "over-cap", "price-zero", "price-not-a-number", "price-too-precise", "price-missing", "price-negative",
        "line-repeated",
    ]  # fmt: skip
    assert session.scalars(select(Bid)).all() == []
    assert session.get_one(Box, world.box_id, populate_existing=True).entries == 0


def test_a_price_equal_to_the_cap_is_taken(session: Session, world: World, bidding: datetime) -> None:
    assert submit(session, world, "a", "1.6800", "0.99").lots == 1


def test_unknown_lots_specifications_and_products_are_refused(
    session: Session, world: World, bidding: datetime
) -> None:
    line = world.lines("0.5")[0]
    other = world.products[("b", line.specification_id)]
    wrong = [
        services.BidLine(9999, line.specification_id, "0.5"),
        services.BidLine(line.lot_id, 9999, "0.5"),
        services.BidLine(line.lot_id, line.specification_id, "0.5", other),
    ]
    assert refused(session, world, wrong) == ["unknown-lot", "unknown-specification", "product-not-yours"]
    with pytest.raises(BidsRefused) as told:
        submit(session, world, "b", "0.5", lot=2)
    assert told.value.issues[0].code == "no-product"


def test_a_round_may_mark_what_cannot_win(session: Session) -> None:
    world = build(session, invalid_price=InvalidPrice.MARK)
    with clock.travel(to=OPENS):
        submit(session, world, "a", "99", "1.23456")
        submit(session, world, "a", "", "0.0000", lot=1)
        with pytest.raises(BidsRefused):
            submit(session, world, "a", "n/a", lot=2)
    with clock.travel(to=CLOSED):
        lines = services.open_bids(session, box_id=world.box_id, actor=world.actors["agency"], at=DEADLINE)
    assert [(line.typed, line.unit_price) for line in lines] == [
        ("99", Decimal("99.0000")), ("1.23456", None), ("", None), ("0.0000", Decimal("0.0000")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (OPENS - timedelta(minutes=1), "box-not-yet-receiving"),
        (CLOSED, "box-deadline-passed"),
        (DEADLINE + timedelta(days=1), "box-deadline-passed"),
    ],
)
def test_outside_its_time_a_box_takes_nothing(session: Session, world: World, at: datetime, code: str) -> None:
    with clock.travel(to=at), pytest.raises(Conflict, match=code):
        submit(session, world)


def test_the_last_second_before_the_deadline_counts(session: Session, world: World) -> None:
    with clock.travel(to=DEADLINE - timedelta(seconds=1)):
        assert submit(session, world).at < DEADLINE


@pytest.mark.parametrize(("before", "taken"), [(1, True), (0, False)])
def test_the_deadline_itself_is_too_late_to_the_microsecond(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch, before: int, taken: bool
) -> None:
    monkeypatch.setattr(clock, "after_lock", lambda _session: DEADLINE - timedelta(microseconds=before))
    if taken:
        assert receipts.take_place(session, box_id=world.box_id)[0] == 1
    else:
        with pytest.raises(Conflict, match="box-deadline-passed"):
            receipts.take_place(session, box_id=world.box_id)


def test_only_an_active_company_bids(session: Session, world: World, bidding: datetime) -> None:
    with pytest.raises(Forbidden):
        services.submit(session, box_id=world.box_id, lines=world.lines("1"), actor=world.actors["agency"])
    session.execute(update(Organisation).values(state=OrganisationState.SUSPENDED))
    session.expire_all()
    with pytest.raises(DomainError, match="company-not-active"):
        submit(session, world)


def test_the_deadline_moves_later_only_and_only_before_it_passed(
    session: Session, world: World, box: Box, bidding: datetime
) -> None:
    agency = world.actors["agency"]
    later = DEADLINE + timedelta(days=3)
    with pytest.raises(DomainError, match="deadline-not-later"):
        boxes.lengthen(session, box=box, deadline=DEADLINE, actor=agency, at=bidding)
    assert boxes.lengthen(session, box=box, deadline=later, actor=agency, at=bidding).deadline == later
    with clock.travel(to=later + timedelta(seconds=1)), pytest.raises(Conflict, match="box-deadline-passed"):
        boxes.lengthen(session, box=box, deadline=later + timedelta(days=1), actor=agency, at=bidding)


@pytest.mark.parametrize(
    ("kind", "lots"), [(MeasureKind.PRODUCTS_EVERYWHERE, [1]), (MeasureKind.PRODUCTS_HERE, []), (MeasureKind.FLAG, [])]
)
def test_credit_bars_the_products_that_a_measure_covers_and_no_others(
    session: Session, world: World, bidding: datetime, kind: MeasureKind, lots: list[int]
) -> None:
    day = clock.today(bidding)
    session.add(Region(code="970000", name="山河省"))
    session.flush()
    product = world.products["a", world.specifications[world.lots[0]][0]]
    made = measure(session, product, kind, at=bidding, region="970000", starts=day)
    lines, other = world.lines("0.6580", "0.3870"), world.lines("1.2", "0.7", lot=1)
    if lots:
        with pytest.raises(services.BidsRefused) as refused:
            services.submit(session, box_id=world.box_id, lines=[*lines, *other], actor=world.actors["a"])
        assert [issue.facts["lot"] for issue in refused.value.issues] == lots
        services.submit(session, box_id=world.box_id, lines=other, actor=world.actors["a"])
        made.ends_on = day
        session.flush()
    services.submit(session, box_id=world.box_id, lines=lines, actor=world.actors["a"])
