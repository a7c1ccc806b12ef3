"""Maintained sums of months, what each order adds to them, and purchases beside the platform."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.drugs.rules.codes import VarietyKind
from kernel.columns import Amount, Code
from kernel.db import Base
from procurement.orders.figures.flow import Level
from procurement.orders.flow import OrderKind

PLACED = text("region_code is not null")


class _Sums:
    """What is added up. rules.share says what each column counts; `paid` is by the month of arrival."""

    orders: Mapped[int] = mapped_column(default=0)
    withdrawn: Mapped[int] = mapped_column(default=0)
    answered: Mapped[int] = mapped_column(default=0)
    answered_24h: Mapped[int] = mapped_column(default=0)
    confirmed: Mapped[int] = mapped_column(default=0)
    timely: Mapped[int] = mapped_column(default=0)
    completed: Mapped[int] = mapped_column(default=0)
    short: Mapped[int] = mapped_column(default=0)
    specs: Mapped[int] = mapped_column(default=0)
    specs_short: Mapped[int] = mapped_column(default=0)
    specs_delivered: Mapped[int] = mapped_column(default=0)
    amount: Mapped[Decimal] = mapped_column(Amount(), default=Decimal(0))
    amount_short: Mapped[Decimal] = mapped_column(Amount(), default=Decimal(0))
    delivered: Mapped[Decimal] = mapped_column(Amount(), default=Decimal(0))
    bought: Mapped[Decimal] = mapped_column(Amount(), default=Decimal(0))
    bought_consumables: Mapped[Decimal] = mapped_column(Amount(), default=Decimal(0))
    paid: Mapped[Decimal] = mapped_column(Amount(), default=Decimal(0))
    paid_in_time: Mapped[Decimal] = mapped_column(Amount(), default=Decimal(0))


class TradeShare(_Sums, Base):
    """What one order adds to one month, so that a change adds only its difference."""

    __tablename__ = "trade_share"

    order_id: Mapped[int] = mapped_column(ForeignKey("purchase_order.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)


class TradeMonth(_Sums, Base):
    """The sums of a hospital, a company, a deliverer, or two of them (`Level`), by kind of order and month.

    `key` names whose they are: one row for it, whoever comes first. `region_code` is the region of a place: where the
    orders were placed from. `month` is the month's first day.
    """

    __tablename__ = "trade_month"
    __table_args__ = (
        UniqueConstraint("key", "kind", "month"),
        Index("ix_trade_month_level", "level", "month"),
        Index("ix_trade_month_hospital_id", "hospital_id", "level", "month"),
        Index("ix_trade_month_company_id", "company_id", "level", "month"),
        Index("ix_trade_month_deliverer_id", "deliverer_id", "month"),
        Index("ix_trade_month_place", "region_code", "month", sqlite_where=PLACED, postgresql_where=PLACED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    level: Mapped[Level] = mapped_column(Code(Level))
    kind: Mapped[OrderKind] = mapped_column(Code(OrderKind))
    month: Mapped[date]
    hospital_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    deliverer_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))


class OfflinePurchase(Base):
    """What a hospital reported to have bought beside the platform in a month; 0 says that it bought nothing so.

    `variety` is the code of the variety of which these are non-winning products, '' where the row names none.
    """

    __tablename__ = "offline_purchase"
    __table_args__ = (
        UniqueConstraint("hospital_id", "month", "goods", "variety"),
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_offline_purchase_month", "month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    month: Mapped[date]
    goods: Mapped[VarietyKind] = mapped_column(Code(VarietyKind))
    variety: Mapped[str] = mapped_column(default="")
    amount: Mapped[Decimal] = mapped_column(Amount())
    reason: Mapped[str] = mapped_column(default="")
