"""Organisations apply from outside and are reviewed by somebody else."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from kernel.auth.models import User
from kernel.auth.permissions import Role
from kernel.db import Database
from kernel.errors import Conflict
from kernel.notices.models import Notice
from kernel.parties.codes import OrganisationAction, OrganisationState
from kernel.parties.flow import ORGANISATION_FLOW
from kernel.parties.models import Application, Organisation
from tests.factories import people

WORD = "a quiet lake in autumn"


def form(**changes: str) -> dict[str, str]:
    return {
        "kind": "company", "name": "明川药业有限公司", "code": people.credit_code(), "legal_person": "周明",
        "contact": "林岚", "phone": "010-6600", "user_name": "林岚", "login": "mingchuan", "password": WORD,
        "again": WORD,
    } | changes  # fmt: skip


def applied(app: Flask, **changes: str) -> str:
    """File an application and return the link's token."""
    answer = app.test_client().post("/apply", data=form(**changes))
    assert answer.status_code == 303, re.findall("<li>.*?</li>", answer.get_data(as_text=True))
    return answer.headers["Location"].split("token=")[1]


def filed(database: Database) -> Organisation:
    with database.transaction(write=False) as session:
        return session.scalars(select(Application)).unique().one().organisation


def signs_in(app: Flask, login: str = "mingchuan") -> bool:
    return app.test_client().post("/sign-in", data={"login": login, "password": WORD}).status_code == 303


def test_an_accepted_organisation_can_sign_in_and_not_before(
    app: Flask, cast: SimpleNamespace, database: Database
) -> None:
    applied(app)
    assert not signs_in(app)
    officer = people.signed_in(app, cast.officer)
    assert officer.post(f"/organisations/{filed(database).id}/accept").status_code == 303
    assert filed(database).state is OrganisationState.ACTIVE and signs_in(app)
    with database.transaction(write=False) as session:
        first = session.scalars(select(User).where(User.login == "mingchuan")).unique().one()
    assert first.role_set == {Role.MANUFACTURER, Role.ORGANISATION_ADMIN}


def test_reviewers_are_told(app: Flask, cast: SimpleNamespace, database: Database) -> None:
    applied(app)
    with database.transaction(write=False) as session:
        told = {notice.user_id for notice in session.scalars(select(Notice))}
    assert told == {cast.officer.id, cast.reviewer.id, cast.security.id}
    page = people.signed_in(app, cast.officer).get("/notices").get_data(as_text=True)
    assert "明川药业有限公司" in page


def test_a_returned_application_is_corrected_by_its_link(app: Flask, cast: SimpleNamespace, database: Database) -> None:
    token = applied(app)
    officer, url = people.signed_in(app, cast.officer), f"/organisations/{filed(database).id}"
    officer.post(f"{url}/return", data={"reason": "法定代表人与执照不符"})
    assert "法定代表人与执照不符" in app.test_client().get(f"/application?token={token}").get_data(as_text=True)
    data = form(code=filed(database).code, legal_person="周川") | {"token": token}
    assert app.test_client().post("/application", data=data).status_code == 303
    again = filed(database)
    assert (again.state, again.legal_person) == (OrganisationState.APPLIED, "周川")
    assert app.test_client().post("/application", data=data).status_code == 409


def test_returning_needs_a_reason(app: Flask, cast: SimpleNamespace, database: Database) -> None:
    applied(app)
    people.signed_in(app, cast.officer).post(f"/organisations/{filed(database).id}/return", data={"reason": " "})
    assert filed(database).state is OrganisationState.APPLIED


def test_whoever_filed_it_can_not_review_it(app: Flask, cast: SimpleNamespace, database: Database) -> None:
    officer = people.signed_in(app, cast.officer)
    assert officer.post("/apply", data=form()).status_code == 303
    url = f"/organisations/{filed(database).id}/accept"
    officer.post(url)
    assert filed(database).state is OrganisationState.APPLIED
    people.signed_in(app, cast.reviewer).post(url)
    assert filed(database).state is OrganisationState.ACTIVE


