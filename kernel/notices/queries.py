"""What waits in a reader's box."""

from __future__ import annotations

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.notices.models import Notice


def unread_count(session: Session, actor: Actor) -> int:
    """Count the actor's unread notices."""
    query = select(func.count()).select_from(Notice).where(Notice.user_id == actor.user_id, Notice.read_at.is_(None))
    return session.scalar(query) or 0


def visible(actor: Actor) -> Select[Notice]:
    """Return the actor's notices, newest first."""
    return select(Notice).where(Notice.user_id == actor.user_id).order_by(Notice.at.desc(), Notice.id.desc())
