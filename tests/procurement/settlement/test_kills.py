"""A payment run killed in the middle: it is paid whole or not at all, and who asks again gets the same answer."""

from __future__ import annotations

import os
import pathlib
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import select

from procurement.settlement.flow import RunState
from procurement.settlement.models.claims import FundEntry, Run
from procurement.settlement.models.invoices import Payment
from tests.procurement.orders.market import NOW
from tests.procurement.orders.site import Site
from tests.procurement.orders.test_races import NURSERY, ROOT

from . import funded

PAY = '/procurement/settlement/runs/{plan}/pay", data={"reference": key, "paid_on": "2026-03-03", '
KILLER = NURSERY.replace('/procurement/plans/{plan}/approve", data={', PAY)
"""As approvals are killed, with the address and the form of a run."""


@pytest.mark.long
def test_a_killed_run_answers_the_same_when_it_is_asked_again(
    site: Site, tmp_path: pathlib.Path, figure: Callable[[str], None]
) -> None:
    url = site.database.engine.url.render_as_string(hide_password=False)
    given = [url, str(tmp_path), site.tokens["agency-second"], NOW.isoformat()]
    nursery = subprocess.Popen(
        [sys.executable, "-c", KILLER, *given], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert nursery.stdin is not None and nursery.stdout is not None and nursery.stdout.readline() == "ready\n"
    chance, done = random.Random(6), 0
    for turn in range(8):
        with site.database.transaction() as session:
            numbers = range(10 * turn + 1, 10 * turn + 5)
            claims = [
                funded.approved(session, site.market, funded.matched(session, site.market, each)) for each in numbers
            ]
            run_id = funded.prepared(session, site.market, *claims).id
        nursery.stdin.write(f"{run_id} key-{turn}\n")
        nursery.stdin.flush()
        child = int(nursery.stdout.readline())
        time.sleep(chance.random() * 0.6)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        assert nursery.stdout.readline() == "gone\n"
        with site.database.transaction(write=False) as session:
            done += session.get_one(Run, run_id).state is RunState.PAID
        form = {"reference": f"key-{turn}", "paid_on": "2026-03-03", "_key": f"key-{turn}"}
        address = f"/procurement/settlement/runs/{run_id}"
        told = [site.browser("agency-second").post(f"{address}/pay", data=form) for _ in range(2)]
        assert {(one.status_code, one.headers.get("Location")) for one in told} == {(303, address)}
        with site.database.transaction(write=False) as session:
            for model in (Payment, FundEntry):
                assert len(session.scalars(select(model.id)).all()) == 4 * (turn + 1)
            assert funded.agrees(session)
    nursery.stdin.close()
    nursery.stdout.close()
    assert nursery.wait(30) == 0
    figure(f"runs killed: {done} of 8 were paid before the kill, none twice")
