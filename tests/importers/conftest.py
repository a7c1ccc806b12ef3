"""People and files for the tests of imports."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import Babel, force_locale
from sqlalchemy.orm import Session

from kernel import clock
from kernel.auth.actor import Actor
from kernel.auth.guard import TOKEN, actor_of, digest
from kernel.auth.models import User, UserRole, UserSession
from kernel.auth.permissions import Role
from kernel.db import Database
from kernel.i18n import FOLDER
from kernel.parties.codes import OrganisationKind, OrganisationState
from kernel.parties.models import Organisation

AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def person(
    session: Session, role: Role = Role.AGENCY_OFFICER, kind: OrganisationKind = OrganisationKind.AGENCY
) -> User:
    """A user in an organisation of his own."""
    number = next(_numbers)
    organisation = Organisation(
        kind=kind, name=f"单位{number}", code=f"ORG{number:015d}", state=OrganisationState.ACTIVE, created_at=AT
    )
    session.add(organisation)
    session.flush()
    user = User(login=f"user{number}", name=f"人员{number}", organisation_id=organisation.id, created_at=AT)
    user.roles = [UserRole(role=role)]
    session.add(user)
    session.flush()
    session.refresh(user)
    return user


@pytest.fixture(scope="session")
def speaking() -> Callable[[str], object]:
    """Call it with a locale for a context in which texts are made in that language; nothing else of the platform."""
    app = Flask("speaking")
    app.config.update(BABEL_DEFAULT_LOCALE="zh_CN", BABEL_TRANSLATION_DIRECTORIES=str(FOLDER))
    Babel(app)

    @contextmanager
    def language(locale: str) -> Iterator[None]:
        with app.test_request_context(), force_locale(locale):
            yield

    return language


@pytest.fixture
def officer(session: Session) -> Actor:
    """An officer of the agency."""
    return actor_of(person(session))


@pytest.fixture
def signed_in(app: Flask, database: Database) -> Callable[..., FlaskClient]:
    """Call it with a role for a browser in which such a person is signed in."""

    def make(role: Role = Role.AGENCY_OFFICER) -> FlaskClient:
        token, client = secrets.token_hex(16), app.test_client()
        with database.transaction() as session:
            user = person(session, role)
            at = clock.now()
            session.add(
                UserSession(
                    digest=digest(token), user_id=user.id, created_at=at, seen_at=at, expires_at=at + timedelta(hours=1)
                )
            )
        with client.session_transaction() as cookie:
            cookie[TOKEN] = token
        return client

    return make
