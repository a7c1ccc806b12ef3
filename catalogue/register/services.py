"""Write register rows in bulk; one event tells of a whole import, each row names it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.register.models import CodedDrug, LocalProduct
from kernel.audit.services import record
from kernel.audit.tags import Tag
from kernel.auth.actor import Actor
from kernel.db import Base, upsert

Columns = Mapping[str, Sequence[Any]]
Facts = Mapping[str, Any]


def put_drugs(
    session: Session, *, columns: Columns, import_id: int | None, actor: Actor, at: datetime, facts: Facts
) -> int:
    """Add or change drugs by their code; return how many rows changed."""
    return put_rows(session, CodedDrug, ("code",), columns, import_id, Tag.DRUGS_IMPORTED, actor, at, facts)


def put_local_products(
    session: Session, *, columns: Columns, import_id: int | None, actor: Actor, at: datetime, facts: Facts
) -> int:
    """Add or change products of local lists by list and local code; return how many rows changed."""
    key = ("list_name", "local_code")
    return put_rows(session, LocalProduct, key, columns, import_id, Tag.LOCAL_PRODUCTS_IMPORTED, actor, at, facts)


def put_rows(
    session: Session, model: type[Base], key: Sequence[str], columns: Columns, import_id: int | None, tag: Tag,
    actor: Actor, at: datetime, facts: Facts,
) -> int:  # fmt: skip
    """Add or change rows of a register by their key, with one event for all; return how many rows changed."""
    count = len(columns[key[0]])
    if not count:
        return 0
    table = model.__table__
    assert isinstance(table, sa.Table)
    changed = upsert(session, table, key=key, columns={**columns, "import_id": [import_id] * count})
    session.expire_all()  # the bulk path went past the identity map
    first = session.scalars(select(model).where(*(table.c[name] == columns[name][0] for name in key))).one()
    record(session, tag, first, actor, at, {**facts, "rows": count, "changed": changed})
    return changed
