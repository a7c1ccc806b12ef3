"""Serve the platform: gunicorn in this process' place, the scheduler as its child."""

from __future__ import annotations

import os
import subprocess
import sys

import click

from kernel.config import ROOT, Settings, child_environment


@click.command()
@click.option("--workers", default=1, show_default=True, help="Worker processes.")
@click.option("--threads", default=8, show_default=True, help="Threads of each.")
@click.option("--no-jobs", is_flag=True, help="Do not start the scheduler.")
def serve(workers: int, threads: int, no_jobs: bool) -> None:
    """Serve on JICAI_HOST:JICAI_PORT until interrupted."""
    settings = Settings.from_environment()
    scheduler = None if no_jobs else _start_scheduler()
    server = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
        [sys.executable, "-m", "gunicorn", "-b", f"{settings.host}:{settings.port}", "-w", str(workers),
         "--threads", str(threads), "--log-level", "warning", "--graceful-timeout", "3", "wsgi:create_app()"],
        cwd=ROOT, env=child_environment(),
    )  # fmt: skip
    try:
        code = server.wait()
    except KeyboardInterrupt:
        server.terminate()
        code = 0
        server.wait()
    finally:
        if scheduler:
            scheduler.terminate()
            scheduler.wait()
    sys.exit(code)


def _start_scheduler() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", "from wsgi import cli; cli()", "jobs", "run", "--parent", str(os.getpid())]
    return subprocess.Popen(command, cwd=ROOT, env=child_environment())  # noqa: S603 - our own interpreter and arguments
