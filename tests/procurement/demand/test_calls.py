"""Collections from draft to deadline, and their lots."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from kernel.errors import Conflict, DomainError, NotFound
from kernel.notices.models import Notice
from procurement.demand.flow import CallState
from procurement.demand.queries import calls as call_queries
from procurement.demand.queries import lots as lot_queries
from procurement.demand.services import calls, lots, reports
from tests.procurement.demand.conftest import DEADLINE, World

LATER = DEADLINE + timedelta(hours=1)


def test_lots_are_numbered_and_carry_factors_of_twelve_decimals(world: World) -> None:
    world.variety("V003", "某药", ("3mg", "3", "片"), ("10mg", "10", "片"))
    call = world.call(started=False)
    found = lot_queries.lots(world.session, call.id)
    assert [lot.number for lot in found] == [1, 2, 3]
    assert found[2].specifications[1].volume_factor == Decimal("3.333333333333")
    assert found[0].specifications[1].price_factor == Decimal("1.7")
    assert found[0].form_kind == "oral-solid" and found[0].volume_class == "general"


def test_a_variety_is_taken_once_and_needs_a_reference(world: World) -> None:
    call = world.call(started=False)
    with pytest.raises(Conflict, match="demand-lot-twice"):
        world.act(lots.add_lots, "agency", call_id=call.id, drafts=[lots.LotDraft(world.varieties["V001"].id)])
    bare = world.variety("V009", "无参比")
    with pytest.raises(DomainError, match="demand-variety-without-reference"):
        world.act(lots.add_lots, "agency", call_id=call.id, drafts=[lots.LotDraft(bare.id)])


def test_removing_a_lot_closes_the_gap(world: World) -> None:
    call = world.call(started=False)
    first = lot_queries.lots(world.session, call.id)[0]
    world.act(lots.remove_lot, "agency", call_id=call.id, lot_id=first.id)
    world.session.expire_all()
    assert [(lot.number, lot.variety.code) for lot in lot_queries.lots(world.session, call.id)] == [(1, "V002")]


def test_a_lot_keeps_its_reference_and_loses_what_is_not_chosen(world: World) -> None:
    call = world.call(started=False)
    lot = lot_queries.lots(world.session, call.id)[0]
    for wanted, left in ((set(), ["5mg"]), (set(world.ids("V001")), ["5mg", "10mg"])):
        world.act(
            lots.change_lot, "agency", call_id=call.id, lot_id=lot.id, volume_class=lot.volume_class,
            form_kind=lot.form_kind, specification_ids=wanted,
        )  # fmt: skip
        world.session.expire_all()
        found = lot_queries.one_lot(world.session, call.id, lot.id)
        assert [row.specification.text for row in found.specifications] == left


def test_caps_have_four_decimals_and_belong_to_the_collection(world: World) -> None:
    call = world.call()
    row = lot_queries.lots(world.session, call.id)[0].specifications[0]
    assert world.act(lots.set_caps, "agency", call_id=call.id, caps={row.id: Decimal("1.2345")}) == 1
    assert world.act(lots.set_caps, "agency", call_id=call.id, caps={row.id: Decimal("1.2345")}) == 0
    for caps in ({row.id: Decimal("1.23456")}, {row.id: Decimal(0)}, {row.id + 999: Decimal(1)}):
        with pytest.raises(DomainError, match="demand-bad-cap"):
            world.act(lots.set_caps, "agency", call_id=call.id, caps=caps)


def test_starting_tells_every_hospital_and_freezes_the_lots(world: World) -> None:
    call = world.call()
    told = set(world.session.scalars(select(Notice.user_id).where(Notice.code == "demand-started")))
    assert told == {world.actors[key].user_id for key in ("one", "two", "three")}
    with pytest.raises(Conflict, match="demand-already-started"):
        world.act(lots.add_lots, "agency", call_id=call.id, drafts=[])
    with pytest.raises(Conflict, match="wrong-state"):
        world.act(calls.start, "agency", call_id=call.id)


def test_a_collection_without_lots_or_with_a_past_deadline_does_not_start(world: World) -> None:
    values = {"title": "x", "year": 2027, "deadline": DEADLINE}
    call = world.act(calls.create_call, "agency", code="X", **values)
    with pytest.raises(DomainError, match="demand-without-lots"):
        world.act(calls.start, "agency", call_id=call.id)
    with pytest.raises(Conflict, match="demand-code-taken"):
        world.act(calls.create_call, "agency", code="X", **values)
    with pytest.raises(DomainError, match="demand-deadline-past"):
        world.act(calls.start, "agency", DEADLINE, call_id=world.call(started=False, code="Y").id)


def test_hospitals_do_not_see_drafts_and_companies_see_nothing(world: World) -> None:
    draft, live = world.call(started=False, code="A"), world.call(code="B")
    assert call_queries.one_call(world.session, live.id, world.actors["one"]) is live
    for who, call in (("one", draft), ("maker", live), ("maker", draft)):
        with pytest.raises(NotFound):
            call_queries.one_call(world.session, call.id, world.actors[who])
    assert call_queries.one_call(world.session, draft.id, world.actors["bureau"]) is draft


def test_more_time_reopens_a_collection_and_is_never_less(world: World) -> None:
    call = world.call()
    for deadline in (DEADLINE, DEADLINE - timedelta(days=1), LATER):
        with pytest.raises(DomainError, match="demand-deadline-not-later"):
            world.act(calls.extend, "agency", LATER, call_id=call.id, deadline=deadline, reason="x")
    world.act(calls.extend, "agency", LATER, call_id=call.id, deadline=LATER + timedelta(days=2), reason="系统故障")
    assert call.state is CallState.COLLECTING and call.deadline == LATER + timedelta(days=2)
    world.act(reports.save_report, "one", LATER, call_id=call.id, lines=[])


def test_the_job_writes_the_passed_deadline_down_and_reminds_once_at_each_distance(world: World) -> None:
    call = world.call()
    world.act(reports.submit, "one", call_id=call.id, confirmed=True)
    told = select(func.count(Notice.id)).where(Notice.code == "demand-reminder")
    for hours, expected in ((100, 0), (72, 2), (71, 2), (24, 4), (3, 4), (2, 6), (1, 6)):
        calls.remind_due(world.session, at=DEADLINE - timedelta(hours=hours))
        assert world.session.scalar(told) == expected
    at = DEADLINE - timedelta(microseconds=1000)
    assert calls.settle_due(world.session, at=at) == 0
    with_clock = DEADLINE + timedelta(seconds=1)
    from kernel import clock

    with clock.travel(to=with_clock):
        assert calls.settle_due(world.session, at=with_clock) == 1
    assert call.state is CallState.REVIEWING


def test_a_given_up_collection_takes_no_reports(world: World) -> None:
    call = world.call()
    with pytest.raises(DomainError, match="demand-reason-missing"):
        world.act(calls.void_call, "agency", call_id=call.id, reason="")
    world.act(calls.void_call, "agency", call_id=call.id, reason="范围有误")
    with pytest.raises(Conflict, match="demand-not-collecting"):
        world.act(reports.save_report, "one", call_id=call.id, lines=[])
