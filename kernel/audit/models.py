"""The audit chain's entries and heads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.audit.tags import Tag
from kernel.columns import Code, Json, Moment
from kernel.db import Base


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
    tag: Mapped[Tag] = mapped_column(Code(Tag), index=True)
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
