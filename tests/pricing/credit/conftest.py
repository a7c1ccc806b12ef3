"""Officers and companies before the tests of credit, at the hour in which those tests play that ask for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from kernel import clock
from tests.pricing.credit.ratings.court import Court, court
from tests.pricing.scene import NOW


@pytest.fixture
def stand(session: Session) -> Court:
    return court(session)


@pytest.fixture
def then() -> Iterator[None]:
    with clock.travel(to=NOW):
        yield
