"""The violation list through its pages: proposed with every mistake said, confirmed by another, read by everybody."""

from __future__ import annotations

import re
import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kernel.auth.permissions import Role
from kernel.clock import now, today
from kernel.db import Database
from kernel.parties.codes import OrganisationKind
from pricing.credit.national.services import bring
from pricing.credit.violations.models import RoundViolation
from tests.factories.people import organisation, signed_in, user
from tests.pricing.credit.national.test_national import told
from tests.pricing.credit.ratings.court import Court, court
from tests.pricing.scene import CITY, OTHER, PROVINCE

LIST, NEW = "/pricing/credit/violations", "/pricing/credit/violations/new"
ACT = f"{LIST}/1/act"


@pytest.fixture
def stand(database: Database) -> Court:
    with database.transaction() as session:
        return court(session)


def form(stand: Court, **more: str) -> dict[str, str]:
    plain = {"code": stand.scene.companies[0].code, "round": "第十批", "conduct": "串通投标", "origin": "联采办",
             "document": "联采〔2026〕12号", "cancels": "1"}  # fmt: skip
    return plain | more


def text(client: FlaskClient, url: str = LIST) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_an_entry_goes_from_its_proposal_to_the_public_list_and_off_it(app: Flask, stand: Court, language: str) -> None:
    first, second, company = (signed_in(app, stand.scene.users[name]) for name in ("officer", "colleague", "company"))
    everybody = app.test_client()
    for each in (first, everybody):
        each.get(f"/language/{language}")
    bad = first.post(NEW, data=form(stand, code="91", round="", cancels="", region="1", suspended_until="2027-13-01"))
    shown = bad.get_data(as_text=True)
    assert bad.status_code == 422 and shown.count('class="invalid-feedback') + shown.count("aria-invalid") >= 4
    assert first.post(NEW, data=form(stand)).status_code == 303
    assert first.post(NEW, data=form(stand)).status_code == 409
    assert "串通投标" in text(first) and "串通投标" not in text(everybody) + text(company)
    assert first.post(ACT, data={"act": "confirm", "seen": 1}).status_code == 422  # one's own
    assert company.post(ACT, data={"act": "confirm", "seen": 1}).status_code == 403
    assert company.get(NEW).status_code == 403
    assert second.post(ACT, data={"act": "burn"}).status_code == 422
    assert second.post(f"{LIST}/99/act", data={"act": "confirm", "seen": 1}).status_code == 404
    assert second.post(ACT, data={"act": "confirm", "seen": 1}).status_code == 303
    assert "串通投标" in text(everybody) and "串通投标" in text(company)
    assert "串通投标" not in text(everybody, f"{LIST}?on=2020-01-01&q=x&page=9999999")
    assert first.post(ACT, data={"act": "lift", "seen": 2, "reason": ""}).status_code == 422
    assert first.post(ACT, data={"act": "lift", "seen": 2, "reason": "撤销"}).status_code == 303
    assert "串通投标" not in text(everybody)


def test_an_officer_of_a_city_acts_in_the_city_alone(app: Flask, database: Database, stand: Court) -> None:
    with database.transaction() as session:
        office = organisation(session, OrganisationKind.BUREAU)
        office.region_code = CITY
        person = user(session, office, Role.PRICE_OFFICER)
    city = signed_in(app, person)
    assert signed_in(app, stand.scene.users["officer"]).post(NEW, data=form(stand)).status_code == 303
    assert f'action="{ACT}"' not in text(city) and "national-ratings" not in text(city, "/pricing/credit/national")
    assert city.post(ACT, data={"act": "drop", "seen": 1, "reason": "x"}).status_code == 403
    shown = text(city, NEW)
    assert f'value="{CITY}"' in shown and f'value="{OTHER}"' not in shown and '<option value="">' not in shown
    answers = [city.post(NEW, data=form(stand, document=place, region=place)) for place in ("", OTHER, PROVINCE, CITY)]
    assert [one.status_code for one in answers] == [422, 422, 422, 303]


def test_whoever_read_what_was_proposed_anew_sees_both_versions(app: Flask, stand: Court) -> None:
    first, second = (signed_in(app, stand.scene.users[name]) for name in ("officer", "colleague"))
    assert first.post(NEW, data=form(stand, conduct="误")).status_code == 303
    (read,) = set(re.findall(r'name="read" value="([^"]*)"', text(second)))
    assert "误" in read
    assert first.post(ACT, data={"act": "drop", "seen": 1, "reason": "有误"}).status_code == 303
    assert first.post(NEW, data=form(stand)).status_code == 303
    for more in ({"act": "confirm"}, {"act": "drop", "reason": "证据不足"}):
        for seen in ("1", "", "x", "9" * 30):
            answer = second.post(ACT, data={"seen": seen, "read": f"{read}<b>", **more})
            shown = answer.get_data(as_text=True)
            assert answer.status_code == 409 and f"{read}&lt;b&gt;" in shown and "串通投标；" in shown
            assert more.get("reason", "") in shown
    assert second.post(ACT, data={"act": "confirm", "seen": 3}).status_code == 303


def test_two_who_confirm_at_once_list_it_once(app: Flask, database: Database, stand: Court) -> None:
    first, second = (signed_in(app, stand.scene.users[name]) for name in ("officer", "colleague"))
    assert first.post(NEW, data=form(stand)).status_code == 303
    answers: list[int] = []
    clients = [signed_in(app, stand.scene.users["colleague"]), second]

    def confirm(one: FlaskClient) -> None:
        answers.append(one.post(ACT, data={"act": "confirm", "seen": 1}).status_code)

    threads = [threading.Thread(target=confirm, args=(one,)) for one in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 409]
    with database.transaction() as session:
        assert session.get_one(RoundViolation, 1).decided_at is not None


def test_what_another_province_told_is_confirmed_on_its_page(app: Flask, database: Database, stand: Court) -> None:
    with database.transaction() as session:
        bring(session, rows=[told(stand)], ended={}, source={}, actor=stand.first, at=now())
    first, second, company = (signed_in(app, stand.scene.users[name]) for name in ("officer", "colleague", "company"))
    url = "/pricing/credit/national/1/confirm"
    shown = [f'action="{url}"' in text(each, "/pricing/credit/national") for each in (first, second, company)]
    assert shown == [False, True, False]
    answers = [each.post(url).status_code for each in (company, first, second, second)]
    assert answers == [403, 422, 303, 409]
    assert second.post("/pricing/credit/national/9/confirm").status_code == 404
    assert url not in text(second, "/pricing/credit/national")


def test_the_national_list_is_everybodys(app: Flask, stand: Court) -> None:
    for language in ("zh_CN", "en"):
        client = app.test_client()
        client.get(f"/language/{language}")
        for query in ("", "?on=2020-01-01", f"?on={today(now())}&q=%25&page=99999999", "?on=x&page=-1"):
            assert client.get(f"/pricing/credit/national{query}").status_code == 200
