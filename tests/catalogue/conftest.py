"""An agency with an officer, a company and an aspirin, for the tests of the catalogue."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalogue.drugs.models import Specification, Variety
from catalogue.drugs.rules.drafts import SpecificationDraft
from catalogue.drugs.rules.forms import Form, FormKind
from catalogue.drugs.services.companies import OrganisationDraft, create_company
from catalogue.drugs.services.varieties import add_specification, create_variety
from kernel.auth.actor import SYSTEM
from kernel.auth.guard import TOKEN
from kernel.auth.models import User, UserRole, UserSession
from kernel.auth.permissions import Role
from kernel.auth.tokens import digest
from kernel.db import Database
from kernel.parties.codes import OrganisationKind, OrganisationState
from kernel.parties.models import Organisation

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)


def aspirin(session: Session, *texts: str) -> tuple[Variety, list[Specification]]:
    """Add 阿司匹林 with specifications; the first is the reference."""
    variety = create_variety(
        session, code="V001", generic_name="阿司匹林", form_group="口服常释剂型", form_kind=FormKind.ORAL_SOLID,
        actor=SYSTEM, at=NOW,
    )  # fmt: skip
    added = [
        add_specification(
            session, variety_id=variety.id, draft=SpecificationDraft(text, Form.ENTERIC_TABLET), actor=SYSTEM, at=NOW
        )
        for text in texts
    ]
    return variety, added


def company(session: Session, name: str, code: str = "") -> Organisation:
    """Register a company; without a code it gets one that checks."""
    made = create_company(
        session, draft=OrganisationDraft(name=name, code=code or credit_code(name)), actor=SYSTEM, at=NOW
    )
    session.flush()
    return made


def credit_code(name: str) -> str:
    """Return a valid unified social credit code made from a name."""
    from stdnum.cn import uscc

    body = "91330106" + "".join(str(ord(character) % 10) for character in (name * 9)[:9])
    return body + uscc.calc_check_digit(body)


@pytest.fixture
def officer(app: Flask, database: Database) -> FlaskClient:
    """A browser in which an agency officer is signed in."""
    return signed_in(app, database, Role.AGENCY_OFFICER, OrganisationKind.AGENCY)


@pytest.fixture
def pharmacist(app: Flask, database: Database) -> FlaskClient:
    """A browser in which a hospital pharmacist is signed in."""
    return signed_in(app, database, Role.PHARMACIST, OrganisationKind.HOSPITAL)


def signed_in(app: Flask, database: Database, role: Role, kind: OrganisationKind) -> FlaskClient:
    """Add a person in an organisation of their own and sign them in."""
    token, now = secrets.token_hex(8), datetime.now(UTC)
    with database.transaction() as session:
        organisation = Organisation(
            kind=kind, name=f"{kind} 甲", code=credit_code(kind), state=OrganisationState.ACTIVE, created_at=NOW
        )
        user = User(
            login=role, name="甲", organisation=organisation, created_at=NOW, password_set_at=now,
            roles=[UserRole(role=role)],
        )  # fmt: skip
        session.add(user)
        session.flush()
        session.add(
            UserSession(
                digest=digest(token), user_id=user.id, created_at=now, seen_at=now, expires_at=now + timedelta(hours=1)
            )
        )
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    return client
