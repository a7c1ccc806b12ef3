"""Stored attachments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, deferred, mapped_column

from kernel.columns import Moment
from kernel.db import Base


class StoredFile(Base):
    """An attachment of a record; its scope is its parent's. The content is loaded only when asked for."""

    __tablename__ = "stored_file"
    __table_args__ = (Index("ix_stored_file_parent", "parent_kind", "parent_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_kind: Mapped[str]
    parent_id: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    at: Mapped[datetime] = mapped_column(Moment())
