"""Announcements as they were issued: their content is kept, and never made again from newer rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.columns import Code, Json, Moment
from kernel.db import Base
from procurement.rounds.announcements.flow import AnnouncementKind


class Announcement(Base):
    """One announcement of a round. `digest` is the SHA-256 of its content; `content` names everything in it."""

    __tablename__ = "announcement"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    kind: Mapped[AnnouncementKind] = mapped_column(Code(AnnouncementKind))
    evaluation_id: Mapped[int | None] = mapped_column(ForeignKey("evaluation.id"))
    text: Mapped[str] = mapped_column(default="")
    content: Mapped[dict[str, Any]] = mapped_column(Json())
    digest: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())
