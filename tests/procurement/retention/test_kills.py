"""A run whose process dies by SIGKILL: started again, never half there."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kernel import clock
from kernel.audit.services import verify
from kernel.db import Database
from procurement.retention.flow import RunState
from procurement.retention.models.runs import Points, RetentionRun, RunLine, RunShare
from tests.procurement.orders.market import NOW, populate

from .scene import furnish

ROOT = Path(__file__).resolve().parents[3]


def killed(database: Database, told: dict[str, int | None], chance: random.Random) -> list[int]:
    """Let a process compute until it is killed; return the numbers it told."""
    url = database.engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.procurement.retention.killed", url, json.dumps(told)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(chance.random() * 0.1)
    os.kill(process.pid, signal.SIGKILL)
    lines = [first, *process.stdout.readlines()]
    process.wait()
    process.stdout.close()
    return [int(line) for line in lines if line.endswith("\n")]


@pytest.mark.parametrize("times", [2, pytest.param(12, marks=pytest.mark.long)])
def test_a_run_that_was_told_is_whole_and_none_is_half_there(database: Database, times: int) -> None:
    with clock.travel(to=NOW), database.transaction() as session:
        market = populate(session)
        scene = furnish(session, market)
        told = {"round": scene.round_id, "rules": scene.rules, "user": market.actors["agency"].user_id}
    chance, numbers = random.Random(times), list[int]()
    for _time in range(times):
        numbers += killed(database, told, chance)
        with database.transaction(write=False) as session:
            runs = session.scalars(select(RetentionRun).order_by(RetentionRun.number)).all()
            assert [one.number for one in runs] == list(range(1, len(runs) + 1))
            assert set(numbers) <= {one.number for one in runs}
            assert [one.state for one in runs[:-1]] == [RunState.REPLACED] * (len(runs) - 1)
            assert len({one.digest for one in runs}) == 1
            for model, each in ((RunLine, 4), (RunShare, 2), (Points, 12)):
                counts = session.execute(select(func.count()).group_by(model.run_id).select_from(model)).scalars().all()
                assert counts == [each] * len(runs)
            assert list(verify(session)) == []
    assert numbers
