"""Agreements between a hospital and a winner, one an agreement year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Specification
from kernel.columns import Price, Quantity
from kernel.db import Base
from kernel.parties.models import Organisation
from procurement.rounds.models.awards import Award


class Agreement(Base):
    """Hospital × winner × specification × year. `starts` belongs to the year, `ends` does not.

    `renews_id` names the agreement of the year before; `successor_id` the one that took over what was left of this.
    """

    __tablename__ = "agreement"
    __table_args__ = (
        UniqueConstraint("award_id", "hospital_id", "specification_id", "year"),
        CheckConstraint("used >= 0 and agreed >= 0", name="volumes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    year: Mapped[int]
    starts: Mapped[date]
    ends: Mapped[date]
    price: Mapped[Decimal] = mapped_column(Price())
    agreed: Mapped[Decimal] = mapped_column(Quantity())
    used: Mapped[Decimal] = mapped_column(Quantity(), default=Decimal(0))
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"), index=True)

    award: Mapped[Award] = relationship()
    hospital: Mapped[Organisation] = relationship(foreign_keys=hospital_id)
    company: Mapped[Organisation] = relationship(foreign_keys=company_id)
    specification: Mapped[Specification] = relationship()
