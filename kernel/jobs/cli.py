"""`jicai jobs`."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from kernel import clock
from kernel.command import open_database
from kernel.config import Settings
from kernel.db import Database
from kernel.jobs import runner
from kernel.jobs.registry import registered

if TYPE_CHECKING:
    from flask import Flask


@click.group()
def jobs() -> None:
    """Run and list scheduled work."""


def _load() -> None:
    import importlib

    importlib.import_module("wsgi").load_jobs()


@jobs.command()
@click.option("--parent", type=int, help="End when this process is gone.")
def run(parent: int | None) -> None:
    """Run every job on its beat until interrupted."""
    _load()
    signal.signal(signal.SIGTERM, _leave)
    if parent:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    try:
        database = open_database(later=True)
        runner.run_forever(database, errands=_errands(database))
    except (KeyboardInterrupt, SystemExit):
        sys.exit(0)


def _errands(database: Database) -> Callable[[], object]:
    """Return what does the waiting errands; the application is built when the first one is there."""
    from kernel.errands import runner as errands

    built: list[Flask] = []

    def work() -> None:
        if not errands.some_wait(database):
            return
        if not built:
            import importlib

            built.append(importlib.import_module("wsgi").create_app(Settings.from_environment(), database))
        errands.run_waiting(built[0])

    errands.take_up(database)
    return work


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _follow(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)  # the scheduler sleeps in the main thread and has nothing half done between jobs' transactions


@jobs.command("list")
def list_() -> None:
    """List the jobs and how often they run."""
    _load()
    table = Table("job", "every")
    for job in registered():
        table.add_row(job.name, str(job.every))
    Console().print(table)


@jobs.command()
@click.argument("name")
def once(name: str) -> None:
    """Run one job now, whatever its beat."""
    _load()
    chosen = [job for job in registered() if job.name == name]
    if not chosen:
        raise click.UsageError(f"no job is called {name}")
    with open_database().transaction() as session:
        chosen[0].work(session, clock.now())
