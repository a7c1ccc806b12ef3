"""One transaction at a moment of the demo's past."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from importers.demo.drugs import Drug
from importers.demo.parties import Cast
from kernel import clock
from kernel.auth.actor import Actor
from kernel.db import Database

SEED = 20261122


@dataclass(slots=True)
class Stage:
    """Everything a scene needs: the database, the people, the drugs, one seeded source of chance, and today."""

    database: Database
    cast: Cast
    drugs: list[Drug]
    chance: random.Random
    now: datetime

    def day(self, offset: int, hour: int = 10, minute: int = 0) -> datetime:
        """Return a Beijing wall time so many days from today, as an instant."""
        wall = clock.beijing(self.now).replace(hour=hour, minute=minute, second=0, microsecond=0, tzinfo=None)
        return clock.from_beijing(wall + timedelta(days=offset))

    @contextmanager
    def at(self, moment: datetime) -> Iterator[Session]:
        """Open a transaction with the clock moved to `moment`."""
        with clock.travel(to=moment), self.database.transaction() as session:
            yield session

    def actor(self, login: str) -> Actor:
        """Return a demo account's actor."""
        return self.cast.actor(login)

    def hospital(self, index: int) -> Actor:
        """Return the pharmacist of a hospital."""
        return self.cast.actor("hospital" if index == 0 else f"hospital{index + 1}")

    def company(self, organisation_id: int) -> Actor:
        """Return the bidder of a company."""
        index = next(i for i, company in enumerate(self.cast.companies) if company.id == organisation_id)
        return self.cast.actor("company" if index == 0 else f"company{index + 1}")
