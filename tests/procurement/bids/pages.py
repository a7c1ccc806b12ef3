"""Signing in without a password, for the tests of pages."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from kernel.auth.guard import TOKEN, digest
from kernel.auth.models import UserSession
from kernel.db import Database

from .conftest import DEADLINE, OPENS


def signed_in(app: Flask, database: Database, user_id: int | None) -> FlaskClient:
    """A browser with the session of a user; None is a stranger."""
    client = app.test_client()
    if user_id is None:
        return client
    token = secrets.token_hex(8)
    with database.transaction() as session:
        session.add(
            UserSession(
                digest=digest(token),
                user_id=user_id,
                created_at=OPENS,
                seen_at=DEADLINE,
                expires_at=DEADLINE + timedelta(days=30),
            )
        )
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    return client
