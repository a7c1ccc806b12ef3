"""Requests to end a lot or a round without an award."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Code, Moment
from kernel.db import Base
from procurement.demand.models import Lot
from procurement.rounds.voids.flow import VoidReason, VoidState


class VoidRequest(Base):
    """A void of one lot, or of the whole round where no lot is named; asked for by one, decided by another."""

    __tablename__ = "void_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id"))
    reason: Mapped[VoidReason] = mapped_column(Code(VoidReason))
    text: Mapped[str]
    state: Mapped[VoidState] = mapped_column(Code(VoidState), default=VoidState.ASKED)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    note: Mapped[str] = mapped_column(default="")

    lot: Mapped[Lot | None] = relationship()
