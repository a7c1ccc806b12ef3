"""Drafts that save themselves."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from kernel.audit.models import AuditEntry
from kernel.audit.services import write_pending
from kernel.errors import Conflict, NotFound
from procurement.demand.models import ReportLine
from procurement.demand.queries import reports as report_queries
from procurement.demand.services import drafts, reports
from tests.procurement.demand.conftest import DEADLINE, NOW, Site, World, line

DRAFT = "/api/v1/procurement/demand/calls/{}/draft"


def events(world: World, tag: str) -> int:
    write_pending(world.session)
    return world.session.scalar(select(func.count()).where(AuditEntry.tag == tag))


def test_what_can_be_taken_is_saved_and_what_cannot_is_named(world: World) -> None:
    call, (five, ten) = world.call(), world.ids("V001")
    lines = [line(five, 10), line(ten, "1.5"), line(999_999, 1), line(five, 3, world.id("rival"))]
    kept = world.act(drafts.keep_draft, "one", call_id=call.id, version=0, lines=lines)
    assert {key: issue.code for key, issue in kept.refused.items()} == {
        (ten, 0): "demand-decimals", (999_999, 0): "demand-unknown-specification",
        (five, world.id("rival")): "demand-company-without-product",
    }  # fmt: skip
    assert [each.quantity for each in report_queries.asked(world.session, kept.report.id)] == [10]


def test_nothing_good_opens_no_report(world: World) -> None:
    call, (five, _) = world.call(), world.ids("V001")
    kept = world.act(drafts.keep_draft, "one", call_id=call.id, version=0, lines=[line(five, -1)])
    assert kept.report is None and list(kept.refused) == [(five, 0)]


def test_the_chain_hears_of_a_draft_every_ten_minutes_and_of_the_whole_when_it_is_handed_in(world: World) -> None:
    call, (five, ten) = world.call(), world.ids("V001")
    version = 0
    for second in range(0, 1500, 30):
        at = NOW + timedelta(seconds=second)
        values = {"call_id": call.id, "version": version, "lines": [line(five, 10 + second)]}
        version = world.act(drafts.keep_draft, "one", at, **values).report.version
    assert events(world, "report.drafted") == 3
    world.act(drafts.keep_draft, "one", call_id=call.id, version=version, lines=[line(ten, 7)], cleared=[(five, 0)])
    report = world.act(reports.submit, "one", call_id=call.id, confirmed=True)
    write_pending(world.session)
    facts = world.session.scalar(select(AuditEntry.facts).where(AuditEntry.tag == "report.submitted"))
    assert facts["digest"] == reports.digest([line(ten, Decimal(7))])
    assert reports.digest(report_queries.asked(world.session, report.id)) == facts["digest"]


def test_a_draft_from_an_older_page_a_late_one_and_a_strangers_are_refused(world: World) -> None:
    call, (five, _) = world.call(), world.ids("V001")
    values = {"call_id": call.id, "lines": [line(five, 10)]}
    world.act(drafts.keep_draft, "one", version=0, **values)
    with pytest.raises(Conflict, match="changed-meanwhile"):
        world.act(drafts.keep_draft, "one", version=0, **values)
    with pytest.raises(reports.TooLate):
        world.act(drafts.keep_draft, "two", DEADLINE, version=0, **values)
    with pytest.raises(NotFound):
        world.act(drafts.keep_draft, "maker", version=0, **values)
    world.act(reports.submit, "one", call_id=call.id, confirmed=True)
    with pytest.raises(Conflict, match="demand-already-submitted"):
        world.act(drafts.keep_draft, "one", version=2, **values)


def test_the_call_answers_with_the_version_and_what_was_left_out(site: Site) -> None:
    five, ten = site.specifications["V001"]
    rows = [{"id": f"{five}-0", "quantity": "１,200", "reason": "other"}, {"id": f"{ten}-0", "quantity": "12 盒"}]
    answer = site.browser("one").post(DRAFT.format(site.call_id), json={"version": 0, "rows": rows})
    body = answer.get_json()
    assert (answer.status_code, body["version"]) == (200, 1) and body["saved_at"]
    assert [each["id"] for each in body["refused"]] == [f"{ten}-0"] and "12 盒" in body["refused"][0]["detail"]
    emptied = {"version": 1, "rows": [{"id": f"{five}-0", "quantity": ""}]}
    assert site.browser("one").post(DRAFT.format(site.call_id), json=emptied).get_json()["version"] == 2
    stale = site.browser("one").post(DRAFT.format(site.call_id), json=emptied)
    assert (stale.status_code, stale.get_json()["title"]) == (409, "changed-meanwhile")
    for broken in ({"version": 2, "rows": [{"id": "x", "quantity": "1"}]}, {"version": -1, "rows": []}, {"rows": 1}):
        assert site.browser("one").post(DRAFT.format(site.call_id), json=broken).status_code == 422
    assert site.browser("maker").post(DRAFT.format(site.call_id), json=emptied).status_code == 403
    with site.app.extensions["jicai-database"].transaction(write=False) as session:
        assert session.scalar(select(func.count(ReportLine.id))) == 0


def test_last_years_report_is_offered_by_place(world: World) -> None:
    call, (five, ten) = world.call(), world.ids("V001")
    before = world.call(code="BL-2026")
    before.year, maker = 2026, world.id("maker")
    told = [line(five, 10), line(five, 5, maker), line(ten, 7)]
    world.act(reports.save_report, "one", call_id=before.id, lines=told)
    hospital = world.id("one")
    assert report_queries.earlier(world.session, call=call, hospital_id=hospital) == {}
    world.act(reports.submit, "one", call_id=before.id, confirmed=True)
    found = report_queries.earlier(world.session, call=call, hospital_id=hospital)
    assert found == {(five, 0): 10, (five, maker): 5, (ten, 0): 7}
    assert report_queries.earlier(world.session, call=call, hospital_id=world.id("two")) == {}
