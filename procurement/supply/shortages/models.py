"""Shortages with their answers, and take-overs that were asked for."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Product
from kernel.auth.models import User
from kernel.clock import today
from kernel.columns import Code, Moment, Quantity
from kernel.db import Base
from kernel.parties.models import Organisation, Region
from procurement.agreements.takeovers.models import Takeover
from procurement.orders.models.orders import Order
from procurement.supply.shortages.flow import Cause, Ending, Reply, ShortageState, TakeOverState, settled

_OPEN = text("closed_at is null")


class Shortage(Base):
    """A product that a hospital can't get: what it has, what it uses, and what the producer says. Units throughout.

    `daily` is what the hospital uses a day. `first_answered_at` stays when an answer is changed; `fact_id` is the
    breach that was sent to credit. A hospital has one open shortage of a product.
    """

    __tablename__ = "shortage"
    __table_args__ = (
        CheckConstraint("needed > 0 and stock >= 0 and daily > 0", name="quantities"),
        CheckConstraint("supplies is null or supplies > 0", name="supplies"),
        Index("uq_shortage_open", "hospital_id", "product_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_shortage_company_id", "company_id", "state"),
        Index("ix_shortage_state", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("purchase_order.id"))
    needed: Mapped[Decimal] = mapped_column(Quantity())
    stock: Mapped[Decimal] = mapped_column(Quantity())
    daily: Mapped[Decimal] = mapped_column(Quantity())
    note: Mapped[str] = mapped_column(default="")
    state: Mapped[ShortageState] = mapped_column(Code(ShortageState), default=ShortageState.REPORTED)
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reported_at: Mapped[datetime] = mapped_column(Moment())
    due_at: Mapped[datetime] = mapped_column(Moment())
    reply: Mapped[Reply | None] = mapped_column(Code(Reply))
    cause: Mapped[Cause | None] = mapped_column(Code(Cause))
    supplies: Mapped[Decimal | None] = mapped_column(Quantity())
    supplies_on: Mapped[date | None]
    reply_note: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment())
    first_answered_at: Mapped[datetime | None] = mapped_column(Moment())
    ending: Mapped[Ending | None] = mapped_column(Code(Ending))
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Moment())
    fact_id: Mapped[int | None] = mapped_column(ForeignKey("credit_fact.id"))
    version: Mapped[int] = mapped_column(default=1)

    hospital: Mapped[Organisation] = relationship(foreign_keys=hospital_id)
    company: Mapped[Organisation] = relationship(foreign_keys=company_id)
    product: Mapped[Product] = relationship(foreign_keys=product_id)
    substitute: Mapped[Product | None] = relationship(foreign_keys=substitute_id)
    region: Mapped[Region] = relationship()
    order: Mapped[Order | None] = relationship()
    reported_by: Mapped[User | None] = relationship(foreign_keys=reported_by_id)
    answered_by: Mapped[User | None] = relationship(foreign_keys=answered_by_id)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class

    @property
    def number(self) -> str:
        """Return the number that letters name it by."""
        return f"QH{today(self.reported_at):%Y%m%d}-{self.id:06d}"

    @property
    def days(self) -> Decimal:
        """Return for how many days the stock lasted when it was reported, whole days."""
        return self.stock // self.daily

    def state_at(self, at: datetime) -> ShortageState:
        """Return the state as the clock has made it."""
        return settled(self.state, self.due_at, at)


class TakeOver(Base):
    """That a backup supplier shall step in for a product that can't be supplied, and what the agency decided.

    Where agreed volume is left, `moving` is the take-over of the region's agreements that a second person confirms.
    """

    __tablename__ = "take_over"

    id: Mapped[int] = mapped_column(primary_key=True)
    shortage_id: Mapped[int] = mapped_column(ForeignKey("shortage.id"), unique=True)
    state: Mapped[TakeOverState] = mapped_column(Code(TakeOverState), default=TakeOverState.ASKED)
    reason: Mapped[str]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment())
    backup_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    note: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    moving_id: Mapped[int | None] = mapped_column(ForeignKey("volume_takeover.id"))

    shortage: Mapped[Shortage] = relationship()
    moving: Mapped[Takeover | None] = relationship()
    backup: Mapped[Organisation | None] = relationship()
    asked_by: Mapped[User | None] = relationship(foreign_keys=asked_by_id)
