"""A slot of a job runs once, whoever asks; a failure is kept and stops nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.db import Database
from kernel.jobs.models import JobLease
from kernel.jobs.registry import Job
from kernel.jobs.runner import KEEP, run_once
from tests.conftest import NOW

BEAT = timedelta(minutes=5)


def test_a_slot_runs_once_and_the_next_one_again(database: Database) -> None:
    ran: list[datetime] = []
    job = Job("test.once", BEAT, lambda _session, at: ran.append(at))
    asked = (NOW, NOW + BEAT - timedelta(seconds=1), NOW + BEAT)
    assert [run_once(database, job, at) for at in asked] == [True, False, True]
    assert ran == [NOW, NOW + BEAT]


def test_a_failure_is_written_down_and_what_it_did_is_undone(database: Database) -> None:
    def fails(session: Session, at: datetime) -> None:
        session.add(JobLease(job="half done", slot=at, runner="", started_at=at))
        session.flush()
        raise ValueError("no")

    assert run_once(database, Job("test.fails", BEAT, fails), NOW)
    with database.transaction(write=False) as session:
        assert [(lease.job, lease.error) for lease in session.scalars(select(JobLease))] == [
            ("test.fails", "ValueError: no")
        ]


def test_old_slots_are_forgotten(database: Database) -> None:
    job = Job("test.old", BEAT, lambda _session, _at: None)
    for at in (NOW, NOW + KEEP + BEAT):
        run_once(database, job, at)
    with database.transaction(write=False) as session:
        assert [lease.slot for lease in session.scalars(select(JobLease))] == [NOW + KEEP + BEAT]
