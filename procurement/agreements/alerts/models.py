"""Warnings as the nightly look found them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Code, Ratio
from kernel.db import Base
from kernel.parties.models import Organisation
from procurement.agreements.alerts.flow import AlertKind
from procurement.agreements.models import Agreement
from procurement.demand.models import Lot


class VolumeAlert(Base):
    """A hospital's warning about an agreement or a lot; `value` and `bound` are shares. Over at `ended`.

    `key` names what it is about, so that a warning that comes back is the same row: `since` says since when.
    """

    __tablename__ = "volume_alert"
    __table_args__ = (Index("ix_volume_alert_hospital_id", "hospital_id", "ended"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[AlertKind] = mapped_column(Code(AlertKind))
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    value: Mapped[Decimal] = mapped_column(Ratio())
    bound: Mapped[Decimal] = mapped_column(Ratio())
    since: Mapped[date]
    ended: Mapped[date | None]

    hospital: Mapped[Organisation] = relationship()
    lot: Mapped[Lot] = relationship()
    agreement: Mapped[Agreement | None] = relationship()
