"""Write consumables and their categories in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.consumables.models import Consumable, ConsumableCategory
from catalogue.register.services import Columns, Facts, put_rows
from catalogue.search.services import Entry
from catalogue.search.sources.services import rows_of, source
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


_COLUMNS = (
    "id", "code", "generic_name", "product_name", "company", "certificate", "udi", "material", "feature", "class_3",
)  # fmt: skip


def entries(session: Session, ids: Sequence[int]) -> dict[int, Entry]:
    """Return how consumables are found."""
    return {row.id: _entry(row) for row in rows_of(session, Consumable, _COLUMNS, ids)}


def _entry(row: Any) -> Entry:
    return Entry(
        kind="consumable", title=row.product_name or row.generic_name,
        names=(row.product_name or "", row.generic_name), codes=(row.code, row.certificate or "", row.udi or ""),
        detail=" ".join(filter(None, (row.generic_name, row.material, row.feature, row.company))),
        others=(row.company, row.material or "", row.feature or ""), classes=(row.code[:5], row.code[:7]),
        facts={"generic_name": row.generic_name, "specification": row.feature, "maker": row.company, "code": row.code},
    )  # fmt: skip


source("consumable", select(Consumable.id), entries)
