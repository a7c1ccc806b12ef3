"""Two companies, two officers, a supervisor; the round's scene behind pages where a test needs it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernel.db import Database
from tests.procurement.rounds.scene import Scene, populate
from tests.procurement.rounds.site import Site, make


@pytest.fixture
def scene(session: Session) -> Scene:
    """A locked collection and the people around it."""
    return populate(session, lots=2, companies=3)


@pytest.fixture
def site(app: Flask, database: Database) -> Site:
    """The same behind the running application."""
    return make(app, database, lots=2, companies=3)
