"""The audit chain's entries and heads."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Dialect, Index, String, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.audit.tags import KNOWN
from kernel.columns import Json, Moment
from kernel.db import Base


class TagCode(TypeDecorator[StrEnum]):
    """An event of any package, stored by value."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else KNOWN[value].value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        return None if value is None else KNOWN[value]


class AuditEntry(Base):
    """One event. `digest` covers every other column and the digest before it in the same chain."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("chain", "number"),
        Index("ix_audit_entry_subject", "subject_kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain: Mapped[int]
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment(), index=True)
    tag: Mapped[StrEnum] = mapped_column(TagCode(), index=True)
    actor_id: Mapped[int | None]
    actor_name: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(index=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(Json())
    previous: Mapped[str]
    digest: Mapped[str]


class AuditHead(Base):
    """The last link of a chain. A chain per acting organisation, so that tenants do not queue for one row."""

    __tablename__ = "audit_head"

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(default="")
