"""Invitations, links, passwords, roles: by whom, for whom, how often."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel import clock
from kernel.auth.models import Invitation, User
from kernel.auth.permissions import Role
from kernel.auth.services import passwords
from kernel.config import PasswordProfile
from kernel.db import Database
from kernel.errors import DomainError
from tests.factories import people
from tests.factories.people import PASSWORD

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
NEW = "a quiet lake in autumn"


def user(database: Database, login: str) -> User:
    with database.transaction(write=False) as session:
        return session.scalars(select(User).where(User.login == login)).unique().one()


def token_shown(client: FlaskClient, answer: object) -> str:
    page = client.get(getattr(answer, "headers")["Location"]).get_data(as_text=True)  # noqa: B009 - a test response
    found = re.search(r"set-password\?token=([\w-]+)", page)
    assert found, page
    return found[1]


def invited(
    app: Flask, by: User, login: str = "wang", roles: tuple[str, ...] = ("pharmacist",)
) -> tuple[FlaskClient, str]:
    client = people.signed_in(app, by)
    answer = client.post("/users/invite", data={"login": login, "name": "王芳", "roles": list(roles)})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return client, token_shown(client, answer)


def set_password(app: Flask, token: str, password: str = NEW) -> int:
    data = {"token": token, "password": password, "again": password}
    return app.test_client().post("/set-password", data=data).status_code


def signs_in(app: Flask, login: str, password: str) -> bool:
    answer = app.test_client().post("/sign-in", data={"login": login, "password": password})
    return answer.status_code == 303


def test_an_invited_user_sets_a_password_by_the_link_once(app: Flask, cast: SimpleNamespace) -> None:
    _client, token = invited(app, cast.boss)
    assert not signs_in(app, "wang", "")
    assert set_password(app, token) == 303
    assert signs_in(app, "wang", NEW)
    assert set_password(app, token, "another quiet lake") == 422
    assert not signs_in(app, "wang", "another quiet lake")


def test_the_link_is_shown_once_and_kept_as_a_digest(app: Flask, cast: SimpleNamespace, database: Database) -> None:
    client, token = invited(app, cast.boss)
    assert "set-password" not in client.get(f"/users/{user(database, 'wang').id}").get_data(as_text=True)
    with database.transaction(write=False) as session:
        assert token not in str([row.digest for row in session.scalars(select(Invitation))])


def test_a_link_expires(app: Flask, cast: SimpleNamespace) -> None:
    with clock.travel(to=NOW):
        _client, token = invited(app, cast.boss)
    with clock.travel(to=NOW + timedelta(hours=72, minutes=1)):
        assert app.test_client().get(f"/set-password?token={token}").status_code == 422
        assert set_password(app, token) == 422


def test_two_browsers_can_not_use_one_link(app: Flask, cast: SimpleNamespace) -> None:
    _client, token = invited(app, cast.boss)
    codes: list[int] = []
    threads = [
        Thread(target=lambda word=f"a quiet lake {n}": codes.append(set_password(app, token, word))) for n in (1, 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [303, 422]


def test_a_new_link_ends_the_one_before(app: Flask, cast: SimpleNamespace) -> None:
    client = people.signed_in(app, cast.boss)
    first = token_shown(client, client.post(f"/users/{cast.chen.id}/reset"))
    second = token_shown(client, client.post(f"/users/{cast.chen.id}/reset"))
    assert (set_password(app, first), set_password(app, second)) == (422, 303)
    assert signs_in(app, "chen", NEW) and not signs_in(app, "chen", PASSWORD)


def test_a_reset_ends_a_pause_after_failures(app: Flask, cast: SimpleNamespace) -> None:
    for _again in range(6):
        signs_in(app, "chen", "wrong")
    assert not signs_in(app, "chen", PASSWORD)
    people.signed_in(app, cast.boss).post(f"/users/{cast.chen.id}/reset")
    assert signs_in(app, "chen", PASSWORD)


def test_setting_a_password_ends_every_session(app: Flask, cast: SimpleNamespace) -> None:
    open_somewhere = people.signed_in(app, cast.chen)
    client = people.signed_in(app, cast.boss)
    set_password(app, token_shown(client, client.post(f"/users/{cast.chen.id}/reset")))
    assert open_somewhere.get("/account").status_code == 302


@pytest.mark.parametrize("act", ["", "/reset", "/deactivate", "/reactivate", "/roles"])
def test_another_tenants_user_does_not_exist(app: Flask, cast: SimpleNamespace, act: str, database: Database) -> None:
    client, url = people.signed_in(app, cast.boss), f"/users/{cast.stranger.id}{act}"
    answer = client.post(url, data={"roles": "pharmacist"}) if act else client.get(url)
    assert answer.status_code == 404
    assert user(database, "stranger").active
    assert client.get(f"/history/user_account/{cast.stranger.id}").status_code == 404


def test_the_list_is_of_ones_own_organisation(app: Flask, cast: SimpleNamespace) -> None:
    own = people.signed_in(app, cast.boss).get("/users?q=stranger").get_data(as_text=True)
    every = people.signed_in(app, cast.security).get("/users?q=stranger").get_data(as_text=True)
    assert cast.stranger.name not in own and cast.stranger.name in every


def test_nobody_reaches_into_another_organisation_by_naming_it(
    app: Flask, cast: SimpleNamespace, database: Database
) -> None:
    client = people.signed_in(app, cast.boss)
    data = {"login": "mole", "name": "M", "roles": "pharmacist", "organisation": str(cast.theirs.id)}
    assert client.post("/users/invite", data=data).status_code == 303
    assert user(database, "mole").organisation_id == cast.ours.id


@pytest.mark.parametrize("who", ["chen", "system", "audit", "officer"])
def test_only_administrators_of_users_see_users(app: Flask, cast: SimpleNamespace, who: str) -> None:
    client = people.signed_in(app, getattr(cast, who))
    assert client.get("/users").status_code == 403
    assert client.post("/users/invite", data={}).status_code == 403


def test_new_roles_hold_at_once_and_end_the_open_sessions(
    app: Flask, cast: SimpleNamespace, database: Database
) -> None:
    open_somewhere = people.signed_in(app, cast.chen)
    client = people.signed_in(app, cast.boss)
    assert client.post(f"/users/{cast.chen.id}/roles", data={"roles": ["hospital-finance"]}).status_code == 303
    assert open_somewhere.get("/account").status_code == 302
    assert user(database, "chen").role_set == {Role.HOSPITAL_FINANCE}


@pytest.mark.parametrize("roles", [["agency-officer"], ["security-admin"], [], ["king"]])
def test_roles_that_do_not_fit_are_refused(
    app: Flask, cast: SimpleNamespace, database: Database, roles: list[str]
) -> None:
    client = people.signed_in(app, cast.boss)
    assert client.post(f"/users/{cast.chen.id}/roles", data={"roles": roles}).status_code == 422
    assert user(database, "chen").role_set == {Role.PHARMACIST}


def test_nobody_changes_or_closes_his_own_account(app: Flask, cast: SimpleNamespace, database: Database) -> None:
    client = people.signed_in(app, cast.boss)
    assert client.post(f"/users/{cast.boss.id}/roles", data={"roles": ["pharmacist"]}).status_code == 422
    client.post(f"/users/{cast.boss.id}/deactivate")
    client.post(f"/users/{cast.boss.id}/reset")
    boss = user(database, "boss")
    assert boss.active and boss.role_set == {Role.ORGANISATION_ADMIN}
    with database.transaction(write=False) as session:
        assert session.scalars(select(Invitation)).all() == []


def test_an_administrator_can_not_be_taken_over_by_the_security_administrator(
    app: Flask, cast: SimpleNamespace, database: Database
) -> None:
    client = people.signed_in(app, cast.security)
    client.post(f"/users/{cast.audit.id}/reset")
    client.post(f"/users/{cast.audit.id}/roles", data={"roles": ["security-admin"]})
    data = {"login": "puppet", "name": "P", "roles": "audit-admin", "organisation": str(cast.operator.id)}
    assert client.post("/users/invite", data=data).status_code == 422
    assert user(database, "audit").role_set == {Role.AUDIT_ADMIN}
    with database.transaction(write=False) as session:
        assert session.scalars(select(Invitation)).all() == []


def test_a_closed_account_is_out_at_once_and_can_come_back(app: Flask, cast: SimpleNamespace) -> None:
    open_somewhere, client = people.signed_in(app, cast.chen), people.signed_in(app, cast.boss)
    token = token_shown(client, client.post(f"/users/{cast.chen.id}/reset"))
    client.post(f"/users/{cast.chen.id}/deactivate")
    assert open_somewhere.get("/account").status_code == 302
    assert not signs_in(app, "chen", PASSWORD) and set_password(app, token) == 422
    client.post(f"/users/{cast.chen.id}/reactivate")
    assert signs_in(app, "chen", PASSWORD)


def test_a_login_is_unique_whatever_its_case(app: Flask, cast: SimpleNamespace) -> None:
    client = people.signed_in(app, cast.boss)
    answer = client.post("/users/invite", data={"login": "CHEN", "name": "x", "roles": "pharmacist"})
    assert answer.status_code == 422


def test_changing_ones_password_needs_the_present_one(app: Flask, cast: SimpleNamespace) -> None:
    client = people.signed_in(app, cast.chen)

    def change(current: str, new: str, again: str = "") -> int:
        return client.post(
            "/account/password", data={"current": current, "new": new, "again": again or new}
        ).status_code

    assert change("wrong", NEW) == 422
    assert change(PASSWORD, NEW, "another") == 422
    assert change(PASSWORD, "short") == 422
    assert change(PASSWORD, PASSWORD) == 422
    assert change(PASSWORD, NEW) == 303
    assert client.get("/account").status_code == 302 and signs_in(app, "chen", NEW)


def test_whoever_must_change_the_password_reaches_nothing_else(
    app: Flask, cast: SimpleNamespace, database: Database
) -> None:
    with database.transaction() as session:
        session.get_one(User, cast.chen.id).must_change_password = True
    client = people.signed_in(app, cast.chen)
    for url in ("/", "/account", "/notices"):
        assert client.get(url).headers["Location"] == "/account/password"
    assert client.post("/account/sessions/end").headers["Location"] == "/account/password"
    data = {"current": PASSWORD, "new": NEW, "again": NEW}
    assert client.post("/account/password", data=data).status_code == 303
    with database.transaction(write=False) as session:
        assert not session.get_one(User, cast.chen.id).must_change_password


def test_under_mlps3_a_password_of_90_days_is_due(app: Flask, cast: SimpleNamespace) -> None:
    with clock.travel(to=clock.now() + timedelta(days=91)):
        client = people.signed_in(app, cast.chen)
        assert client.get("/account").status_code == 200
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], password_profile=PasswordProfile.MLPS3)
        assert client.get("/account").headers["Location"] == "/account/password"


def test_under_mlps3_the_last_five_passwords_do_not_return(database: Database, cast: SimpleNamespace) -> None:
    words = [f"Kettle-{number}-moon" for number in range(7)]
    with database.transaction() as session:
        chen = session.get_one(User, cast.chen.id)
        for word in words:
            passwords.must_be_good(chen, word, PasswordProfile.MLPS3)
            passwords.put(chen, word, PasswordProfile.MLPS3, NOW)
        for word in words[-5:]:
            with pytest.raises(DomainError) as refused:
                passwords.must_be_good(chen, word, PasswordProfile.MLPS3)
            assert refused.value.fields["password"].code == "password-used-before"  # type: ignore[attr-defined]  # Invalid has it
        passwords.must_be_good(chen, words[1], PasswordProfile.MLPS3)
