"""Answers kept for replaying."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.columns import Moment
from kernel.db import Base


class Answered(Base):
    """The first answer to an idempotency key, unique per user, kept in the effect's own transaction."""

    __tablename__ = "answered"
    __table_args__ = (UniqueConstraint("user_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    key: Mapped[str]
    body_digest: Mapped[str]
    status: Mapped[int]
    location: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Moment(), index=True)
