"""Filings of emergency purchases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.auth.models import User
from kernel.columns import Moment
from kernel.db import Base
from procurement.orders.models.orders import Order


class EmergencyFiling(Base):
    """What a hospital filed about an emergency order, and when both sides were told that it is overdue.

    The order itself keeps `file_by` and `filed_at`. `ground` says why no listed product would do, `document` names the
    paper that it rests on.
    """

    __tablename__ = "emergency_filing"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("purchase_order.id"), unique=True)
    overdue_at: Mapped[datetime | None] = mapped_column(Moment())
    ground: Mapped[str] = mapped_column(default="")
    document: Mapped[str] = mapped_column(default="")
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    filed_at: Mapped[datetime | None] = mapped_column(Moment())

    order: Mapped[Order] = relationship()
    filed_by: Mapped[User | None] = relationship()
