"""Filed prices of hospitals."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Code, Moment, Price
from kernel.db import Base
from kernel.parties.models import Organisation
from pricing.items.filings.flow import FilingState
from pricing.items.models import ServiceItem

_WAITING = text("state = 'filed'")


class PriceFiling(Base):
    """A price in yuan per unit that a hospital sets for an item from a day on; one may wait for a decision."""

    __tablename__ = "service_price_filing"
    __table_args__ = (
        CheckConstraint("price > 0", name="price"),
        Index("uq_service_price_filing_waiting", "item_id", "hospital_id", unique=True, sqlite_where=_WAITING,
              postgresql_where=_WAITING),
        Index("ix_service_price_filing_hospital_id", "hospital_id", "state"),
        Index("ix_service_price_filing_state", "state", "filed_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("service_item.id"))
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    price: Mapped[Decimal] = mapped_column(Price())
    starts_on: Mapped[date]
    reason: Mapped[str]
    state: Mapped[FilingState] = mapped_column(Code(FilingState), default=FilingState.FILED)
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    filed_at: Mapped[datetime] = mapped_column(Moment())
    note: Mapped[str] = mapped_column(default="")
    """Why it was returned."""
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(default=1)

    item: Mapped[ServiceItem] = relationship()
    hospital: Mapped[Organisation] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class
