"""The market in a database of each engine."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from .market import Market, populate


@pytest.fixture
def market(session: Session) -> Market:
    return populate(session)
