"""Who supplies which region, and the award with its volumes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.drugs.models import Specification
from kernel.columns import Code, Json, Moment, Price, Quantity, Ratio
from kernel.db import Base
from kernel.parties.models import Organisation, Region
from procurement.demand.models import Lot
from procurement.rounds.flow import SupplyRole


class Preference(Base):
    """The regions a company would rather serve, best first; used when it does not choose in its turn.

    `represents_since`: since when the list takes every turn, without waiting for the company.
    """

    __tablename__ = "region_preference"
    __table_args__ = (UniqueConstraint("round_id", "lot_id", "company_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    region_codes: Mapped[list[str]] = mapped_column(Json())
    at: Mapped[datetime] = mapped_column(Moment())
    represents_since: Mapped[datetime | None] = mapped_column(Moment())


class Pick(Base):
    """Which winner serves a region, as main or backup supplier: what the finished draft of a lot gave."""

    __tablename__ = "region_pick"
    __table_args__ = (UniqueConstraint("round_id", "lot_id", "region_code", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[SupplyRole] = mapped_column(Code(SupplyRole))
    turn: Mapped[int]

    region: Mapped[Region] = relationship()
    company: Mapped[Organisation] = relationship()


class Award(Base):
    """A winner of a lot at its final price, yuan per unit of the specification."""

    __tablename__ = "award"
    __table_args__ = (UniqueConstraint("round_id", "lot_id", "company_id", "specification_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    price: Mapped[Decimal] = mapped_column(Price())
    ratio: Mapped[Decimal] = mapped_column(Ratio())
    period: Mapped[Any] = mapped_column(Json(), nullable=True)

    lot: Mapped[Lot] = relationship()
    company: Mapped[Organisation] = relationship()
    specification: Mapped[Specification] = relationship()
    volumes: Mapped[list[AwardVolume]] = relationship(back_populates="award", order_by="AwardVolume.region_code")


class AwardVolume(Base):
    """The agreed first-year volume of a winner in a region, smallest units."""

    __tablename__ = "award_volume"
    __table_args__ = (UniqueConstraint("award_id", "region_code", "specification_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"))
    base: Mapped[Decimal] = mapped_column(Quantity())
    agreed: Mapped[Decimal] = mapped_column(Quantity())

    award: Mapped[Award] = relationship(back_populates="volumes")
    region: Mapped[Region] = relationship()
