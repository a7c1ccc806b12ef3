"""Ratings through their pages as people misuse them: late, twice, for others, from elsewhere, with days of no sense."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kernel import clock
from kernel.auth.permissions import Role
from kernel.clock import now, today
from kernel.db import Database
from kernel.parties.codes import OrganisationKind
from pricing.credit.flow import Matter
from pricing.credit.ratings.flow import RatingState
from pricing.credit.ratings.models import CreditRating
from tests.factories.people import organisation, signed_in, user
from tests.pricing.scene import CITY, OTHER, PROVINCE

from .court import Court, court
from .test_pages import paper, post

ONE = "/pricing/credit/ratings/1"
ACTS = ("notice", "collect", "defend", "suggest", "return", "decide", "clear", "corrections/1/submit",
        "corrections/1/review")  # fmt: skip
Doors = Callable[[], dict[str, FlaskClient]]


@pytest.fixture
def stand(database: Database) -> Court:
    with database.transaction() as session:
        found = court(session)
        people = {"hospital": (OrganisationKind.HOSPITAL, Role.PHARMACIST), "city": (OrganisationKind.BUREAU,
                  Role.PRICE_OFFICER), "afar": (OrganisationKind.BUREAU, Role.PRICE_OFFICER)}  # fmt: skip
        for name, (kind, role) in people.items():
            office = organisation(session, kind)
            office.region_code = {"city": CITY, "afar": OTHER}.get(name)
            found.scene.users[name] = user(session, office, role)
        found.proposed(session, found.fact(session, Matter.KICKBACKS, 600_000))
    return found


@pytest.fixture
def doors(app: Flask, stand: Court) -> Doors:
    """Let everybody sign in, then and there."""

    def open_() -> dict[str, FlaskClient]:
        found = {name: signed_in(app, one) for name, one in stand.scene.users.items()}
        return found | {"stranger": app.test_client()}

    return open_


@pytest.fixture
def people(doors: Doors) -> dict[str, FlaskClient]:
    return doors()


def suggestion(**more: str) -> dict[str, str]:
    return {"level": "seriously-dishonest", "starts_on": today(now()).isoformat(), "answer": "不予采纳"} | more


def held(database: Database) -> CreditRating:
    with database.transaction(write=False) as session:
        found = session.get_one(CreditRating, 1)
        session.expunge_all()
        return found


def test_nobody_acts_on_what_is_not_his(people: dict[str, FlaskClient], database: Database) -> None:
    post(people["officer"], f"{ONE}/notice", notice_days="30", defence_days="15")
    for act in ACTS:
        found = {name: people[name].post(f"{ONE}/{act}").status_code for name in ("other", "hospital", "stranger")}
        assert found["hospital"] == 403 and found["stranger"] == 403, (act, found)
        assert found["other"] in (403, 404), (act, found)
        unknown = people["officer"].post(f"/pricing/credit/ratings/999/{act}").status_code
        assert unknown in (403, 404), (act, unknown)
    assert held(database).state is RatingState.NOTICED
    for name, code in (("other", 404), ("hospital", 403), ("company", 200)):
        assert people[name].get(ONE).status_code == code
        assert people[name].get(f"{ONE}/files/1").status_code in (403, 404)
    for name in ("company", "other", "hospital"):
        assert people[name].get("/pricing/credit/cases/1").status_code == 403
    out = people["other"].get("/exports/pricing.credit-ratings?as=csv").get_data().decode("utf-8-sig")
    assert "XYPJ" not in out
    assert people["stranger"].get("/api/v1/pricing/credit/ratings").get_json() == []


def test_another_regions_bureau_reads_and_does_not_rate(
    people: dict[str, FlaskClient], stand: Court, database: Database
) -> None:
    with database.transaction() as session:
        stand.fact(session, Matter.TAX, 60_000)
    for name in ("city", "afar"):
        assert people[name].get(ONE).status_code == 200
        assert people[name].post(f"{ONE}/notice", data={"notice_days": "9", "defence_days": "9"}).status_code == 403
        form = {"region": PROVINCE, "benchmark": "2025"}
        assert people[name].post("/pricing/credit/cases/2/propose", data=form).status_code == 422
    assert people["city"].get("/pricing/credit/cases/2").status_code == 200
    post(people["officer"], f"{ONE}/notice", notice_days="30", defence_days="15")
    post(people["company"], f"{ONE}/defend", text="申辩", file=paper())
    for act in ("suggest", "decide", "return", "clear"):
        assert people["city"].post(f"{ONE}/{act}", data=suggestion(reason="x")).status_code in (403, 409)
    assert held(database).state is RatingState.DEFENDED


def test_days_and_products_of_no_sense_are_told_at_their_fields(
    people: dict[str, FlaskClient], stand: Court, database: Database
) -> None:
    with database.transaction() as session:
        stand.fact(session, Matter.TAX, 60_000)
    wrong = {"region": PROVINCE, "benchmark": "2025", "products": "999999"}
    refused = people["officer"].post("/pricing/credit/cases/2/propose", data=wrong)
    assert refused.status_code == 422 and 'id="products-e"' in refused.get_data(as_text=True)
    for region in (CITY, "000000", "x" * 40):
        answer = people["officer"].post("/pricing/credit/cases/2/propose", data=wrong | {"region": region})
        assert 'id="region-e"' in answer.get_data(as_text=True)
    for days in ("0", "-1", "366", "1.5", "9" * 30, ""):
        post(people["officer"], f"{ONE}/notice", 422, notice_days=days, defence_days="15")
    unsaid = people["officer"].post(f"{ONE}/notice", data={"defence_days": "15"}).get_data(as_text=True)
    assert "请填写“未领取告知书的公告天数（期满视为送达）”。" in unsaid  # the field by its name, not “days”
    post(people["officer"], f"{ONE}/notice", notice_days="30", defence_days="15")
    post(people["company"], f"{ONE}/defend", text="申辩", file=paper())
    yesterday = (today(now()) - timedelta(days=1)).isoformat()
    for day in (yesterday, "2029-09-01", "9999-12-31", "2026-02-30", "x", ""):
        answer = people["officer"].post(f"{ONE}/suggest", data=suggestion(starts_on=day))
        assert (answer.status_code, 'id="starts_on-e"' in answer.get_data(as_text=True)) == (422, True), day
    for day in ("2026-02-30", "x", "9999-12-31", "0001-01-01"):
        assert people["stranger"].get(f"/pricing/credit/register?on={day}").status_code == 200


def test_a_late_defence_is_not_taken(people: dict[str, FlaskClient], doors: Doors, database: Database) -> None:
    post(people["officer"], f"{ONE}/notice", notice_days="30", defence_days="15")
    post(people["company"], f"{ONE}/collect")
    due = held(database).due_at
    assert due is not None and today(due) == today(now()) + timedelta(days=15)
    assert people["officer"].post(f"{ONE}/suggest", data=suggestion()).status_code == 409
    with clock.travel(to=due + timedelta(seconds=2)):
        people = doors()
        late = people["company"].post(f"{ONE}/defend", data={"text": "迟到的申辩"})
        assert late.status_code == 409 and "迟到的申辩" not in people["officer"].get(ONE).get_data(as_text=True)
        assert f"{ONE}/defend" not in people["company"].get(ONE).get_data(as_text=True)
        asked = suggestion(starts_on=today(due + timedelta(seconds=2)).isoformat())
        post(people["officer"], f"{ONE}/suggest", **asked)
    assert held(database).state is RatingState.SUGGESTED


def test_facts_lead_to_their_rating_once_it_may_be_seen(people: dict[str, FlaskClient]) -> None:
    def seen(name: str) -> bool:
        page = people[name].get("/pricing/credit/facts").get_data(as_text=True)
        return ONE in page

    assert [seen(name) for name in ("officer", "company", "other")] == [True, False, False]
    post(people["officer"], f"{ONE}/notice", notice_days="30", defence_days="15")
    assert [seen(name) for name in ("officer", "company", "other")] == [True, True, False]


def test_a_defence_is_said_once(people: dict[str, FlaskClient], database: Database) -> None:
    post(people["officer"], f"{ONE}/notice", notice_days="30", defence_days="15")
    post(people["company"], f"{ONE}/defend", text="第一次", file=paper())
    assert people["company"].post(f"{ONE}/defend", data={"text": "第二次"}).status_code in (303, 409)
    assert held(database).defence == "第一次"


def test_an_uncollected_notice_is_served_by_its_days(
    people: dict[str, FlaskClient], doors: Doors, database: Database
) -> None:
    post(people["officer"], f"{ONE}/notice", notice_days="30", defence_days="15")
    due = held(database).due_at
    assert due is not None and today(due) == today(now()) + timedelta(days=45)
    with clock.travel(to=due + timedelta(seconds=2)):
        people = doors()
        page = people["officer"].get(ONE).get_data(as_text=True)
        assert f"{ONE}/suggest" in page
        assert people["company"].post(f"{ONE}/collect").status_code == 409
    assert (held(database).due_at, held(database).collected_at) == (due, None)


def test_who_suggests_decides_nothing_and_a_decision_falls_once(
    people: dict[str, FlaskClient], database: Database
) -> None:
    first, second = people["officer"], people["colleague"]
    post(first, f"{ONE}/notice", notice_days="30", defence_days="15")
    post(people["company"], f"{ONE}/defend", text="申辩", file=paper())
    post(first, f"{ONE}/suggest", **suggestion())
    for act in ("decide", "return"):
        first.post(f"{ONE}/{act}", data={"reason": "重拟"})
    assert held(database).state is RatingState.SUGGESTED
    post(second, f"{ONE}/decide")
    again = [each.post(f"{ONE}/decide").status_code for each in (first, second)]
    assert again == [409, 409] and held(database).state is RatingState.PUBLISHED
    post(people["company"], f"{ONE}/corrections/1/submit", route="done", note="已停止", file=paper())
    post(first, f"{ONE}/corrections/1/review", action="verify")
    assert first.post(f"{ONE}/corrections/1/review", data={"action": "return", "review": "x"}).status_code == 409
    assert second.post(f"{ONE}/clear").status_code == 409
