"""Tell people."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.models import User, UserRole
from kernel.auth.permissions import Role
from kernel.db import insert_rows
from kernel.notices.models import Notice


def notify(
    session: Session, *, code: str, facts: Mapping[str, Any], at: datetime, url: str = "",
    organisations: Collection[int] = (), users: Collection[int] = (), roles: Collection[Role] = (),
) -> int:  # fmt: skip
    """Put a notice in the box of the given users and of everyone active in the given organisations.

    `roles` narrows the organisations' people; with roles alone, everybody who has one is told. Return how many were.
    """
    readers = select(User.id).where(User.active)
    if roles:
        readers = readers.where(User.id.in_(select(UserRole.user_id).where(UserRole.role.in_(roles))))
    if organisations:
        readers = readers.where(User.organisation_id.in_(organisations))
    found = set(users)
    if roles or organisations:
        found |= set(session.scalars(readers))
    if found:
        ids = sorted(found)
        columns: dict[str, Sequence[Any]] = {
            "user_id": ids, "code": [code] * len(ids), "facts": [dict(facts)] * len(ids), "url": [url] * len(ids),
            "at": [at] * len(ids),
        }  # fmt: skip
        session.flush()
        insert_rows(session, Notice.__table__, columns=columns)
    return len(found)


def read_all(session: Session, *, actor: Actor, at: datetime) -> None:
    """Mark everything in the actor's box as read."""
    session.execute(update(Notice).where(Notice.user_id == actor.user_id, Notice.read_at.is_(None)).values(read_at=at))
