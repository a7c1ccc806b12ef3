"""The market of orders, in a database and behind the application; an awarded round."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernel import clock
from kernel.db import Database
from tests.procurement.orders.market import NOW, Market
from tests.procurement.orders.market import populate as open_market
from tests.procurement.orders.shop import Shop, open_shop
from tests.procurement.rounds.scene import Scene
from tests.procurement.rounds.scene import populate as set_scene


@pytest.fixture
def market(session: Session) -> Market:
    return open_market(session)


@pytest.fixture
def shop(app: Flask, database: Database) -> Iterator[Shop]:
    with clock.travel(to=NOW):
        yield open_shop(app, database, NOW)


@pytest.fixture
def scene(session: Session) -> Scene:
    return set_scene(session)
