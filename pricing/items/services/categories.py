"""Put categories of items in bulk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.db import upsert
from pricing.items.models import ServiceCategory
from pricing.tags import Tag

KEY = ("code", "name", "charge", "national_pattern", "local_pattern")


def put_categories(
    session: Session, *, columns: Mapping[str, Sequence[Any]], import_id: int | None, actor: Actor, at: datetime,
    facts: Mapping[str, Any],
) -> int:  # fmt: skip
    """Add or change rows of the list of categories; return how many changed."""
    count = len(columns["code"])
    if not count:
        return 0
    table = ServiceCategory.__table__
    changed = upsert(session, table, key=KEY, columns={**columns, "import_id": [import_id] * count})
    session.expire_all()  # the bulk path went past the identity map
    first = select(ServiceCategory).where(ServiceCategory.code == columns["code"][0]).order_by(ServiceCategory.id)
    subject = session.scalars(first.limit(1)).one()
    record(session, Tag.SERVICE_CATEGORIES_PUT, subject, actor, at, {**facts, "rows": count, "changed": changed})
    return changed
