"""Private hospitals and pharmacies take part of their own accord; who is reminded of which moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from kernel.auth.permissions import Role
from kernel.errors import Conflict, DomainError, NotFound
from kernel.notices.models import Notice
from kernel.parties.codes import OrganisationKind, Ownership
from procurement.demand.joining import services as joining
from procurement.demand.models import Report
from procurement.demand.queries import base as bases
from procurement.demand.queries import board, calls
from procurement.demand.queries import reports as report_queries
from procurement.demand.services import base, reports
from procurement.demand.services import calls as call_services
from tests.procurement.demand.conftest import DEADLINE, NOW, World, line
from tests.procurement.demand.test_reports import LATER, accept_all


@pytest.fixture
def private(world: World) -> World:
    made = world.organisation("private", OrganisationKind.HOSPITAL, Role.PHARMACIST, "320200")
    made.ownership = Ownership.PRIVATE
    world.organisation("shop", OrganisationKind.PHARMACY, Role.PHARMACY, "320100")
    return world


def told(world: World, code: str, who: str) -> int:
    query = select(func.count(Notice.id)).where(Notice.code == code, Notice.user_id == world.actors[who].user_id)
    return world.session.scalar(query)


def test_who_is_not_asked_is_invited_joins_once_and_leaves(private: World) -> None:
    call = private.call()
    assert private.id("private") not in calls.hospital_ids(private.session)
    for who, started, invited in (("one", 1, 0), ("private", 0, 1), ("shop", 0, 1)):
        assert (told(private, "demand-started", who), told(private, "demand-may-join", who)) == (started, invited)
    with pytest.raises(Conflict, match="demand-join-first"):
        private.act(reports.submit, "private", call_id=call.id, confirmed=True)
    row = private.act(joining.join, "private", call_id=call.id)
    assert row.joined_at >= NOW
    with pytest.raises(Conflict, match="demand-joined-already"):
        private.act(joining.join, "private", call_id=call.id)
    private.act(reports.submit, "private", call_id=call.id, confirmed=True)
    with pytest.raises(Conflict, match="demand-already-submitted"):
        private.act(joining.leave, "private", call_id=call.id)
    private.act(reports.recall, "private", call_id=call.id)
    private.act(joining.leave, "private", call_id=call.id)
    assert report_queries.to_report(private.session, private.actors["private"], NOW) == []
    private.act(joining.join, "private", call_id=call.id)
    assert len(report_queries.to_report(private.session, private.actors["private"], NOW)) == 1


def test_nobody_joins_whom_the_collection_does_not_take_nor_late(private: World) -> None:
    call = private.call()
    call.pharmacies_join = False
    with pytest.raises(DomainError, match="demand-may-not-join"):
        private.act(joining.join, "shop", call_id=call.id)
    with pytest.raises(DomainError, match="demand-may-not-join"):
        private.act(joining.join, "one", call_id=call.id)
    with pytest.raises(NotFound):
        private.act(joining.join, "maker", call_id=call.id)
    with pytest.raises(Conflict, match="demand-not-collecting"):
        private.act(joining.join, "private", DEADLINE, call_id=call.id)


@pytest.mark.parametrize("counts", [True, False])
def test_the_base_counts_those_who_joined_where_the_collection_says_so(private: World, counts: bool) -> None:
    call, (five, ten) = private.call(), private.ids("V001")
    call.joined_count = counts
    private.act(joining.join, "private", call_id=call.id)
    for who, quantity in (("one", 10), ("private", 4)):
        private.act(reports.save_report, who, call_id=call.id, lines=[line(five, quantity), line(ten, quantity)])
        private.act(reports.submit, who, call_id=call.id, confirmed=True)
    progress = board.lot_progress(private.session, call=call)[0]
    assert (progress.reported, progress.by_joined) == (42 if counts else 30, 12)
    accept_all(private, call.id)
    private.act(base.lock, "agency", LATER, call_id=call.id)
    lot = call.lots[0].id
    assert bases.lot_totals(private.session, call.id) == {lot: 42 if counts else 30}
    assert bases.joined_totals(private.session, call.id) == {lot: 12}
    hospitals = {each.hospital_id for each in bases.hospital_base(private.session, call.id)[lot]}
    assert (private.id("private") in hospitals) is counts


def test_reminders_reach_those_who_owe_a_report_and_nobody_else(private: World) -> None:
    call = private.call()
    private.act(joining.join, "shop", call_id=call.id)
    private.act(reports.submit, "two", call_id=call.id, confirmed=True)
    for hours in (72, 24, 2):
        call_services.remind_due(private.session, at=DEADLINE - timedelta(hours=hours))
        call_services.remind_due(private.session, at=DEADLINE - timedelta(hours=hours) + timedelta(minutes=1))
    assert [told(private, "demand-reminder", who) for who in ("one", "two", "shop", "private")] == [3, 0, 3, 0]


def test_a_report_with_a_moment_of_its_own_is_reminded_of_that(world: World) -> None:
    call = world.call()
    report = world.act(reports.submit, "one", call_id=call.id, confirmed=True)
    due, hour = DEADLINE + timedelta(days=4), timedelta(hours=1)
    world.act(reports.return_, "agency", DEADLINE - 80 * hour, report_id=report.id, reason="核对", due_at=due)
    world.session.flush()
    version = report.version
    for at in (DEADLINE - 72 * hour, DEADLINE - 2 * hour, due - 72 * hour, due - 25 * hour, due - 24 * hour, due):
        call_services.remind_due(world.session, at=at)
    assert told(world, "demand-reminder", "one") == 2 and told(world, "demand-reminder", "two") == 2
    facts = world.session.scalars(select(Notice.facts).where(Notice.code == "demand-reminder")).all()
    assert {each["hours"] for each in facts if "12-05" in each["deadline"]} == {72, 24}
    stored = world.session.execute(select(Report.version, Report.reminded).where(Report.id == report.id)).one()
    assert tuple(stored) == (version, 24)  # an open page does not find its report changed
    world.act(reports.submit, "one", due - 3 * hour, call_id=call.id, confirmed=True)
    call_services.remind_due(world.session, at=due - hour)
    assert told(world, "demand-reminder", "one") == 2
