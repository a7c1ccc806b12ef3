"""Purchase facts as procurement pushes them, the maintained sums of months, and what savings are measured against."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Specification
from catalogue.drugs.rules.codes import VarietyKind
from kernel.columns import Amount, Code, Moment, Price, Quantity
from kernel.db import Base
from kernel.parties.models import Organisation


class MonitoredItem(Base):
    """What is followed through time: a maker's specification, whatever its packs are.

    `class_code` is the widest class of the drug list's edition or of the consumables' codes that it stands in, '' where
    it stands in none, and nothing until it was looked for.
    """

    __tablename__ = "monitored_item"
    __table_args__ = (UniqueConstraint("specification_id", "company_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    goods: Mapped[VarietyKind] = mapped_column(Code(VarietyKind))
    class_code: Mapped[str | None]

    specification: Mapped[Specification] = relationship()
    company: Mapped[Organisation] = relationship()


class PurchaseFact(Base):
    """What arrived or went back (below 0) and is not yet in the sums: units of the specification, and yuan.

    `month` is that in which it arrived, also where it went back later; `region_code` that of the hospital's city,
    `grade` the hospital's, "-" where nobody has said it; `source` a Ground, with the round's code behind it.
    """

    __tablename__ = "purchase_fact"

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    region_code: Mapped[str]
    grade: Mapped[str]
    source: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(Quantity())
    amount: Mapped[Decimal] = mapped_column(Amount())
    at: Mapped[datetime] = mapped_column(Moment())


class PurchaseMonth(Base):
    """What was bought of an item in a month. '' as region or grade are all of them together, kept beside each."""

    __tablename__ = "purchase_month"
    __table_args__ = (Index("ix_purchase_month_item_id", "item_id"),)

    region_code: Mapped[str] = mapped_column(primary_key=True)
    grade: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("monitored_item.id"), primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    quantity: Mapped[Decimal] = mapped_column(Quantity())
    amount: Mapped[Decimal] = mapped_column(Amount())


class SavingBaseline(Base):
    """What a specification cost before a round, yuan per unit, and from how many records of purchases that was read."""

    __tablename__ = "saving_baseline"
    __table_args__ = (CheckConstraint("price > 0", name="price"),)

    source: Mapped[str] = mapped_column(primary_key=True)
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"), primary_key=True)
    price: Mapped[Decimal] = mapped_column(Price())
    records: Mapped[int]
