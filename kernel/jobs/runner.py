"""Run the registered jobs: one process, a lease per slot, missed slots run once."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.schedulers.blocking import BlockingScheduler
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from kernel import clock
from kernel.db import Database
from kernel.errors import Conflict
from kernel.jobs.models import JobLease
from kernel.jobs.registry import Job, registered
from kernel.logs import log

KEEP = timedelta(days=7)


def slot_of(at: datetime, every: timedelta) -> datetime:
    """Return the start of the slot an instant falls into; slots are the same for every process."""
    seconds = int(every.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, tz=at.tzinfo)


def run_once(database: Database, job: Job, at: datetime) -> bool:
    """Run a job's slot unless somebody has; return whether this call ran it. A failure is kept, not raised."""
    slot, name = slot_of(at, job.every), f"{socket.gethostname()}:{os.getpid()}"
    try:
        with database.transaction() as session:
            session.add(JobLease(job=job.name, slot=slot, runner=name, started_at=at))
    except (IntegrityError, Conflict):
        return False
    error = ""
    try:
        with database.transaction() as session:
            job.work(session, at)
    except Exception as failure:  # whatever a job raises is written down and logged
        error = f"{type(failure).__name__}: {failure}"[:500]
        log().exception("job failed", job=job.name)
    with database.transaction() as session:
        done = update(JobLease).where(JobLease.job == job.name, JobLease.slot == slot)
        session.execute(done.values(ended_at=clock.now(), error=error))
        session.execute(delete(JobLease).where(JobLease.job == job.name, JobLease.slot < at - KEEP))
    return True


def _do_errands(errands: Callable[[], object]) -> None:
    """Do what waits, again and again; a process that ends leaves its errand to the next one."""
    while True:
        try:
            errands()
        except Exception:  # the database may be away for a while
            log().exception("errands failed")
        time.sleep(1)


def run_forever(database: Database, *, errands: Callable[[], object]) -> None:
    """Run every job on its beat, and the errands that wait, until the process ends."""
    scheduler = BlockingScheduler(
        timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    for job in registered():
        run_once(database, job, clock.now())
        scheduler.add_job(
            lambda job=job: run_once(database, job, clock.now()), "interval", seconds=int(job.every.total_seconds())
        )
    threading.Thread(target=_do_errands, args=(errands,), daemon=True).start()
    log().info("scheduler started", jobs=[job.name for job in registered()])
    scheduler.start()
