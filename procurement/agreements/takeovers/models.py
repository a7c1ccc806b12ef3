"""Take-overs of regions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Code, Moment, Quantity
from kernel.db import Base
from kernel.parties.models import Organisation, Region
from procurement.agreements.takeovers.flow import TakeoverState
from procurement.demand.models import Lot
from procurement.rounds.models.rounds import Round


class Takeover(Base):
    """One lot and region: whose agreements end on `starts`, who goes on; how many agreements and units moved."""

    __tablename__ = "volume_takeover"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    from_company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    to_company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[TakeoverState] = mapped_column(Code(TakeoverState), default=TakeoverState.PROPOSED)
    reason: Mapped[str]
    starts: Mapped[date | None]
    agreements: Mapped[int] = mapped_column(default=0)
    volume: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    note: Mapped[str] = mapped_column(default="")

    round_: Mapped[Round] = relationship()
    lot: Mapped[Lot] = relationship()
    region: Mapped[Region] = relationship()
    from_company: Mapped[Organisation] = relationship(foreign_keys=from_company_id)
    to_company: Mapped[Organisation] = relationship(foreign_keys=to_company_id)
