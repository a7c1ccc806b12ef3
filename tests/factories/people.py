"""Organisations and people as tests need them: real rows, real hashes, real sessions."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from itertools import count

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from stdnum.cn.uscc import calc_check_digit

from kernel import clock
from kernel.auth.guard import TOKEN
from kernel.auth.models import User, UserRole, UserSession
from kernel.auth.permissions import Role
from kernel.auth.services.passwords import hashed
from kernel.auth.tokens import digest, new_token
from kernel.db import Database
from kernel.parties.codes import OrganisationKind, OrganisationState
from kernel.parties.models import Organisation

PASSWORD = "kettle-moon-river"
_numbers = count(1)


@cache
def password_hash() -> str:
    """Hash the test password once."""
    return hashed(PASSWORD)


def credit_code(number: int | None = None) -> str:
    """Return a unified social credit code with a right check character, another one at each call."""
    stem = f"91110000MA{next(_numbers) if number is None else number:07d}"
    return stem + str(calc_check_digit(stem))


def organisation(
    session: Session, kind: OrganisationKind = OrganisationKind.COMPANY, *, name: str = "", at: datetime | None = None,
    state: OrganisationState = OrganisationState.ACTIVE,
) -> Organisation:  # fmt: skip
    """Add an organisation."""
    code = credit_code()
    made = Organisation(
        kind=kind, name=name or f"机构{code[9:17]}", code=code, state=state, created_at=at or clock.now()
    )
    session.add(made)
    session.flush()
    return made


def user(
    session: Session, at_organisation: Organisation, *roles: Role, login: str = "", password_set: bool = True
) -> User:
    """Add a person with the test password."""
    login = login or f"user{next(_numbers)}"
    made = User(
        login=login, name=f"{login} 人", organisation=at_organisation, created_at=clock.now(),
        password_hash=password_hash() if password_set else "", password_set_at=clock.now() if password_set else None,
        roles=[UserRole(role=role) for role in roles],
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def signed_in(app: Flask, who: User) -> FlaskClient:
    """Return a browser in which the person is signed in, without going through the page."""
    database: Database = app.extensions["jicai-database"]
    token, at = new_token(), clock.now()
    with database.transaction() as session:
        session.add(
            UserSession(
                digest=digest(token), user_id=who.id, created_at=at, seen_at=at, expires_at=at + timedelta(hours=8)
            )
        )
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    return client
