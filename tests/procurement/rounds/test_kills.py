"""Writers killed in the middle of a draft, an autosave, an answer or a division: what was told is kept, all of it.

The process that acts dies by SIGKILL at a random instant and is started again on the same database.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.audit.models import AuditEntry
from kernel.audit.services import verify
from kernel.db import Database
from procurement.agreements.reassignment import queries as reassignments
from procurement.agreements.reassignment import services as reassignment
from procurement.demand.models import Report, ReportLine
from procurement.rounds.draft import queries as drafts
from procurement.rounds.draft.flow import DraftState
from procurement.rounds.draft.models import DraftLot
from procurement.rounds.models.awards import Pick
from procurement.rounds.models.rounds import Round
from procurement.rounds.revivals.models import RevivalOffer
from procurement.tags import Tag
from tests.procurement.agreements.test_reassignment import AFTER, BY_HOSPITAL, awarded, pool_of
from tests.procurement.demand.conftest import NOW
from tests.procurement.demand.conftest import populate as province
from tests.procurement.rounds.draft.test_live import SIX, opened, seconds
from tests.procurement.rounds.revivals.scenes import SENT, send, staged
from tests.procurement.rounds.scene import Scene, populate

ROOT = Path(__file__).resolve().parents[3]
TIMES = [2, pytest.param(15, marks=pytest.mark.long)]
Check = Callable[[Session, list[str]], None]


def killed(database: Database, scenario: str, told: dict[str, Any], chance: random.Random) -> list[str]:
    """Let a process act until it is killed, or has nothing left to do; return what it told."""
    url = database.engine.url.render_as_string(hide_password=False)
    arguments = [sys.executable, "-m", "tests.procurement.rounds.killed", url, scenario, json.dumps(told)]
    process = subprocess.Popen(
        arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )  # fmt: skip
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(chance.random() * 0.1)
    os.kill(process.pid, signal.SIGKILL)
    lines = [first, *process.stdout.readlines()]
    process.wait()
    process.stdout.close()
    return [line.strip() for line in lines if line.endswith("\n")]


def again_and_again(database: Database, scenario: str, told: dict[str, Any], times: int, check: Check) -> None:
    chance, lines = random.Random(times), list[str]()
    for _time in range(times):
        lines += killed(database, scenario, told, chance)
        with database.transaction(write=False) as session:
            check(session, lines)
            assert list(verify(session)) == []
    assert lines


@pytest.mark.parametrize("times", TIMES)
def test_a_draft_keeps_every_turn_that_was_told_and_no_half_of_another(database: Database, times: int) -> None:
    with database.transaction() as session:
        scene = populate(session, regions=SIX)
        scene.announced("batch-9", {1: ("0.5000", "0.6000", "0.7000", "1.9000", "0.4000"), 2: ("1.0000", "1.1000")})
        opened(scene, (), seconds=86_400)
        users = {scene.company(number): scene.actors[f"c{number}"].user_id for number in range(1, 6)}
        told = {"round": scene.round_id, "users": users, "at": seconds(1).isoformat()}

    def check(session: Session, lines: list[str]) -> None:
        draft = drafts.one(session, session.get_one(Round, scene.round_id), 1)
        kept = {f"{row.lot.number} {turn.role.value} {turn.turn} {turn.region_code}"
                for row in draft.lots for turn in row.turns}  # fmt: skip
        assert set(lines) <= kept
        events = session.scalars(
            select(AuditEntry).where(AuditEntry.tag.in_([Tag.REGION_CHOSEN, Tag.DRAFT_TURN_SETTLED]))
        )
        assert len(events.all()) == len(kept)
        done = set(session.scalars(select(DraftLot.lot_id).where(DraftLot.finished_at.is_not(None))))
        assert done == set(session.scalars(select(Pick.lot_id)))
        assert (draft.state is DraftState.FINISHED) == (len(done) == len(draft.lots))

    again_and_again(database, "draft", told, min(times, 5), check)


@pytest.mark.parametrize("times", TIMES)
def test_a_division_is_kept_whole(database: Database, times: int) -> None:
    with database.transaction() as session:
        scene = awarded(session, 3)
        scene.does(reassignment.start, at=AFTER, terms=BY_HOSPITAL)
        found = reassignments.of_round(session, scene.round_id)
        assert found is not None
        hospital = scene.organisations["h1"].id
        left = pool_of(session, found, hospital)
        rows = [row.id for row in reassignments.volumes(session, found, hospital) if row.award_id]
        told = {"round": scene.round_id, "user": scene.actors["h1"].user_id, "at": AFTER.isoformat(),
                "divisions": [{str(row): format(left, "f")} for row in rows]}  # fmt: skip

    def check(session: Session, lines: list[str]) -> None:
        chosen = {row.id: row.chosen for row in reassignments.volumes(session, found, hospital)}
        assert sorted(value for value in chosen.values() if value is not None) == [left]
        events = session.scalars(select(AuditEntry).where(AuditEntry.tag == Tag.REASSIGNMENT_SUBMITTED)).all()
        assert len(events) >= len(lines)

    again_and_again(database, "division", told, times, check)


@pytest.mark.parametrize("times", TIMES)
def test_a_draft_of_a_report_is_never_half_saved(database: Database, times: int) -> None:
    with clock.travel(to=NOW), database.transaction() as session:
        world = province(session)
        call = world.call()
        specifications = world.ids("V001") + world.ids("V002")
        told = {"call": call.id, "user": world.actors["one"].user_id, "specifications": list(specifications),
                "from": 100, "at": NOW.isoformat()}  # fmt: skip

    def check(session: Session, lines: list[str]) -> None:
        report = session.scalars(select(Report)).one()
        kept = [int(line.quantity) for line in session.scalars(select(ReportLine))]
        assert len(kept) == len(specifications) and len(set(kept)) == 1
        assert kept[0] >= int(lines[-1])
        assert report.version == kept[0] - 100
        told["from"] = kept[0]

    again_and_again(database, "autosave", told, times, check)


def test_an_answer_to_a_revival_is_kept_with_its_receipt_or_not_at_all(database: Database) -> None:
    with database.transaction() as session:
        scene: Scene = populate(session)
        staged(scene)
        offers = send(scene)
        people = [[offer.id, scene.actors[f"c{number}"].user_id] for number, offer in offers.items()]
        told = {"at": SENT.isoformat(), "offers": people}

    def check(session: Session, lines: list[str]) -> None:
        kept = session.scalars(select(RevivalOffer)).all()
        answered = [one for one in kept if one.accepts is not None]
        assert {one.receipt for one in answered} >= set(lines)
        assert all(one.receipt and one.digest and one.answered_at and one.answered_by_id for one in answered)
        events = session.scalars(select(AuditEntry).where(AuditEntry.tag == Tag.REVIVAL_ANSWERED)).all()
        assert len(events) == len(answered)
        told["offers"] = [each for each in told["offers"] if each[0] not in {one.id for one in answered}]

    again_and_again(database, "answers", told, 1, check)
