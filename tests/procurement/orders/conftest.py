"""The market in a database of each engine, and the application in front of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernel import clock
from kernel.db import Database

from .market import NOW, Market, populate
from .shop import Shop, open_shop
from .site import Site, open_site


@pytest.fixture
def market(session: Session) -> Market:
    return populate(session)


@pytest.fixture
def site(app: Flask, database: Database) -> Iterator[Site]:
    with clock.travel(to=NOW):
        yield open_site(app, database, NOW)


@pytest.fixture
def shop(app: Flask, database: Database) -> Iterator[Shop]:
    with clock.travel(to=NOW):
        yield open_shop(app, database, NOW)
