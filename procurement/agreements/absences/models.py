"""Reminders, one a hospital and day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.columns import Moment
from kernel.db import Base


class AbsenceReminder(Base):
    """A hospital was asked to bring winners in; `lots` is how many it had bought nothing of."""

    __tablename__ = "absence_reminder"
    __table_args__ = (UniqueConstraint("hospital_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    day: Mapped[date]
    lots: Mapped[int]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())
