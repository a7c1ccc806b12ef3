"""Orders and their lines."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Product
from kernel.columns import Amount, Code, Moment, Price, Quantity
from kernel.db import Base
from kernel.parties.models import Organisation
from procurement.agreements.models import Agreement
from procurement.orders.flow import OrderKind, OrderState, Refusal
from procurement.orders.models.plans import Plan

_UNFILED = text("file_by is not null and filed_at is null")


class Order(Base):
    """What one hospital buys of one company through one deliverer (who may be the company itself).

    `due_at` is the hour of the next automatic step: unanswered orders are void, confirmed ones are late. `file_by` is
    the hour by which an emergency purchase must be filed, `filed_at` when it was.
    """

    __tablename__ = "purchase_order"
    __table_args__ = (
        Index("ix_purchase_order_hospital_id", "hospital_id", "placed_at"),
        Index("ix_purchase_order_deliverer_id", "deliverer_id", "state", "placed_at"),
        Index("ix_purchase_order_delivered", "deliverer_id", "placed_at"),
        Index("ix_purchase_order_company_id", "company_id", "placed_at"),
        Index("ix_purchase_order_open", "company_id", "state", "due_at"),
        Index("ix_purchase_order_due_at", "state", "due_at"),
        Index("ix_purchase_order_placed_at", "placed_at"),
        Index("ix_purchase_order_file_by", "file_by", sqlite_where=_UNFILED, postgresql_where=_UNFILED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("purchase_plan.id"), index=True)
    kind: Mapped[OrderKind] = mapped_column(Code(OrderKind))
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    deliverer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    state: Mapped[OrderState] = mapped_column(Code(OrderState), default=OrderState.PLACED)
    amount: Mapped[Decimal] = mapped_column(Amount())
    lines_count: Mapped[int]
    placed_at: Mapped[datetime] = mapped_column(Moment())
    due_at: Mapped[datetime | None] = mapped_column(Moment())
    answered_at: Mapped[datetime | None] = mapped_column(Moment())
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    refusal: Mapped[Refusal | None] = mapped_column(Code(Refusal))
    note: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None] = mapped_column(Moment())
    file_by: Mapped[datetime | None] = mapped_column(Moment())
    filed_at: Mapped[datetime | None] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(default=1)

    plan: Mapped[Plan] = relationship()
    hospital: Mapped[Organisation] = relationship(foreign_keys=hospital_id)
    company: Mapped[Organisation] = relationship(foreign_keys=company_id)
    deliverer: Mapped[Organisation] = relationship(foreign_keys=deliverer_id)
    lines: Mapped[list[OrderLine]] = relationship(back_populates="order", order_by="OrderLine.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class OrderLine(Base):
    """A product at its price; `beyond` is what the agreement had no volume left for. Quantities in units.

    `amount` = price × quantity. The other quantities only grow; shipped and cancelled share what was ordered, what was
    rejected on arrival may be shipped again.
    """

    __tablename__ = "order_line"
    __table_args__ = (
        CheckConstraint(
            "quantity > 0 and cancelled + shipped - rejected <= quantity and received + rejected <= shipped"
            " and returned <= received",
            name="quantities",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("purchase_order.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    beyond: Mapped[bool] = mapped_column(default=False)
    price: Mapped[Decimal] = mapped_column(Price())
    quantity: Mapped[Decimal] = mapped_column(Quantity())
    amount: Mapped[Decimal] = mapped_column(Amount())
    cancelled: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    shipped: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    rejected: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    received: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    returned: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))

    order: Mapped[Order] = relationship(back_populates="lines")
    product: Mapped[Product] = relationship()
    agreement: Mapped[Agreement | None] = relationship()

    @property
    def left(self) -> Decimal:
        """Return what is still to be shipped."""
        return self.quantity - self.cancelled - self.shipped + self.rejected
