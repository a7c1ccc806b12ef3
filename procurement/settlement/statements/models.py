"""What was written on the accounts between hospitals and sellers, and its maintained sums by month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Amount, Code
from kernel.db import Base
from procurement.settlement.models.invoices import Invoice, Payment
from procurement.settlement.statements.flow import EntryKind, Side

_SUMS = ("month", "invoiced", "credited", "paid", "fund")


class SettlementEntry(Base):
    """A change of what a hospital owes a seller, on the day in Beijing it was recorded. Rows are added, never changed.

    An invoice is entered once and withdrawn once, a payment entered once.
    """

    __tablename__ = "settlement_entry"
    __table_args__ = (
        UniqueConstraint("invoice_id", "kind"),
        UniqueConstraint("payment_id", "kind"),
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_settlement_entry_hospital_id", "hospital_id", "seller_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    seller_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    day: Mapped[date]
    kind: Mapped[EntryKind] = mapped_column(Code(EntryKind))
    amount: Mapped[Decimal] = mapped_column(Amount())
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("settlement_invoice.id"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("settlement_payment.id"))

    invoice: Mapped[Invoice | None] = relationship()
    payment: Mapped[Payment | None] = relationship()


class SettlementMonth(Base):
    """The sums of a hospital, of a seller, or of the two of them in a month (its first day), in yuan.

    `key` names whose they are: one row for it, whoever comes first. An opening adds up all months before: the indexes
    hold the sums, so that it is read from them alone.
    """

    __tablename__ = "settlement_month"
    __table_args__ = (
        UniqueConstraint("key", "month"),
        Index("ix_settlement_month_side", "side", "hospital_id", "seller_id", *_SUMS),
        Index("ix_settlement_month_hospital_id", "hospital_id", "side", "seller_id", *_SUMS),
        Index("ix_settlement_month_seller_id", "seller_id", "side", "hospital_id", *_SUMS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    side: Mapped[Side] = mapped_column(Code(Side))
    month: Mapped[date]
    hospital_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    seller_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    invoiced: Mapped[Decimal] = mapped_column(Amount())
    credited: Mapped[Decimal] = mapped_column(Amount())
    paid: Mapped[Decimal] = mapped_column(Amount())
    fund: Mapped[Decimal] = mapped_column(Amount())
