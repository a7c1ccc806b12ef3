"""What pharmacies report, and how prescriptions move. No patient's identity and nothing clinical is kept."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.dual_channel.flow import PrescriptionState
from catalogue.editions.models import ListEntry
from kernel.columns import Amount, Code, Json, Moment, Price, Quantity
from kernel.db import Base
from kernel.parties.models import Organisation


class StockLine(Base):
    """What a pharmacy had of a drug on a day and sold it for, both per unit of the payment standard."""

    __tablename__ = "dual_channel_stock"
    __table_args__ = (
        UniqueConstraint("pharmacy_id", "drug_key", "day"),
        Index("ix_dual_channel_stock_current", "pharmacy_id", "current"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pharmacy_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    drug_key: Mapped[str]
    day: Mapped[date]
    entry_id: Mapped[int] = mapped_column(ForeignKey("list_entry.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity())
    price: Mapped[Decimal] = mapped_column(Price())
    reported_at: Mapped[datetime] = mapped_column(Moment())
    import_id: Mapped[int | None]
    current: Mapped[bool]
    """Whether it is the pharmacy's last line of the drug; the others are history."""


class Prescription(Base):
    """A prescription on its way from a hospital to a pharmacy. `patient` is a keyed digest (rules.references)."""

    __tablename__ = "dual_channel_prescription"
    __table_args__ = (
        UniqueConstraint("hospital_id", "number"),
        Index("ix_dual_channel_prescription_waiting", "pharmacy_id", "state"),
        Index("ix_dual_channel_prescription_age", "region_code", "issued_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[str]
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    """The region whose rules it follows."""
    doctor_id: Mapped[int] = mapped_column(ForeignKey("dual_channel_doctor.id"))
    patient: Mapped[str] = mapped_column(index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("list_entry.id"))
    drug_key: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(Quantity())
    """Units of the payment standard."""
    state: Mapped[PrescriptionState] = mapped_column(Code(PrescriptionState), default=PrescriptionState.ISSUED)
    issued_at: Mapped[datetime] = mapped_column(Moment())
    pharmacy_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    chosen_at: Mapped[datetime | None] = mapped_column(Moment())
    price: Mapped[Decimal | None] = mapped_column(Price())
    amount: Mapped[Decimal | None] = mapped_column(Amount())
    dispensed_at: Mapped[datetime | None] = mapped_column(Moment())
    own_share: Mapped[Decimal | None] = mapped_column(Amount())
    settled_at: Mapped[datetime | None] = mapped_column(Moment())
    checked: Mapped[list[dict[str, Any]]] = mapped_column(Json(), default=list)
    """The five fixings as they were at the last step: [{"fixing", "passed"}]."""
    version: Mapped[int] = mapped_column(default=1)

    entry: Mapped[ListEntry] = relationship(lazy="joined", innerjoin=True)
    hospital: Mapped[Organisation] = relationship(foreign_keys=hospital_id)
    pharmacy: Mapped[Organisation | None] = relationship(foreign_keys=pharmacy_id)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class
