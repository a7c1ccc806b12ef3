"""How far an errand is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from kernel.errands.flow import ErrandState
from kernel.errands.models import Errand


def latest(session: Session, about: str) -> Errand | None:
    """Return the last errand about a record."""
    query = select(Errand).where(Errand.about == about).order_by(Errand.id.desc())
    return session.scalars(query.limit(1)).one_or_none()


def latest_of(session: Session, abouts: list[str]) -> dict[str, Errand]:
    """Return the last errand about each of several records."""
    found = session.scalars(select(Errand).where(Errand.about.in_(abouts)).order_by(Errand.id))
    return {errand.about: errand for errand in found}


def under_way(session: Session, name: str, about: str) -> Errand | None:
    """Return the piece of work about a record that is asked for and not done."""
    return session.scalars(select(Errand).where(Errand.open_key == open_key(name, about))).one_or_none()


def open_key(name: str, about: str) -> str:
    """Return what nobody can ask for twice."""
    return f"{name} {about}"


def held(session: Session) -> list[str]:
    """Return the runners that hold errands."""
    return list(session.scalars(select(Errand.runner).where(Errand.state == ErrandState.RUNNING).distinct()))


def free(at: datetime) -> ColumnElement[bool]:
    """What a runner may take: what waits, and what is held by one that has not told anything for long."""
    return or_(Errand.state == ErrandState.WAITING, (Errand.state == ErrandState.RUNNING) & (Errand.held_until < at))


def next_free(session: Session, *, at: datetime) -> int | None:
    """Return the oldest errand that may be taken."""
    return session.scalar(select(Errand.id).where(free(at)).order_by(Errand.id).limit(1))
