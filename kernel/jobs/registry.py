"""Scheduled verbs: what runs how often. A job speeds a state up, it never makes a deadline true."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

Work = Callable[[Session, datetime], None]


@dataclass(frozen=True, slots=True)
class Job:
    """One scheduled verb; it runs in one write transaction."""

    name: str
    every: timedelta
    work: Work


_jobs: dict[str, Job] = {}


def job(name: str, *, every: timedelta) -> Callable[[Work], Work]:
    """Register a scheduled verb."""

    def register(work: Work) -> Work:
        _jobs[name] = Job(name, every, work)
        return work

    return register


def registered() -> tuple[Job, ...]:
    """Return all jobs, by name."""
    return tuple(_jobs[name] for name in sorted(_jobs))
