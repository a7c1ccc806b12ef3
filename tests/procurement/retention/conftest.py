"""A market of which all that goes into a run is known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from kernel import clock
from tests.procurement.orders.market import NOW, populate

from .scene import Scene, furnish


@pytest.fixture
def scene(session: Session) -> Iterator[Scene]:
    with clock.travel(to=NOW):
        yield furnish(session, populate(session))
