"""What people bring in: versions of rule sets, prices before a round, shares of the pools, use beside the platform."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Amount, Code, Moment, Price, Quantity, Ratio
from kernel.db import Base
from kernel.parties.models import Organisation, Region
from kernel.rulebooks.models import VersionColumns
from procurement.demand.models import Lot
from procurement.retention.flow import Exempting


class RuleVersion(VersionColumns, Base):
    """One version of a rule set of the retained balance."""

    __tablename__ = "retention_rules"
    __table_args__ = (UniqueConstraint("code", "number"),)


class PoolShare(Base):
    """What the fund of a pooling area pays (r) and the share that its insured use (s), of a calendar year."""

    __tablename__ = "retention_pool_share"
    __table_args__ = (
        UniqueConstraint("area_code", "year"),
        CheckConstraint("r >= 0 and s >= 0", name="shares"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    area_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    year: Mapped[int]
    r: Mapped[Decimal] = mapped_column(Ratio())
    s: Mapped[Decimal] = mapped_column(Ratio())
    source: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())

    area: Mapped[Region] = relationship()


class PriorPurchase(Base):
    """What an area bought of a product before the round: price (yuan) and quantity per reference specification."""

    __tablename__ = "retention_prior_purchase"
    __table_args__ = (
        UniqueConstraint("lot_id", "area_code", "product"),
        CheckConstraint("price >= 0 and quantity > 0", name="figures"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    area_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    product: Mapped[str]
    price: Mapped[Decimal] = mapped_column(Price())
    quantity: Mapped[Decimal] = mapped_column(Quantity())

    lot: Mapped[Lot] = relationship()
    area: Mapped[Region] = relationship()


class OtherUse(Base):
    """Non-winning products that a hospital bought beside the platform in an agreement year, in yuan.

    `passed` and `drg` are what of it passed the consistency evaluation, and what was paid under DRG/DIP balances.
    """

    __tablename__ = "retention_other_use"
    __table_args__ = (
        UniqueConstraint("hospital_id", "lot_id", "year"),
        CheckConstraint("amount >= 0 and passed >= 0 and drg >= 0 and passed + drg <= amount", name="amounts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    year: Mapped[int]
    amount: Mapped[Decimal] = mapped_column(Amount())
    passed: Mapped[Decimal] = mapped_column(Amount(), default=Decimal(0))
    drg: Mapped[Decimal] = mapped_column(Amount(), default=Decimal(0))

    hospital: Mapped[Organisation] = relationship()
    lot: Mapped[Lot] = relationship()


class Exemption(Base):
    """That a missed agreed volume of a hospital's variety does not count in an agreement year, and why."""

    __tablename__ = "retention_exemption"
    __table_args__ = (UniqueConstraint("hospital_id", "lot_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    year: Mapped[int]
    cause: Mapped[Exempting] = mapped_column(Code(Exempting))
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())
