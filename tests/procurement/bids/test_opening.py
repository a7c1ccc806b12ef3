from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kernel import clock
from kernel.auth.permissions import Role
from kernel.errors import Conflict, Forbidden, NotFound
from procurement.bids import queries, services
from procurement.bids.boxes import services as boxes
from procurement.bids.flow import BidState, BoxState
from procurement.bids.models import Bid, Box
from procurement.bids.sealing import services as sealing

from .conftest import CLOSED, DEADLINE, OPENS, World, organisation, person


def submit(session: Session, world: World, who: str = "a", *prices: str, **more: Any) -> Any:
    lines = world.lines(*(prices or ("0.6580", "0.3870")), lot=more.pop("lot", 0))
    return services.submit(session, box_id=world.box_id, lines=lines, actor=world.actors[who], **more)


def test_a_box_opens_once_at_its_deadline_and_gives_the_prices_as_typed(session: Session, world: World) -> None:
    with clock.travel(to=OPENS):
        submit(session, world, "a", "0.6580", "0.3870")
        submit(session, world, "b", "０.５", lot=1)
        submit(session, world, "a", "0.7", lot=2)
        services.withdraw(session, box_id=world.box_id, actor=world.actors["a"], lot_ids=[world.lots[2]])
    agency = world.actors["agency"]
    with clock.travel(to=DEADLINE - timedelta(seconds=1)), pytest.raises(Conflict, match="not-reached"):
        services.open_bids(session, box_id=world.box_id, actor=agency, at=DEADLINE)
    assert list(queries.opened_lines(session, world.box_id)) == []
    with clock.travel(to=CLOSED):
        lines = services.open_bids(session, box_id=world.box_id, actor=agency, at=DEADLINE)
        assert [(line.typed, line.unit_price) for line in lines] == [
            ("0.6580", Decimal("0.6580")), ("0.3870", Decimal("0.3870")), ("０.５", Decimal("0.5000")),
        ]  # fmt: skip
        with pytest.raises(Conflict, match="box-already-opened"):
            services.open_bids(session, box_id=world.box_id, actor=agency, at=DEADLINE)
    states = {bid.lot_id: bid.state for bid in session.scalars(select(Bid))}
    assert [states[lot] for lot in world.lots] == [BidState.OPENED, BidState.OPENED, BidState.WITHDRAWN]


def test_a_changed_content_spoils_its_bid_and_stops_no_other(session: Session, world: World) -> None:
    with clock.travel(to=OPENS):
        submit(session, world, "a")
        submit(session, world, "b")
    changed = session.scalars(select(Bid).where(Bid.company_id == world.companies["a"])).one()
    session.execute(text("update sealed set content = :c where id = :i"), {"c": b"{}", "i": changed.sealed_id})
    with clock.travel(to=CLOSED):
        lines = services.open_bids(session, box_id=world.box_id, actor=world.actors["agency"], at=DEADLINE)
    assert {line.company_id for line in lines} == {world.companies["b"]}
    assert changed.state is BidState.SPOILT


def test_contents_cannot_be_read_from_a_box_that_is_not_opened(session: Session, world: World) -> None:
    with clock.travel(to=CLOSED), pytest.raises(Conflict, match="box-not-opened"):
        list(sealing.open_box_contents(session, box_id=world.box_id))


def test_a_company_cannot_open_a_box(session: Session, world: World) -> None:
    with clock.travel(to=CLOSED), pytest.raises(Forbidden):
        services.open_bids(session, box_id=world.box_id, actor=world.actors["a"], at=DEADLINE)


def test_the_job_closes_a_box_whose_deadline_passed(session: Session, world: World, box: Box) -> None:
    with clock.travel(to=DEADLINE - timedelta(seconds=1)):
        assert boxes.settle(session, at=clock.now()) == []
    with clock.travel(to=CLOSED):
        assert [closed.id for closed in boxes.settle(session, at=clock.now())] == [box.id]
        assert box.state is BoxState.CLOSED
        assert boxes.settle(session, at=clock.now()) == []
        services.open_bids(session, box_id=box.id, actor=world.actors["agency"], at=DEADLINE)


def test_a_void_box_takes_and_opens_nothing(session: Session, world: World, box: Box, bidding: datetime) -> None:
    submit(session, world)
    boxes.void_box(session, box=box, actor=world.actors["agency"], at=bidding)
    with pytest.raises(NotFound):
        submit(session, world, "a", "0.5")
    with clock.travel(to=CLOSED), pytest.raises(Conflict):
        services.open_bids(session, box_id=box.id, actor=world.actors["agency"], at=DEADLINE)


def test_staged_workbooks_lie_behind_the_seal_until_they_are_forgotten(session: Session) -> None:
    ref = sealing.STAGING.stage(session, b"prices")
    assert sealing.STAGING.unstage(session, ref) == b"prices"
    sealing.STAGING.discard(session, ref)
    sealing.STAGING.discard(session, "")
    with pytest.raises(NotFound):
        sealing.STAGING.unstage(session, ref)


def test_a_waiting_box_is_known_to_the_agency_alone(session: Session, world: World) -> None:
    agency = world.actors["agency"]
    waiting = boxes.open_box(session, call_id=world.call_id, code="X", title="X", actor=agency, at=OPENS)
    assert queries.box(session, waiting.id, agency) is waiting
    with pytest.raises(NotFound):
        queries.box(session, waiting.id, world.actors["a"])


def test_distributors_cannot_bid(session: Session, world: World, bidding: datetime) -> None:
    from kernel.parties.codes import OrganisationKind

    row = organisation(session, "d", OrganisationKind.DISTRIBUTOR, "配送", "911100001000000339")
    with pytest.raises(Forbidden):
        services.submit(
            session, box_id=world.box_id, lines=world.lines("1"), actor=person(session, row, "d", Role.DISTRIBUTOR)
        )
