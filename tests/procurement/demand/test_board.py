"""The agency's board: late, odd, missing; accepted together; reminded by hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from kernel.errors import DomainError, NotFound
from kernel.notices.models import Notice
from procurement.demand.board import queries, services
from procurement.demand.flow import ReportState
from procurement.demand.queries import lots as lot_queries
from procurement.demand.services import past_use, reports
from procurement.demand.services.past_use import Used
from tests.procurement.demand.conftest import DEADLINE, NOW, Site, World, line
from tests.procurement.demand.test_reports import LATER

BOARD = "/procurement/demand/{}/board"


@pytest.fixture
def told(world: World) -> World:
    """Hospital one reports oddly, two plainly, three nothing."""
    call, (five, _ten) = world.call(), world.ids("V001")
    used = [Used(world.id(who), five, 2026, Decimal(1000)) for who in ("one", "two")]
    world.act(past_use.record_past_use, "agency", rows=used)
    for who, quantity in (("one", 100), ("two", 900)):
        world.act(reports.save_report, who, call_id=call.id, lines=[line(five, quantity)])
        world.act(reports.submit, who, call_id=call.id, confirmed=True)
    return world


def test_regions_and_varieties_are_counted_what_is_wrong_first(told: World) -> None:
    call = _call(told)
    view = queries.overview(told.session, call=call, at=NOW)
    assert [(each.region, each.total, each.open, each.odd) for each in view.regions] == [
        ("乙市", 1, 1, 0), ("甲市", 2, 0, 1),
    ]  # fmt: skip
    assert view.missing == 1 and view.late == frozenset()
    assert [(each.progress.lot.number, each.below, each.doubtful) for each in view.varieties] == [(1, 1, 0), (2, 0, 0)]
    assert view.days[-1][1:] == (None, None) and (2, 0) in [row[1:] for row in view.days]
    after = queries.overview(told.session, call=call, at=LATER)
    assert after.late == {told.id("three")}


def _call(world: World):
    return lot_queries.lots(world.session, 1)[0].call


def test_what_is_not_odd_is_accepted_together_by_somebody_else(told: World) -> None:
    call = _call(told)
    done = told.act(services.accept_clean, "agency", call_id=call.id, region="320200")
    assert (done.accepted, done.odd) == (0, 0)
    mine = queries.held_waiting(told.session, call.id, None)[1]
    mine.submitted_by_id, before = told.actors["agency"].user_id, mine.submitted_by_id
    done = told.act(services.accept_clean, "agency", call_id=call.id)
    assert (done.accepted, done.odd, done.own) == (0, 1, 1)
    mine.submitted_by_id = before
    done = told.act(services.accept_clean, "agency", call_id=call.id)
    assert (done.accepted, done.odd, done.own) == (1, 1, 0)
    assert mine.state is ReportState.ACCEPTED
    with pytest.raises(NotFound):
        told.act(services.accept_clean, "maker", call_id=call.id)


def test_a_reminder_by_hand_reaches_whom_it_should_once_an_hour(told: World) -> None:
    call, hour = _call(told), timedelta(hours=1)
    assert told.act(services.nudge, "agency", call_id=call.id) == 1
    reader = select(func.count(Notice.id)).where(Notice.code == "demand-nudge")
    assert told.session.scalar(reader.where(Notice.user_id == told.actors["three"].user_id)) == 1
    with pytest.raises(DomainError, match="demand-nudged-lately"):
        told.act(services.nudge, "agency", NOW + hour / 2, call_id=call.id)
    assert told.act(services.nudge, "agency", NOW + hour * 1.1, call_id=call.id) == 1
    with pytest.raises(DomainError, match="demand-nobody-missing"):
        told.act(services.nudge, "agency", DEADLINE + hour, call_id=call.id)


def test_one_variety_is_shown_report_by_report(told: World) -> None:
    call = _call(told)
    rows = queries.of_lot(told.session, call=call, lot=call.lots[0])
    assert [(row.hospital.id, row.reported, row.last_year, bool(row.odd)) for row in rows] == [
        (told.id("one"), 100, 1000, True), (told.id("two"), 900, 1000, False),
    ]  # fmt: skip


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_the_board_opens_for_the_agency_alone(site: Site, locale: str) -> None:
    five, _ = site.specifications["V001"]
    address, hospital, agency = BOARD.format(site.call_id), site.browser("one"), site.browser("agency")
    draft = {"version": 0, "rows": [{"id": f"{five}-0", "quantity": "5"}]}
    hospital.post(f"/api/v1/procurement/demand/calls/{site.call_id}/draft", json=draft)
    hospital.post(f"/procurement/demand/{site.call_id}/report/check", data={"version": "1"})
    agency.get(f"/language/{locale}")
    for tail in ("", "?kind=odd", "?kind=late&region=甲市", "/lots/1", "/workbook"):
        assert agency.get(address + tail).status_code == 200, tail
        assert hospital.get(address + tail).status_code == 404, tail
    assert site.browser("bureau").post(f"{address}/accept").status_code == 403
    assert agency.post(f"{address}/accept").status_code == 303
    assert agency.post(f"{address}/remind").status_code == 303
    assert agency.get(f"{address}/lots/99").status_code == 404
