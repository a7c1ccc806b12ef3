"""The scene of a round, on both engines."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.procurement.rounds.scene import Scene, populate


@pytest.fixture
def scene(session: Session) -> Scene:
    """A locked collection and the people around it."""
    return populate(session)
