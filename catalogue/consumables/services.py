"""Write consumables and their categories in bulk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from catalogue.consumables.models import Consumable, ConsumableCategory
from catalogue.register.services import Columns, Facts, put_rows
from kernel.audit.tags import Tag
from kernel.auth.actor import Actor


def put_consumables(
    session: Session, *, columns: Columns, import_id: int | None, actor: Actor, at: datetime, facts: Facts
) -> int:
    """Add or change consumables by their code; return how many rows changed."""
    return put_rows(session, Consumable, ("code",), columns, import_id, Tag.CONSUMABLES_IMPORTED, actor, at, facts)


def put_categories(
    session: Session, *, columns: Columns, import_id: int | None, actor: Actor, at: datetime, facts: Facts
) -> int:
    """Add or change categories by their code; return how many rows changed."""
    tag = Tag.CONSUMABLE_CATEGORIES_IMPORTED
    return put_rows(session, ConsumableCategory, ("code",), columns, import_id, tag, actor, at, facts)
