"""The market behind the application: browsers in which its people are signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from flask import Flask
from flask.testing import FlaskClient

from kernel.auth.guard import TOKEN
from kernel.auth.models import UserSession
from kernel.auth.tokens import digest, new_token
from kernel.db import Database
from procurement.orders.flow import OrderKind
from procurement.orders.models.plans import Plan
from procurement.orders.services import plans
from procurement.orders.services.plans import Wanted

from .market import Market, populate


@dataclass
class Site:
    app: Flask
    database: Database
    market: Market
    at: datetime
    tokens: dict[str, str] = field(default_factory=dict)

    def browser(self, who: str) -> FlaskClient:
        client = self.app.test_client()
        with client.session_transaction() as kept:
            kept[TOKEN] = self.tokens[who]
        return client

    def plan(self, who: str = "h1", kind: OrderKind = OrderKind.AGREEMENT, submit: bool = False, **wanted: int) -> int:
        """Write a plan, by product: `a=100`; return its id."""
        actor = self.market.actors[who]
        lines = [Wanted(self.market.products[name], Decimal(count)) for name, count in wanted.items()]
        with self.database.transaction() as session:
            plan = plans.create(session, kind=kind, title="月度采购", actor=actor, at=self.at)
            plans.keep(session, plan_id=plan.id, version=plan.version, lines=lines, actor=actor, at=self.at)
            if submit:
                plans.submit(session, plan_id=plan.id, version=plan.version, actor=actor, at=self.at)
            return plan.id

    def version(self, plan_id: int) -> int:
        with self.database.transaction(write=False) as session:
            return session.get_one(Plan, plan_id).version


def open_site(app: Flask, database: Database, at: datetime) -> Site:
    with database.transaction() as session:
        site = Site(app, database, populate(session), at)
        for who, actor in site.market.actors.items():
            site.tokens[who] = new_token()
            session.add(
                UserSession(
                    digest=digest(site.tokens[who]), user_id=actor.user_id, created_at=at, seen_at=at,
                    expires_at=at + timedelta(days=1),
                )
            )  # fmt: skip
    return site
