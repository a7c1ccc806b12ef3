"""Reports, their review, and the locked base."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from kernel.audit.models import AuditEntry
from kernel.audit.services import write_pending
from kernel.auth.permissions import Role
from kernel.errors import Conflict, DomainError, NotFound
from kernel.notices.models import Notice
from kernel.parties.codes import OrganisationKind
from procurement.demand.flow import CallState, LineReason, ReportState
from procurement.demand.joining import services as joining
from procurement.demand.models import BaseVolume, ReportLine
from procurement.demand.queries import base as bases
from procurement.demand.queries import board, calls
from procurement.demand.queries import lots as lot_queries
from procurement.demand.queries import reports as report_queries
from procurement.demand.rules import Asked
from procurement.demand.services import base, past_use, reports
from procurement.demand.services.past_use import Used
from tests.procurement.demand.conftest import DEADLINE, NOW, World, line

LATER = DEADLINE + timedelta(hours=1)


def accept_all(world: World, call_id: int, at=LATER) -> None:
    for report in world.session.scalars(report_queries.visible_reports(world.actors["agency"])).all():
        if report.call_id == call_id and report.state is ReportState.SUBMITTED:
            world.act(reports.accept, "agency", at, report_id=report.id)


def test_a_report_of_another_hospital_is_not_found(world: World) -> None:
    call = world.call()
    report = world.act(reports.save_report, "one", call_id=call.id, lines=[line(world.ids("V001")[0], 10)])
    assert report_queries.one_report(world.session, report.id, world.actors["agency"]) is report
    for who in ("two", "maker"):
        with pytest.raises(NotFound):
            report_queries.one_report(world.session, report.id, world.actors[who])
    with pytest.raises(NotFound):
        world.act(reports.save_report, "maker", call_id=call.id, lines=[])


def test_saving_merges_lines_clears_what_is_named_and_writes_one_event(world: World) -> None:
    call, (five, ten) = world.call(), world.ids("V001")
    maker = world.id("maker")
    first = world.act(reports.save_report, "one", call_id=call.id, lines=[line(five, 10), line(five, 5, maker)])
    assert first.version == 1
    world.act(reports.save_report, "one", call_id=call.id, lines=[line(ten, 7)], cleared=[(five, 0)], version=1)
    left = {each.key: each.quantity for each in report_queries.asked(world.session, first.id)}
    assert left == {(five, maker): 5, (ten, 0): 7}
    world.act(reports.save_report, "one", call_id=call.id, lines=[line(ten, 7)])
    write_pending(world.session)
    count = select(func.count()).where(AuditEntry.tag == "report.saved")
    assert world.session.scalar(count) == 2


def test_a_save_from_an_older_version_is_a_conflict(world: World) -> None:
    call, (five, _) = world.call(), world.ids("V001")
    world.act(reports.save_report, "one", call_id=call.id, lines=[line(five, 10)], version=0)
    world.session.flush()
    world.act(reports.save_report, "one", call_id=call.id, lines=[line(five, 11)], version=1)
    world.session.flush()
    for stale in (0, 1):
        with pytest.raises(Conflict, match="changed-meanwhile"):
            world.act(reports.save_report, "one", call_id=call.id, lines=[line(five, 12)], version=stale)


def test_all_bad_lines_are_told_at_once_and_nothing_is_written(world: World) -> None:
    call, (five, ten), (liquid,) = world.call(), world.ids("V001"), world.ids("V002")
    rival = world.id("rival")
    bad = [line(five, "1.5"), line(ten, -1), line(999_999, 1), line(five, 1, rival), line(liquid, "0.125"),
           line(liquid, 3), line(ten, 2)]  # fmt: skip
    with pytest.raises(reports.LinesRefused) as refused:
        world.act(reports.save_report, "one", call_id=call.id, lines=bad)
    assert sorted(issue.code for issue in refused.value.issues) == [
        "demand-company-without-product", "demand-decimals", "demand-line-repeated", "demand-line-repeated",
        "demand-negative", "demand-unknown-specification",
    ]  # fmt: skip
    assert world.session.scalar(select(func.count(ReportLine.id))) == 0


def test_the_deadline_itself_is_too_late(world: World) -> None:
    call, (five, _) = world.call(), world.ids("V001")
    tick = timedelta(seconds=1)
    world.act(reports.save_report, "one", DEADLINE - tick, call_id=call.id, lines=[line(five, 10)])
    world.act(reports.submit, "one", DEADLINE - tick, call_id=call.id)
    for verb, values in ((reports.save_report, {"lines": [line(five, 1)]}), (reports.submit, {"confirmed": True})):
        with pytest.raises(reports.TooLate):
            world.act(verb, "two", DEADLINE, call_id=call.id, **values)


def test_a_second_submission_is_a_conflict(world: World) -> None:
    call, (five, _) = world.call(), world.ids("V001")
    world.act(reports.save_report, "one", call_id=call.id, lines=[line(five, 10)])
    world.act(reports.submit, "one", call_id=call.id)
    with pytest.raises(Conflict, match="demand-already-submitted"):
        world.act(reports.submit, "one", call_id=call.id)
    with pytest.raises(Conflict, match="demand-already-submitted"):
        world.act(reports.save_report, "one", call_id=call.id, lines=[line(five, 1)])
    assert world.act(reports.recall, "one", call_id=call.id).state is ReportState.DRAFT


def test_odd_lines_are_confirmed_not_refused(world: World) -> None:
    call, (five, ten) = world.call(), world.ids("V001")
    used = [Used(world.id("one"), five, year, Decimal(1000)) for year in (2025, 2026)]
    world.act(past_use.record_past_use, "agency", rows=used)
    world.act(reports.save_report, "one", call_id=call.id, lines=[line(five, 10_000)])
    with pytest.raises(reports.ConfirmFirst):
        world.act(reports.submit, "one", call_id=call.id)
    world.act(reports.save_report, "one", call_id=call.id, lines=[line(five, 300), line(ten, 250)])
    assert world.act(reports.submit, "one", call_id=call.id).state is ReportState.SUBMITTED  # 300 + 2 × 250 = 800


def test_a_reason_explains_what_lies_below_the_floor(world: World) -> None:
    call, (five, _) = world.call(), world.ids("V001")
    world.act(past_use.record_past_use, "agency", rows=[Used(world.id("one"), five, 2026, Decimal(1000))])
    world.act(reports.save_report, "one", call_id=call.id, lines=[line(five, 399)])
    with pytest.raises(reports.ConfirmFirst):
        world.act(reports.submit, "one", call_id=call.id)
    told = Asked(five, None, Decimal(399), LineReason.PATIENTS_FEWER)
    world.act(reports.save_report, "one", call_id=call.id, lines=[told])
    assert world.act(reports.submit, "one", call_id=call.id).state is ReportState.SUBMITTED


def test_an_empty_report_says_no_demand_once_confirmed(world: World) -> None:
    call = world.call()
    with pytest.raises(reports.ConfirmFirst):
        world.act(reports.submit, "one", call_id=call.id)
    world.session.expunge_all()
    assert world.act(reports.submit, "two", call_id=call.id, confirmed=True).state is ReportState.SUBMITTED


def test_a_report_returned_after_the_deadline_has_its_own(world: World) -> None:
    call, (five, _) = world.call(), world.ids("V001")
    world.act(reports.save_report, "one", call_id=call.id, lines=[line(five, 10)])
    report = world.act(reports.submit, "one", call_id=call.id)
    with pytest.raises(DomainError, match="demand-return-needs-time"):
        world.act(reports.return_, "agency", LATER, report_id=report.id, reason="核对")
    with pytest.raises(DomainError, match="demand-reason-missing"):
        world.act(reports.return_, "agency", LATER, report_id=report.id, reason=" ", due_at=LATER)
    due = LATER + timedelta(days=1)
    world.act(reports.return_, "agency", LATER, report_id=report.id, reason="核对 5mg", due_at=due)
    assert world.session.scalar(select(Notice.facts).where(Notice.code == "demand-report-returned"))["reason"]
    with pytest.raises(reports.TooLate):
        world.act(reports.save_report, "one", due, call_id=call.id, lines=[line(five, 11)])
    inside = due - timedelta(seconds=1)
    world.act(reports.save_report, "one", inside, call_id=call.id, lines=[line(five, 11)])
    assert world.act(reports.submit, "one", inside, call_id=call.id).state is ReportState.SUBMITTED


def test_nobody_accepts_what_he_submitted(world: World) -> None:
    call = world.call()
    report = world.act(reports.submit, "one", call_id=call.id, confirmed=True)
    report.submitted_by_id = world.actors["agency"].user_id
    with pytest.raises(DomainError, match="demand-own-report"):
        world.act(reports.accept, "agency", report_id=report.id)


def test_the_base_is_locked_after_the_deadline_and_after_every_review(world: World) -> None:
    call, (five, _) = world.call(), world.ids("V001")
    world.act(reports.save_report, "one", call_id=call.id, lines=[line(five, 10)])
    world.act(reports.submit, "one", call_id=call.id)
    with pytest.raises(Conflict, match="wrong-state"):
        world.act(base.lock, "agency", call_id=call.id)
    with pytest.raises(Conflict, match="demand-reports-waiting"):
        world.act(base.lock, "agency", LATER, call_id=call.id)
    accept_all(world, call.id)
    locked = world.act(base.lock, "agency", LATER, call_id=call.id)
    assert locked.state is CallState.LOCKED
    with pytest.raises(Conflict, match="wrong-state"):
        world.act(base.lock, "agency", LATER, call_id=call.id)
    report = report_queries.report_of(world.session, call_id=call.id, hospital_id=world.id("one"))
    with pytest.raises(Conflict, match="demand-not-collecting"):
        world.act(reports.return_, "agency", LATER, report_id=report.id, reason="x")


def test_without_an_accepted_report_there_is_nothing_to_lock(world: World) -> None:
    call = world.call()
    with pytest.raises(DomainError, match="demand-nothing-accepted"):
        world.act(base.lock, "agency", LATER, call_id=call.id)


def test_the_base_is_what_was_accepted_per_region_and_company(world: World) -> None:
    call, (five, ten), (liquid,) = world.call(), world.ids("V001"), world.ids("V002")
    maker, rival = world.id("maker"), world.id("rival")
    told = {
        "one": [line(five, 100), line(ten, 10, maker), line(liquid, "1.125")],
        "two": [line(five, 23), line(ten, 7, maker), line(liquid, "2.250", rival)],
        "three": [line(five, 1000), line(ten, 0)],
    }
    for who, lines in told.items():
        world.act(reports.save_report, who, call_id=call.id, lines=lines)
        world.act(reports.submit, who, call_id=call.id, confirmed=True)
    accept_all(world, call.id, NOW)
    world.act(base.lock, "agency", LATER, call_id=call.id)
    stored = {
        (row.specification_id, row.region_code, row.company_id): row.quantity
        for row in world.session.scalars(select(BaseVolume))
    }
    assert stored == {
        (five, "320100", None): Decimal(123), (five, "320200", None): Decimal(1000),
        (ten, "320100", maker): Decimal(17), (liquid, "320100", None): Decimal("1.125"),
        (liquid, "320100", rival): Decimal("2.250"),
    }  # fmt: skip
    first, second = lot_queries.lots(world.session, call.id)
    assert bases.brand_demand(world.session, call.id) == {(first.id, maker): 34, (second.id, rival): Decimal("2.25")}
    assert bases.lot_totals(world.session, call.id) == {first.id: 1157, second.id: Decimal("3.375")}
    per_hospital = defaultdict(Decimal)
    for row in bases.hospital_base(world.session, call.id)[first.id]:
        per_hospital[row.hospital_id] += row.quantity * row.volume_factor
    assert per_hospital == {world.id("one"): 120, world.id("two"): 37, world.id("three"): 1000}


def test_a_pharmacy_reports_of_its_own_accord_and_is_shown_apart(world: World) -> None:
    world.organisation("shop", OrganisationKind.PHARMACY, Role.PHARMACY, "320100")
    call, (five, ten) = world.call(), world.ids("V001")
    assert report_queries.to_report(world.session, world.actors["shop"], NOW) == []
    assert world.organisations["shop"].id not in calls.hospital_ids(world.session)
    world.act(reports.save_report, "one", call_id=call.id, lines=[line(five, 10)])
    with pytest.raises(Conflict, match="demand-join-first"):
        world.act(reports.save_report, "shop", call_id=call.id, lines=[line(five, 4)])
    world.act(joining.join, "shop", call_id=call.id)
    world.act(reports.save_report, "shop", call_id=call.id, lines=[line(five, 4), line(ten, 3)])
    assert [found.id for found, _ in report_queries.to_report(world.session, world.actors["shop"], NOW)] == [call.id]
    for who in ("one", "shop"):
        world.act(reports.submit, who, call_id=call.id, confirmed=True)
    progress = {row.lot.number: row for row in board.lot_progress(world.session, call=call)}
    assert (progress[1].reported, progress[1].by_joined) == (20, 10)
    kinds = [row.hospital.kind for row in board.board(world.session, call=call)]
    assert (kinds.count(OrganisationKind.HOSPITAL), kinds.count(OrganisationKind.PHARMACY)) == (3, 1)
    accept_all(world, call.id)
    world.act(base.lock, "agency", LATER, call_id=call.id)
    lot = call.lots[0]
    assert (bases.lot_totals(world.session, call.id)[lot.id], bases.joined_totals(world.session, call.id)) == (
        20, {lot.id: 10}
    )  # fmt: skip
    with pytest.raises(NotFound):
        report_queries.one_report(world.session, 1, world.actors["maker"])
