"""A run whose process dies by SIGKILL, in every phase: started again, never half there, never half published."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.audit.models import AuditEntry
from kernel.audit.services import verify
from kernel.db import Database
from procurement.retention.flow import RunState
from procurement.retention.models.runs import Points, RetentionRun, RunLine, RunShare
from procurement.retention.services import answering
from procurement.tags import Tag
from tests.procurement.orders.market import NOW, populate

from .killed import act
from .scene import Scene, furnish

ROOT = Path(__file__).resolve().parents[3]
STEPS = [12, pytest.param(1, marks=pytest.mark.long)]
"""Every so-many-th phase; a phase is a function of the run's services, the database or the audit trail, in or out."""


def killed(database: Database, told: dict[str, Any]) -> int:
    """Let children die, one in each phase; return how many did."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.procurement.retention.killed", _url(database), json.dumps(told)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return int(done.stdout)


def _url(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def _told(scene: Scene, user: str, **more: Any) -> dict[str, Any]:
    return {"round": scene.round_id, "rules": scene.rules, "user": scene.market.actors[user].user_id, **more}


@pytest.mark.parametrize("step", STEPS)
def test_a_run_that_dies_while_it_is_computed_leaves_nothing(database: Database, step: int) -> None:
    with clock.travel(to=NOW), database.transaction() as session:
        told = _told(furnish(session, populate(session)), "agency", act="compute", step=step)
    assert killed(database, told) >= 60 // step
    act(_url(database), told, 0)
    with database.transaction(write=False) as session:
        runs = session.scalars(select(RetentionRun).order_by(RetentionRun.number)).all()
        assert [one.number for one in runs] == list(range(1, len(runs) + 1)) and len(runs) >= 2
        assert [one.state for one in runs] == [RunState.REPLACED] * (len(runs) - 1) + [RunState.DRAFT]
        assert len({one.digest for one in runs}) == 1
        for model, each in ((RunLine, 4), (RunShare, 2), (Points, 12)):
            counts = session.execute(select(func.count()).group_by(model.run_id).select_from(model)).scalars().all()
            assert counts == [each] * len(runs)
        assert _events(session, Tag.RETENTION_COMPUTED) == len(runs)
        assert list(verify(session)) == []


@pytest.mark.parametrize("step", STEPS)
def test_a_run_that_dies_while_it_is_published_is_published_or_is_not(database: Database, step: int) -> None:
    with clock.travel(to=NOW), database.transaction() as session:
        scene = furnish(session, populate(session))
        run = scene.sent(session)
        for who in ("h1-finance", "h2-finance"):
            answering.confirm(session, run_id=run.id, line_ids=None, actor=scene.market.actors[who], at=NOW)
        told = _told(scene, "agency-second", act="publish", step=step, run=run.id)
    assert killed(database, told)
    with database.transaction(write=False) as session:
        one = session.get_one(RetentionRun, told["run"])
        published = one.published_at is not None and one.published_by_id is not None
        assert (one.state is RunState.PUBLISHED) is published is bool(_events(session, Tag.RETENTION_PUBLISHED))
        assert published  # the last child lived, or died after its commit
        assert list(verify(session)) == []


def _events(session: Session, tag: Tag) -> int:
    return session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.tag == tag)) or 0
