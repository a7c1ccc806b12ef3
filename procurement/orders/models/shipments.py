"""Shipments with their batches, what arrived of them, and returns."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Code, Moment, Quantity
from kernel.db import Base
from procurement.orders.flow import Dispute, ReturnState, ShipmentState
from procurement.orders.models.orders import Order, OrderLine

_OPEN = text("invoiced < received - returned")
"""Of what was received, something is still to be invoiced."""
_UNDERWAY = text("state = 'shipped'")
_ASKED = text("state = 'asked'")


class Shipment(Base):
    """One delivery for an order. At `due_at` it counts as received unless the hospital disputed it.

    Who delivers is the order's and never changes; it stands here and at the batches for the indexes that hold what is
    open of one deliverer.
    """

    __tablename__ = "shipment"
    __table_args__ = (
        Index("ix_shipment_due_at", "state", "due_at"),
        Index("ix_shipment_deliverer_id", "deliverer_id", "due_at", sqlite_where=_UNDERWAY, postgresql_where=_UNDERWAY),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("purchase_order.id"), index=True)
    deliverer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[str] = mapped_column(unique=True)
    waybill: Mapped[str] = mapped_column(default="")
    state: Mapped[ShipmentState] = mapped_column(Code(ShipmentState), default=ShipmentState.SHIPPED)
    shipped_at: Mapped[datetime] = mapped_column(Moment())
    shipped_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    due_at: Mapped[datetime] = mapped_column(Moment())
    received_at: Mapped[datetime | None] = mapped_column(Moment())
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    note: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    order: Mapped[Order] = relationship()
    lines: Mapped[list[ShipmentLine]] = relationship(back_populates="shipment", order_by="ShipmentLine.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class ShipmentLine(Base):
    """A batch of an order's line. received + rejected + disputed = quantity once the hospital has answered.

    `invoiced` is what invoices ask for, less credit notes; `paid` what was paid, less what went back afterwards, and
    `paid_in_time` how much of that within thirty days: what was paid last goes back first.
    """

    __tablename__ = "shipment_line"
    __table_args__ = (
        CheckConstraint("quantity > 0 and received + rejected + disputed <= quantity", name="quantities"),
        CheckConstraint("returned <= received", name="returned"),
        CheckConstraint("invoiced >= 0 and invoiced <= received", name="invoiced"),
        CheckConstraint("paid >= 0 and paid <= received - returned", name="paid"),
        CheckConstraint("paid_in_time >= 0 and paid_in_time <= paid", name="paid_in_time"),
        Index("ix_shipment_line_open", "deliverer_id", "shipment_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shipment_id: Mapped[int] = mapped_column(ForeignKey("shipment.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), index=True)
    deliverer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    batch: Mapped[str]
    expires: Mapped[date]
    quantity: Mapped[Decimal] = mapped_column(Quantity())
    received: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    rejected: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    disputed: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    returned: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    invoiced: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0), server_default="0")
    paid: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0), server_default="0")
    paid_in_time: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0), server_default="0")
    dispute: Mapped[Dispute | None] = mapped_column(Code(Dispute))
    note: Mapped[str] = mapped_column(default="")

    shipment: Mapped[Shipment] = relationship(back_populates="lines")
    line: Mapped[OrderLine] = relationship()


class Return(Base):
    """What a hospital sends back of a shipment it received, and what the supplier said to it."""

    __tablename__ = "purchase_return"
    __table_args__ = (Index("ix_purchase_return_asked", "shipment_id", sqlite_where=_ASKED, postgresql_where=_ASKED),)

    id: Mapped[int] = mapped_column(primary_key=True)
    shipment_id: Mapped[int] = mapped_column(ForeignKey("shipment.id"), index=True)
    number: Mapped[str] = mapped_column(unique=True)
    state: Mapped[ReturnState] = mapped_column(Code(ReturnState), default=ReturnState.ASKED)
    reason: Mapped[str]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment())
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment())
    answer: Mapped[str] = mapped_column(default="")

    shipment: Mapped[Shipment] = relationship()
    lines: Mapped[list[ReturnLine]] = relationship(back_populates="return_", order_by="ReturnLine.id")


class ReturnLine(Base):
    """A batch and how much of it goes back, in units."""

    __tablename__ = "purchase_return_line"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("purchase_return.id"), index=True)
    shipment_line_id: Mapped[int] = mapped_column(ForeignKey("shipment_line.id"), index=True)
    quantity: Mapped[Decimal] = mapped_column(Quantity())

    return_: Mapped[Return] = relationship(back_populates="lines")
    shipment_line: Mapped[ShipmentLine] = relationship()
