"""Versions of the rule sets of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.errors import NotFound
from kernel.rulebooks.flow import SetState

V = TypeVar("V", bound=Any)


def latest(session: Session, model: type[V]) -> Sequence[V]:
    """Return the latest version of every rule set, by title."""
    last = select(func.max(model.id)).group_by(model.code)
    return session.scalars(select(model).where(model.id.in_(last)).order_by(model.title)).all()


def versions(session: Session, model: type[V], code: str) -> Sequence[V]:
    """Return the versions of a rule set, the latest first; NotFound where there is none."""
    found = session.scalars(select(model).where(model.code == code).order_by(model.number.desc())).all()
    if not found:
        raise NotFound(rule_set=code)
    return found


def makers(session: Session, model: type[V], code: str) -> set[int]:
    """Return who wrote versions of a rule set since the last that was approved: what the next approval lets in."""
    last = select(func.coalesce(func.max(model.number), 0)).where(
        model.code == code, model.state == SetState.APPROVED
    ).scalar_subquery()  # fmt: skip
    query = select(model.made_by_id).where(model.code == code, model.number > last, model.made_by_id.is_not(None))
    return set(session.scalars(query))


def one(session: Session, model: type[V], rules_id: int) -> V:
    """Return a version, or NotFound."""
    found = session.get(model, rules_id)
    if found is None:
        raise NotFound(rule_set=rules_id)
    return found


def usable(session: Session, model: type[V]) -> Sequence[V]:
    """Return the approved versions that figures may be made with, the latest of each rule set."""
    last = select(func.max(model.id)).where(model.state == SetState.APPROVED).group_by(model.code)
    return session.scalars(select(model).where(model.id.in_(last)).order_by(model.title)).all()
