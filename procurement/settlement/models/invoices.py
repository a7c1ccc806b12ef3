"""Invoices with their lines, and payments."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Amount, Code, Moment, Price, Quantity
from kernel.db import Base
from kernel.parties.models import Organisation
from procurement.orders.models.shipments import ShipmentLine
from procurement.settlement.flow import Channel, InvoiceKind, InvoiceState
from procurement.settlement.models.claims import Claim

_UNPAID = text("payment_id is null")


class Payment(Base):
    """Money that went to a seller for invoices of one hospital: `gross` of them, less `credited`, is `amount`.

    `reference` is the bank's; a hospital's reference pays once.
    """

    __tablename__ = "settlement_payment"
    __table_args__ = (
        UniqueConstraint("hospital_id", "reference"),
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_settlement_payment_seller_id", "seller_id", "paid_on"),
        Index("ix_settlement_payment_hospital_id", "hospital_id", "paid_on"),
        Index("ix_settlement_payment_paid_on", "paid_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[Channel] = mapped_column(Code(Channel))
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    seller_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("settlement_claim.id"), unique=True)
    gross: Mapped[Decimal] = mapped_column(Amount())
    credited: Mapped[Decimal] = mapped_column(Amount())
    amount: Mapped[Decimal] = mapped_column(Amount())
    reference: Mapped[str]
    paid_on: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(Moment())
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    hospital: Mapped[Organisation] = relationship(foreign_keys=hospital_id)
    seller: Mapped[Organisation] = relationship(foreign_keys=seller_id)
    claim: Mapped[Claim | None] = relationship()


class Invoice(Base):
    """What a seller (who delivered) asks of a hospital for goods it received; or a credit note for goods sent back.

    `key` is seller, code and number: an invoice is registered once; a withdrawn one lets go of it. Amounts of credit
    notes are positive too. `due_at` is the end of the period to pay, from the earliest receipt on. `claim_id` and
    `payment_id` are taken by conditional updates: an invoice is claimed once and paid once.
    """

    __tablename__ = "settlement_invoice"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_settlement_invoice_seller_id", "seller_id", "state", "issued_on"),
        Index("ix_settlement_invoice_hospital_id", "hospital_id", "state", "due_at"),
        Index("ix_settlement_invoice_sold", "seller_id", "issued_on"),
        Index("ix_settlement_invoice_bought", "hospital_id", "issued_on"),
        Index("ix_settlement_invoice_issued_on", "issued_on", "id"),
        Index("ix_settlement_invoice_open", "state", sqlite_where=_UNPAID, postgresql_where=_UNPAID),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[InvoiceKind] = mapped_column(Code(InvoiceKind))
    key: Mapped[str | None] = mapped_column(unique=True)
    seller_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    code: Mapped[str]
    number: Mapped[str]
    issued_on: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(Amount())
    state: Mapped[InvoiceState] = mapped_column(Code(InvoiceState))
    received_at: Mapped[datetime] = mapped_column(Moment())
    due_at: Mapped[datetime] = mapped_column(Moment())
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("settlement_invoice.id"), index=True)
    registered_at: Mapped[datetime] = mapped_column(Moment())
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    matched_at: Mapped[datetime | None] = mapped_column(Moment())
    matched_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(default="")
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("settlement_claim.id"), index=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("settlement_payment.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    seller: Mapped[Organisation] = relationship(foreign_keys=seller_id)
    hospital: Mapped[Organisation] = relationship(foreign_keys=hospital_id)
    corrects: Mapped[Invoice | None] = relationship(remote_side=id)
    claim: Mapped[Claim | None] = relationship()
    payment: Mapped[Payment | None] = relationship()
    lines: Mapped[list[InvoiceLine]] = relationship(back_populates="invoice", order_by="InvoiceLine.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class

    @property
    def title(self) -> str:
        """Return code and number as people quote them."""
        return f"{self.code} {self.number}".strip()

    @property
    def signed(self) -> Decimal:
        """Return the amount, below 0 for a credit note."""
        return -self.amount if self.kind is InvoiceKind.CREDIT else self.amount


class InvoiceLine(Base):
    """A batch that was received, at the invoice's price. `credited` (units) is what credit notes took back of it."""

    __tablename__ = "settlement_invoice_line"
    __table_args__ = (CheckConstraint("quantity > 0 and credited >= 0 and credited <= quantity", name="quantities"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("settlement_invoice.id"), index=True)
    shipment_line_id: Mapped[int] = mapped_column(ForeignKey("shipment_line.id"), index=True)
    credits_id: Mapped[int | None] = mapped_column(ForeignKey("settlement_invoice_line.id"), index=True)
    price: Mapped[Decimal] = mapped_column(Price())
    quantity: Mapped[Decimal] = mapped_column(Quantity())
    amount: Mapped[Decimal] = mapped_column(Amount())
    credited: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))

    invoice: Mapped[Invoice] = relationship(back_populates="lines")
    shipment_line: Mapped[ShipmentLine] = relationship()
