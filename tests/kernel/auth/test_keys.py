"""Access keys: a system acts in the name of whoever made the key, in calls only, until the key ends."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kernel import clock
from kernel.audit.models import AuditEntry
from kernel.auth.models import AccessKey, User
from kernel.auth.permissions import Role
from kernel.auth.tokens import digest
from kernel.db import Database
from kernel.parties.codes import OrganisationKind, OrganisationState
from tests.factories import people

ORDERS, PLANS = "/api/v1/procurement/exchange/orders", "/api/v1/procurement/exchange/plans"
PLAN = {"title": "日常补货", "lines": [{"product": "1", "quantity": "1"}], "submit": False}


@pytest.fixture
def chen(database: Database) -> User:
    """A pharmacist."""
    with database.transaction() as session:
        hospital = people.organisation(session, OrganisationKind.HOSPITAL)
        return people.user(session, hospital, Role.PHARMACIST, login="chen")


def made(client: FlaskClient, name: str = "HIS", writes: bool = True) -> str:
    answer = client.post("/account/keys", data={"name": name, **({"writes": "1"} if writes else {})})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    shown = re.search(r'id="key-once" readonly value="([\w-]+)"', client.get("/account").get_data(as_text=True))
    assert shown
    assert "key-once" not in client.get("/account").get_data(as_text=True)  # this once
    return shown[1]


def signed(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_system_calls_in_the_name_of_whoever_made_its_key(app: Flask, database: Database, chen: User) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    browser = people.signed_in(app, chen)
    app.config["WTF_CSRF_ENABLED"] = False
    token = made(browser)
    app.config["WTF_CSRF_ENABLED"] = True
    system = app.test_client()
    assert system.get(ORDERS, headers=signed(token)).status_code == 200
    refused = system.post(PLANS, json=PLAN, headers=signed(token))  # no page's token is asked for, the rules are
    assert [one["code"] for one in refused.json["errors"]] == ["product-unknown"]
    assert system.get("/account", headers=signed(token)).status_code == 302  # no page opens by a key
    with database.transaction(write=False) as session:
        kept = session.scalars(select(AccessKey)).one()
        assert (kept.digest, kept.seen_at is not None) == (digest(token), True)
        assert token not in "".join(str(one.facts) for one in session.scalars(select(AuditEntry)))


def test_a_cookie_beside_a_wrong_key_helps_nothing(app: Flask, chen: User) -> None:
    browser = people.signed_in(app, chen)
    assert browser.get(ORDERS).status_code == 200
    strange = browser.get(ORDERS, headers=signed("x" * 43))
    assert strange.status_code == strange.get_json()["status"] == 401
    assert browser.post(PLANS, json=PLAN, headers=signed("")).status_code == 401


def test_a_key_for_reading_changes_nothing(app: Flask, chen: User) -> None:
    token, system = made(people.signed_in(app, chen), writes=False), app.test_client()
    assert system.get(ORDERS, headers=signed(token)).status_code == 200
    answer = system.post(PLANS, json=PLAN, headers=signed(token))
    assert (answer.status_code, answer.json["title"]) == (403, "key-reads-only")


def ended(database: Database, **values: Any) -> None:
    with database.transaction() as session:
        session.execute(update(AccessKey).values(**values))


def test_a_key_ends_by_its_day_by_its_holder_and_with_the_account(app: Flask, database: Database, chen: User) -> None:
    browser, system = people.signed_in(app, chen), app.test_client()
    first, second, third = made(browser), made(browser, "LIS"), made(browser, "PIVAS")
    ended(database, expires_at=clock.now() - timedelta(seconds=1))
    assert system.get(ORDERS, headers=signed(first)).status_code == 401
    ended(database, expires_at=clock.now() + timedelta(days=1))
    with database.transaction(write=False) as session:
        number = session.scalar(select(AccessKey.id).where(AccessKey.digest == digest(second)))
    assert browser.post(f"/account/keys/{number}/revoke").status_code == 303
    assert system.get(ORDERS, headers=signed(second)).status_code == 401
    with database.transaction() as session:
        chief = people.user(session, session.merge(chen).organisation, Role.ORGANISATION_ADMIN)
    assert system.get(ORDERS, headers=signed(third)).status_code == 200
    given = people.signed_in(app, chief).post(f"/users/{chen.id}/roles", data={"roles": [Role.HOSPITAL_FINANCE]})
    assert given.status_code == 303
    assert system.get(ORDERS, headers=signed(third)).status_code == 401


def test_a_suspended_organisation_calls_no_more(app: Flask, database: Database, chen: User) -> None:
    token = made(people.signed_in(app, chen))
    with database.transaction() as session:
        session.merge(chen).organisation.state = OrganisationState.SUSPENDED
    assert app.test_client().get(ORDERS, headers=signed(token)).status_code == 401


def test_nobody_revokes_a_key_of_somebody_else_and_officers_have_none(
    app: Flask, database: Database, chen: User
) -> None:
    made(people.signed_in(app, chen))
    with database.transaction() as session:
        wang = people.user(session, session.merge(chen).organisation, Role.PHARMACIST)
        officer = people.user(session, people.organisation(session, OrganisationKind.AGENCY), Role.AGENCY_OFFICER)
        number = session.scalar(select(AccessKey.id))
    assert people.signed_in(app, wang).post(f"/account/keys/{number}/revoke").status_code == 404
    assert people.signed_in(app, officer).post("/account/keys", data={"name": "x"}).status_code == 403
    assert "/account/keys" not in people.signed_in(app, officer).get("/account").get_data(as_text=True)


def test_five_keys_are_enough_and_each_has_a_name(app: Flask, chen: User) -> None:
    browser = people.signed_in(app, chen)
    assert browser.post("/account/keys", data={"name": "  "}).status_code == 422
    for number in range(5):
        made(browser, f"系统{number}")
    assert browser.post("/account/keys", data={"name": "第六"}).status_code == 409
