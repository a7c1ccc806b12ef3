"""Say into which items of a guideline old items go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.db import upsert
from pricing.items.models import ItemMapping, ServiceItem
from pricing.tags import Tag


def put_mappings(
    session: Session, *, columns: Mapping[str, Sequence[Any]], actor: Actor, at: datetime, facts: Mapping[str, Any]
) -> int:
    """Add or change pairs of old and new items (`old_id`, `new_id`, `share`, `note`); return how many changed."""
    count = len(columns["old_id"])
    if not count:
        return 0
    changed = upsert(session, ItemMapping.__table__, key=("old_id", "new_id"), columns=columns)
    session.expire_all()  # the bulk path went past the identity map
    subject = session.get_one(ServiceItem, columns["old_id"][0])
    record(session, Tag.SERVICE_ITEMS_MAPPED, subject, actor, at, {**facts, "rows": count, "changed": changed})
    return changed
