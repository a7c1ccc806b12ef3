"""Sums over the volume ledger as the board shows them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.columns import Amount, Code, Moment
from kernel.db import Base
from procurement.agreements.boards.flow import Scope


class VolumeSummary(Base):
    """One region (code), hospital, variety or company (id) and year in which agreements began; yuan at agreed prices.

    `expected` is the agreed volume's part that the elapsed share of its year asks for; `within`, `beyond` and `other`
    (bought without an agreement) are ordered less cancelled and returned. Made anew as a whole, `at`.
    """

    __tablename__ = "volume_summary"
    __table_args__ = (UniqueConstraint("scope", "subject", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[Scope] = mapped_column(Code(Scope))
    subject: Mapped[str]
    year: Mapped[int]
    agreements: Mapped[int]
    agreed: Mapped[Decimal] = mapped_column(Amount())
    expected: Mapped[Decimal] = mapped_column(Amount())
    within: Mapped[Decimal] = mapped_column(Amount())
    beyond: Mapped[Decimal] = mapped_column(Amount())
    other: Mapped[Decimal] = mapped_column(Amount())
    received: Mapped[Decimal] = mapped_column(Amount())
    paid: Mapped[Decimal] = mapped_column(Amount())
    at: Mapped[datetime] = mapped_column(Moment())
