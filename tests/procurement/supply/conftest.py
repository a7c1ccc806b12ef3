"""The market of orders, with a product that may stand in for a."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernel import clock
from kernel.db import Database
from tests.procurement.orders.market import NOW, Market, populate
from tests.procurement.orders.site import Site, open_site
from tests.procurement.supply.scene import substitute


@pytest.fixture
def market(session: Session) -> Market:
    made = populate(session)
    substitute(session, made)
    return made


@pytest.fixture
def site(app: Flask, database: Database) -> Iterator[Site]:
    with clock.travel(to=NOW):
        made = open_site(app, database, NOW)
        with database.transaction() as session:
            substitute(session, made.market)
        yield made
