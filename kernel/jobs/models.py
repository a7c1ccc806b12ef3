"""Which slot of which job was taken by whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.columns import Moment
from kernel.db import Base


class JobLease(Base):
    """A slot of a job: whoever inserts it runs it; the others find it taken."""

    __tablename__ = "job_lease"
    __table_args__ = (UniqueConstraint("job", "slot"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str]
    slot: Mapped[datetime] = mapped_column(Moment())
    runner: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(Moment())
    ended_at: Mapped[datetime | None] = mapped_column(Moment())
    error: Mapped[str] = mapped_column(default="")
