"""Who joined a collection without being asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Moment
from kernel.db import Base
from kernel.parties.models import Organisation


class Joining(Base):
    """An organisation takes part in a collection of its own accord, since a moment; `left_at` ends it."""

    __tablename__ = "demand_joining"
    __table_args__ = (UniqueConstraint("call_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("demand_call.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    joined_at: Mapped[datetime] = mapped_column(Moment())
    joined_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    left_at: Mapped[datetime | None] = mapped_column(Moment())

    organisation: Mapped[Organisation] = relationship()
