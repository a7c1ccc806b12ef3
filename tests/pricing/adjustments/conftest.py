"""A province with prices and a plan over them."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from pricing.adjustments.models import AdjustmentPlan
from tests.pricing.adjustments.scene import Province, begun, populate, raised


@pytest.fixture
def scene(session: Session) -> Province:
    return populate(session)


@pytest.fixture
def plan(session: Session, scene: Province) -> AdjustmentPlan:
    made = begun(session, scene)
    raised(session, scene, made)
    return made