def test_agencies_are_filed_by_the_system_administrator_and_accepted_by_another(
    app: Flask, cast: SimpleNamespace, database: Database
) -> None:
    assert app.test_client().post("/apply", data=form(kind="agency")).status_code == 422
    system = people.signed_in(app, cast.system)
    assert system.post("/apply", data=form(kind="agency")).status_code == 303
    url = f"/organisations/{filed(database).id}/accept"
    system.post(url)
    assert filed(database).state is OrganisationState.APPLIED
    people.signed_in(app, cast.security).post(url)
    assert filed(database).state is OrganisationState.ACTIVE


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"code": "91110000MA00000010"}, "code"), ({"code": ""}, "code"), ({"login": "x y"}, "login"),
     ({"password": "short", "again": "short"}, "password"), ({"again": "another"}, "again"),
     ({"kind": "operator"}, "kind"), ({"phone": ""}, "phone"), ({"login": "chen"}, "login")],
)  # fmt: skip
def test_a_mistake_is_shown_at_its_field_and_files_nothing(
    app: Flask, cast: SimpleNamespace, database: Database, changes: dict[str, str], field: str
) -> None:
    answer = app.test_client().post("/apply", data=form(**changes))
    assert answer.status_code == 422 and f'href="#{field}"' in answer.get_data(as_text=True)
    with database.transaction(write=False) as session:
        assert session.scalars(select(Application)).all() == []


def test_an_organisation_registers_once(app: Flask, cast: SimpleNamespace) -> None:
    code = people.credit_code()
    applied(app, code=code)
    answer = app.test_client().post("/apply", data=form(code=code.lower(), login="second"))
    assert answer.status_code == 422 and 'href="#code"' in answer.get_data(as_text=True)


def test_an_address_files_five_a_day(app: Flask, cast: SimpleNamespace) -> None:
    for number in range(5):
        applied(app, login=f"firm{number}")
    assert app.test_client().post("/apply", data=form(login="firm6")).status_code == 422


def test_a_suspended_organisation_is_out_at_once(app: Flask, cast: SimpleNamespace) -> None:
    chen, officer = people.signed_in(app, cast.chen), people.signed_in(app, cast.officer)
    officer.post(f"/organisations/{cast.ours.id}/suspend", data={"reason": "串通投标"})
    assert chen.get("/account").status_code == 302
    data = {"login": "chen", "password": people.PASSWORD}
    assert app.test_client().post("/sign-in", data=data).status_code == 422
    officer.post(f"/organisations/{cast.ours.id}/restore")
    assert app.test_client().post("/sign-in", data=data).status_code == 303


@pytest.mark.parametrize("target", ["agency", "operator"])
def test_nobody_suspends_his_own_organisation_or_the_operator(
    app: Flask, cast: SimpleNamespace, database: Database, target: str
) -> None:
    organisation = getattr(cast, target)
    people.signed_in(app, cast.officer).post(f"/organisations/{organisation.id}/suspend", data={"reason": "x"})
    with database.transaction(write=False) as session:
        assert session.get_one(Organisation, organisation.id).state is OrganisationState.ACTIVE


def test_others_organisations_do_not_exist_for_a_member(app: Flask, cast: SimpleNamespace) -> None:
    chen = people.signed_in(app, cast.chen)
    assert chen.get(f"/organisations/{cast.ours.id}").status_code == 200
    assert chen.get(f"/organisations/{cast.theirs.id}").status_code == 404
    assert chen.get(f"/history/organisation/{cast.theirs.id}").status_code == 404
    assert chen.get("/organisations").status_code == 403
    assert chen.post(f"/organisations/{cast.theirs.id}/suspend", data={"reason": "x"}).status_code == 403


@pytest.mark.parametrize("state", list(OrganisationState))
@pytest.mark.parametrize("action", list(OrganisationAction))
def test_the_flow_over_its_full_product(state: OrganisationState, action: OrganisationAction) -> None:
    if ORGANISATION_FLOW.allows(state, action):
        assert ORGANISATION_FLOW.after(state, action) in set(OrganisationState)
    else:
        with pytest.raises(Conflict):
            ORGANISATION_FLOW.after(state, action)
