"""The market behind the running application, with a browser for everybody in it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from kernel import clock
from kernel.auth.guard import TOKEN, digest
from kernel.auth.models import UserSession
from kernel.db import Database
from procurement.orders.models.orders import Order

from .market import Market, populate


@dataclass
class Shop:
    """Pages and calls as people see them; orders are placed through the services."""

    app: Flask
    database: Database
    market: Market
    tokens: dict[str, str] = field(default_factory=dict)

    def order(self, who: str = "h1", **wanted: int | str) -> int:
        """Let a hospital place an order now; return its id."""
        with self.database.transaction() as session:
            return self.market.order(session, who, at=clock.now(), **wanted)[0].id  # type: ignore[arg-type]  # counts

    def held(self, order_id: int) -> Order:
        """Return an order with its lines, to look at."""
        with self.database.transaction(write=False) as session:
            found = session.get_one(Order, order_id)
            assert [line.product for line in found.lines]
            session.expunge_all()
            return found

    def browser(self, who: str) -> FlaskClient:
        """Open a browser with somebody's session."""
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie[TOKEN], cookie["locale"] = self.tokens[who], "en"
        return client

    def get(self, url: str, who: str) -> TestResponse:
        """Get a page."""
        return self.browser(who).get(url)

    def post(self, url: str, who: str, **form: Any) -> TestResponse:
        """Post a form."""
        return self.browser(who).post(url, data=form)

    def call(self, url: str, who: str, body: dict[str, Any] | None = None) -> TestResponse:
        """Make a JSON call: a post where there is a body."""
        url = f"/api/v1/procurement{url}"
        client = self.browser(who)
        return client.get(url) if body is None else client.post(url, json=body)


def open_shop(app: Flask, database: Database, now: datetime) -> Shop:
    """Write the market and sign everybody in."""
    tokens: dict[str, str] = {}
    with database.transaction() as session:
        market = populate(session)
        sign_in(session, market, tokens, now)
    return Shop(app, database, market, tokens)


def sign_in(session: Session, market: Market, tokens: dict[str, str], now: datetime) -> None:
    """Give everybody who has none a session."""
    for key, actor in market.actors.items():
        if key in tokens:
            continue
        tokens[key] = secrets.token_hex(8)
        session.add(
            UserSession(
                digest=digest(tokens[key]), user_id=actor.user_id, created_at=now, seen_at=now,
                expires_at=now + timedelta(days=1),
            )
        )  # fmt: skip
