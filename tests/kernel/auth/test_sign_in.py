"""Sign-in through the page: what it tells, what it counts, what it starts and ends."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel import clock
from kernel.audit.models import AuditEntry
from kernel.audit.tags import Tag
from kernel.auth.guard import TOKEN
from kernel.auth.models import SignInFailure, User, UserSession
from kernel.auth.permissions import Role
from kernel.auth.services import passwords
from kernel.auth.tokens import digest
from kernel.db import Database
from kernel.parties.codes import OrganisationState
from tests.factories import people
from tests.factories.people import PASSWORD

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)


@pytest.fixture
def chen(database: Database) -> User:
    """A pharmacist."""
    with database.transaction() as session:
        hospital = people.organisation(session, people.OrganisationKind.HOSPITAL)
        return people.user(session, hospital, Role.PHARMACIST, login="chen")


def post(
    client: FlaskClient, login: str, password: str, *, address: str = "10.0.0.1", to: str = "/"
) -> tuple[int, str]:
    answer = client.post(
        "/sign-in", data={"login": login, "password": password, "next": to}, environ_base={"REMOTE_ADDR": address}
    )
    return answer.status_code, answer.headers.get("Location", "") or answer.get_data(as_text=True)


def said(page: str) -> str:
    """Return the refusal on the page, times left out."""
    found = re.search(r"data-summary.*?<li>(.*?)</li>", page, re.DOTALL)
    assert found
    return re.sub(r"\d{4}-.*?\d\d:\d\d:\d\d", "", re.sub("<.*?>", "", found[1]))


def test_the_right_password_signs_in_and_leads_on(client: FlaskClient, chen: User) -> None:
    assert post(client, " Chen ", PASSWORD, to="/account") == (303, "/account")
    assert chen.name in client.get("/account").get_data(as_text=True)


def test_the_database_holds_no_token_and_no_password(client: FlaskClient, chen: User, database: Database) -> None:
    post(client, "chen", PASSWORD)
    with client.session_transaction() as cookie:
        token = cookie[TOKEN]
    with database.transaction(write=False) as session:
        row = session.scalars(select(UserSession)).one()
        assert row.digest == digest(token) != token
        assert session.get_one(User, chen.id).password_hash.startswith("$argon2id$")


def test_unknown_closed_and_wrong_are_answered_alike(app: Flask, database: Database, chen: User) -> None:
    with database.transaction() as session:
        closed = people.user(session, session.get_one(User, chen.id).organisation, Role.PHARMACIST, login="closed")
        closed.active = False
        shut = people.organisation(session, state=OrganisationState.SUSPENDED)
        people.user(session, shut, Role.MANUFACTURER, login="suspended")
        people.user(session, shut, Role.MANUFACTURER, login="invited", password_set=False)
    tries = [("chen", "wrong"), ("nobody", PASSWORD), ("closed", PASSWORD), ("suspended", PASSWORD), ("invited", "")]
    answers = [post(app.test_client(), login, password) for login, password in tries]
    assert {status for status, _page in answers} == {422}
    assert len({said(page) for _status, page in answers}) == 1


def test_an_unknown_login_costs_one_hash_like_a_known_one(
    client: FlaskClient, chen: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    real = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda kept, word: checked.append(kept) or real(kept, word))
    post(client, "chen", "wrong")
    post(client, "nobody", "wrong")
    assert len(checked) == 2 and passwords._nobody().split("$")[:4] == people.password_hash().split("$")[:4]


@pytest.mark.parametrize("login", ["chen", "nobody"])
def test_five_failures_pause_a_login_whether_it_exists_or_not(client: FlaskClient, chen: User, login: str) -> None:
    with clock.travel(to=NOW):
        first = said(post(client, login, "wrong")[1])
        for _again in range(4):
            post(client, login, "wrong")
        paused = said(post(client, login, PASSWORD)[1])
    assert paused != first
    with clock.travel(to=NOW + timedelta(minutes=2)):
        assert post(client, login, PASSWORD)[0] == (303 if login == "chen" else 422)


def test_the_next_pause_is_twice_as_long_and_success_forgets(client: FlaskClient, chen: User) -> None:
    with clock.travel(to=NOW):
        for _again in range(5):
            post(client, "chen", "wrong")
    with clock.travel(to=NOW + timedelta(minutes=10)):
        post(client, "chen", "wrong")
    with clock.travel(to=NOW + timedelta(minutes=11, seconds=30)):
        assert post(client, "chen", PASSWORD)[0] == 422
    with clock.travel(to=NOW + timedelta(minutes=13)):
        assert post(client, "chen", PASSWORD)[0] == 303
    with clock.travel(to=NOW + timedelta(minutes=14)):
        post(client, "chen", "wrong")
        assert post(client, "chen", PASSWORD)[0] == 303


def test_an_attempt_during_a_pause_does_not_lengthen_it(client: FlaskClient, chen: User, database: Database) -> None:
    with clock.travel(to=NOW):
        for _again in range(9):
            post(client, "chen", "wrong")
    with database.transaction(write=False) as session:
        assert len(session.scalars(select(SignInFailure)).all()) == 5


def test_an_address_that_tries_many_logins_is_paused_and_recovers(
    client: FlaskClient, chen: User, database: Database
) -> None:
    with database.transaction() as session:
        guesses = [digest(f"guess{number}") for number in range(32)]
        session.add_all([SignInFailure(login_digest=guess, address="10.9.9.9", at=NOW) for guess in guesses])
    with clock.travel(to=NOW):
        assert post(client, "chen", PASSWORD, address="10.9.9.9")[0] == 422
        assert post(client, "chen", PASSWORD, address="10.0.0.2")[0] == 303
    with clock.travel(to=NOW + timedelta(seconds=61)):
        assert post(client, "chen", PASSWORD, address="10.9.9.9")[0] == 303


def test_failures_are_kept_without_the_login_that_was_typed(client: FlaskClient, database: Database) -> None:
    post(client, "My-Secret-Password", "x")
    with database.transaction(write=False) as session:
        failure = session.scalars(select(SignInFailure)).one()
        entry = session.scalars(select(AuditEntry)).one()
    assert failure.login_digest == digest("my-secret-password")
    assert entry.tag is Tag.SIGN_IN_FAILED and "ecret" not in str(entry.facts) + entry.subject_id + entry.actor_name


def test_the_session_is_another_after_sign_in(client: FlaskClient, chen: User, database: Database) -> None:
    with client.session_transaction() as cookie:
        cookie[TOKEN], cookie["planted"] = "fixed-by-an-attacker", "yes"
    post(client, "chen", PASSWORD)
    with client.session_transaction() as cookie:
        first = cookie[TOKEN]
        assert first != "fixed-by-an-attacker" and "planted" not in cookie
    post(client, "chen", PASSWORD)
    with client.session_transaction() as cookie:
        second = cookie[TOKEN]
    with database.transaction(write=False) as session:
        assert [row.digest for row in session.scalars(select(UserSession))] == [digest(second)]
    assert first != second


def test_a_demo_account_is_none_in_production(app: Flask, chen: User, database: Database) -> None:
    with database.transaction() as session:
        session.get_one(User, chen.id).demo = True
    open_before = people.signed_in(app, chen)
    assert post(app.test_client(), "chen", PASSWORD)[0] == 303
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], production=True)
    assert post(app.test_client(), "chen", PASSWORD)[0] == 422
    assert open_before.get("/account").status_code == 302


def test_sign_out_ends_the_session_on_the_server(app: Flask, chen: User, database: Database) -> None:
    client = people.signed_in(app, chen)
    with client.session_transaction() as cookie:
        token = cookie[TOKEN]
    assert client.post("/sign-out").status_code == 303
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize(("later", "status"), [(timedelta(minutes=59), 200), (timedelta(minutes=61), 302)])
def test_a_session_ends_when_nobody_uses_it(app: Flask, chen: User, later: timedelta, status: int) -> None:
    with clock.travel(to=NOW):
        client = people.signed_in(app, chen)
    with clock.travel(to=NOW + later):
        assert client.get("/account").status_code == status


def test_a_session_ends_after_its_hours_however_busy(app: Flask, client: FlaskClient, chen: User) -> None:
    with clock.travel(to=NOW):
        post(client, "chen", PASSWORD)
    for minutes in range(30, 12 * 60, 30):
        with clock.travel(to=NOW + timedelta(minutes=minutes)):
            assert client.get("/account").status_code == 200
    with clock.travel(to=NOW + timedelta(hours=12, seconds=1)):
        assert client.get("/account").status_code == 302


@pytest.mark.parametrize(
    "target",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "\\\\elsewhere.example",
     "/\t/elsewhere.example", "/\n/elsewhere.example", "javascript:alert(1)", " //elsewhere.example"],
)  # fmt: skip
def test_next_never_leaves_the_site(client: FlaskClient, chen: User, target: str) -> None:
    assert post(client, "chen", PASSWORD, to=target) == (303, "/")


def test_a_signed_in_browser_sees_and_ends_its_other_sessions(app: Flask, chen: User) -> None:
    here, there = people.signed_in(app, chen), people.signed_in(app, chen)
    assert here.post("/account/sessions/end").status_code == 303
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 302)


def test_forms_without_the_token_are_refused(app: Flask, chen: User) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    status, page = post(client, "chen", PASSWORD)
    assert status == 400 and "表单" in page
    signed = people.signed_in(app, chen)
    assert signed.post("/sign-out").status_code == 400 and signed.get("/account").status_code == 200


def test_a_form_with_the_page_s_token_is_taken(app: Flask, chen: User) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").get_data(as_text=True))
    assert token
    data = {"login": "chen", "password": PASSWORD, "csrf_token": token[1]}
    assert client.post("/sign-in", data=data).status_code == 303
