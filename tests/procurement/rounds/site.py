"""A round behind the running application, with a browser for everybody in it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from kernel.auth.guard import TOKEN, digest
from kernel.auth.models import UserSession
from kernel.db import Database
from procurement.rounds.models.rounds import Round
from tests.procurement.rounds.scene import Scene, populate


@dataclass
class Site:
    """Pages as people see them; `scene()` gives a transaction with the scene in it."""

    app: Flask
    database: Database
    built: Scene
    tokens: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def scene(self) -> Iterator[Scene]:
        """Act on the scene in a transaction of its own."""
        with self.database.transaction() as session:
            self.built.session = session
            if self.built.round_ is not None:
                self.built.round_ = session.get_one(Round, self.built.round_.id)
            yield self.built

    def sign_in(self, session: Session) -> None:
        """Give everybody of the scene who has none a session."""
        now = datetime.now(UTC)
        for key, actor in self.built.actors.items():
            if key in self.tokens:
                continue
            self.tokens[key] = secrets.token_hex(8)
            session.add(
                UserSession(
                    digest=digest(self.tokens[key]), user_id=actor.user_id, created_at=now, seen_at=now,
                    expires_at=now + timedelta(days=1),
                )
            )  # fmt: skip

    def browser(self, who: str = "", language: str = "") -> FlaskClient:
        """Open a browser, signed in unless nobody is named."""
        client = self.app.test_client()
        known = ({TOKEN: self.tokens[who]} if who else {}) | ({"locale": language} if language else {})
        if known:
            with client.session_transaction() as cookie:
                cookie.update(known)
        return client

    def get(self, url: str, who: str = "", language: str = "en") -> TestResponse:
        """Get a page of the round: `url` follows /procurement/rounds/<id>."""
        return self.browser(who, language).get(self.url(url))

    def post(self, url: str, who: str = "", **form: Any) -> TestResponse:
        """Post a form to a page of the round, signed in unless nobody is named."""
        return self.browser(who, "en").post(self.url(url), data=form)

    def url(self, url: str) -> str:
        """Return an address under the round's own."""
        return f"/procurement/rounds/{self.built.round_id}{url}" if not url.startswith("//") else url[1:]


def make(app: Flask, database: Database, **size: int) -> Site:
    """Put the scene behind the application."""
    with database.transaction() as session:
        built = populate(session, **size)  # type: ignore[arg-type]  # reason: sizes only
        site = Site(app, database, built)
        site.sign_in(session)
    return site
