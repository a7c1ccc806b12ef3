"""Statements of reasons with their cost compositions. Only the company and the agency read them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Specification
from kernel.columns import Code, Moment, Price
from kernel.db import Base
from kernel.parties.models import Organisation
from procurement.demand.models import Lot
from procurement.rounds.models.rounds import Round
from procurement.rounds.statements.flow import CostPart, ReturnReason, StatementState


class Statement(Base):
    """What a company states about its bid below the anchor. `unit_price` is that bid, yuan per unit.

    `revision` counts what was handed in; `digest` and `receipt` are those of the newest.
    """

    __tablename__ = "price_statement"
    __table_args__ = (UniqueConstraint("round_id", "lot_id", "company_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"))
    unit_price: Mapped[Decimal] = mapped_column(Price())
    state: Mapped[StatementState] = mapped_column(Code(StatementState), default=StatementState.ASKED, index=True)
    due_at: Mapped[datetime] = mapped_column(Moment())
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment())
    text: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(default="")
    receipt: Mapped[str] = mapped_column(default="")
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(Moment())
    reason: Mapped[ReturnReason | None] = mapped_column(Code(ReturnReason))
    note: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())

    round_: Mapped[Round] = relationship()
    lot: Mapped[Lot] = relationship()
    company: Mapped[Organisation] = relationship()
    specification: Mapped[Specification] = relationship()
    costs: Mapped[list[StatementCost]] = relationship(cascade="all, delete-orphan")


class StatementCost(Base):
    """One part of the price, yuan per unit."""

    __tablename__ = "price_statement_cost"

    statement_id: Mapped[int] = mapped_column(ForeignKey("price_statement.id"), primary_key=True)
    part: Mapped[CostPart] = mapped_column(Code(CostPart), primary_key=True)
    amount: Mapped[Decimal] = mapped_column(Price())
