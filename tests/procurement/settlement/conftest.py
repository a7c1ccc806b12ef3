"""A market in which goods are received."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernel import clock
from kernel.db import Database
from tests.procurement.orders.market import NOW, Market, populate
from tests.procurement.orders.site import Site, open_site


@pytest.fixture
def market(session: Session) -> Iterator[Market]:
    with clock.travel(to=NOW):
        yield populate(session)


@pytest.fixture
def site(app: Flask, database: Database) -> Iterator[Site]:
    with clock.travel(to=NOW):
        yield open_site(app, database, NOW)
