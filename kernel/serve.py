"""Serve the platform: gunicorn in this process, the scheduler as its child, both gone when it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from kernel.config import ROOT, Settings, child_environment
from kernel.memory import settle


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn with our settings instead of a command line."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from importlib import import_module

        app = import_module("wsgi").create_app()
        settle()
        return app


def run(*, workers: int = 1, threads: int = 8, jobs: bool = True, ready: Callable[[], None] | None = None) -> None:
    """Serve until interrupted; `ready` is called once the address answers."""
    settings = Settings.from_environment()
    children: list[subprocess.Popen[bytes]] = []

    def when_ready(_server: Any) -> None:
        if jobs:
            children.append(_start_scheduler())
        if ready:
            ready()

    def on_exit(_server: Any) -> None:
        for child in children:
            child.terminate()
            child.wait()

    options = {
        "bind": f"{settings.host}:{settings.port}", "workers": workers, "threads": threads, "loglevel": "warning",
        "graceful_timeout": 3, "when_ready": when_ready, "on_exit": on_exit, "chdir": str(ROOT),
    }  # fmt: skip
    _Server(options).run()


def _start_scheduler() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", "from wsgi import cli; cli()", "jobs", "run", "--parent", str(os.getpid())]
    return subprocess.Popen(command, cwd=ROOT, env=child_environment(), preexec_fn=_plain_signals)  # noqa: S603, PLW1509 - our own interpreter; gunicorn's master has no threads


def _plain_signals() -> None:
    """Undo gunicorn's signal handling in the child; Ctrl-C reaches it, too, but it is its parent that ends it."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


@click.command()
@click.option("--workers", default=1, show_default=True, help="Worker processes.")
@click.option("--threads", default=8, show_default=True, help="Threads of each.")
@click.option("--no-jobs", is_flag=True, help="Do not start the scheduler.")
def serve(workers: int, threads: int, no_jobs: bool) -> None:
    """Serve on JICAI_HOST:JICAI_PORT until interrupted."""
    run(workers=workers, threads=threads, jobs=not no_jobs)
