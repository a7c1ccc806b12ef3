"""Accounts with their maintained sums, and the entries they are sums of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Specification
from kernel.columns import Amount, Code, Quantity
from kernel.db import Base
from kernel.parties.models import Organisation
from procurement.agreements.ledger.flow import Book, Move
from procurement.agreements.models import Agreement

_HELD = (
    "agreed <= reported and allocated <= agreed"
    " and (book <> 'agreed' or ordered - cancelled - returned + released <= allocated)"
    " and cancelled + shipped - rejected <= ordered and received + rejected <= shipped"
    " and returned + paid - refunded <= received and refunded <= paid"
)


class VolumeAccount(Base):
    """Hospital × company × specification × agreement (or calendar year without one) × book.

    Each column is the sum of one kind of move, in units of the specification; it only grows. What stands at a stage
    follows from them (rules.balances). `worth` is what was ordered less cancelled and returned, in yuan. `key` names
    the account: one row for it, whoever asks first.
    """

    __tablename__ = "volume_account"
    __table_args__ = (
        CheckConstraint(_HELD, name="stages"),
        Index("ix_volume_account_specification_id", "specification_id", "hospital_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    book: Mapped[Book] = mapped_column(Code(Book))
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"))
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"), index=True)
    year: Mapped[int]
    reported: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    agreed: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    allocated: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    released: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    ordered: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    cancelled: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    shipped: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    rejected: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    received: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    returned: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    paid: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    refunded: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    worth: Mapped[Decimal] = mapped_column(Amount(), default=Decimal(0))

    hospital: Mapped[Organisation] = relationship(foreign_keys=hospital_id)
    company: Mapped[Organisation] = relationship(foreign_keys=company_id)
    specification: Mapped[Specification] = relationship()
    agreement: Mapped[Agreement | None] = relationship()

    def sums(self) -> dict[Move, Decimal]:
        """Return the account's sums by move."""
        return {move: getattr(self, COLUMNS[move]) for move in Move}


COLUMNS = {
    Move.REPORT: "reported", Move.AGREE: "agreed", Move.ALLOCATE: "allocated", Move.RELEASE: "released",
    Move.ORDER: "ordered", Move.CANCEL: "cancelled", Move.SHIP: "shipped", Move.REJECT: "rejected",
    Move.RECEIVE: "received", Move.RETURN: "returned", Move.PAY: "paid", Move.REFUND: "refunded",
}  # fmt: skip
"""The column that adds a move up."""


class VolumeEntry(Base):
    """Volume that moved from one stage to the next. Rows are added and never changed.

    `day` is the day in Beijing. `subject_id` names the agreement (report, agree, allocate, release), the order's
    line (order, cancel), the shipment's line (ship, reject, receive), the return's line, or the payment's line.
    """

    __tablename__ = "volume_entry"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("volume_account.id"), index=True)
    day: Mapped[date]
    move: Mapped[Move] = mapped_column(Code(Move))
    quantity: Mapped[Decimal] = mapped_column(Quantity())
    amount: Mapped[Decimal] = mapped_column(Amount())
    subject_id: Mapped[int]

    account: Mapped[VolumeAccount] = relationship()
