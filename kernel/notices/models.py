"""Notices: one row a reader, text made when shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.columns import Json, Moment
from kernel.db import Base


class Notice(Base):
    """Something a person should know. `code` has a sentence, `facts` fill it; a bid's prices are never a fact."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_user_read", "user_id", "read_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    code: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    url: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Moment())
    read_at: Mapped[datetime | None] = mapped_column(Moment())
