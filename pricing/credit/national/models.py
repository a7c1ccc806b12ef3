"""Ratings that other provinces published, with the approval numbers of the products they involve."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.auth.models import User
from kernel.columns import Code, Moment
from kernel.db import Base
from kernel.parties.models import Region
from pricing.credit.flow import Matter
from pricing.credit.ratings.flow import Level


class NationalRating(Base):
    """A rating of another province. Its company need not be known here: `code` is its credit code.

    It is in force from `starts_on` up to, not on, `ends_on`, as it was told last; `ends` keeps what was told when.
    `region_name` is its province as it was called when the rating came in.
    """

    __tablename__ = "national_rating"
    __table_args__ = (
        UniqueConstraint("region_code", "number"),
        CheckConstraint("ends_on is null or ends_on >= starts_on", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    company: Mapped[str]
    code: Mapped[str] = mapped_column(index=True)
    matter: Mapped[Matter] = mapped_column(Code(Matter))
    benchmark: Mapped[str]
    level: Mapped[Level] = mapped_column(Code(Level))
    ground: Mapped[str] = mapped_column(default="")
    document: Mapped[str] = mapped_column(default="")
    published_on: Mapped[date]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    brought_at: Mapped[datetime] = mapped_column(Moment())
    region_name: Mapped[str]

    region: Mapped[Region] = relationship()
    products: Mapped[list[NationalProduct]] = relationship(order_by="NationalProduct.approval_number")
    ends: Mapped[list[NationalEnd]] = relationship(back_populates="rating", order_by="NationalEnd.id")


class NationalEnd(Base):
    """The end of a rating as it was told here, the first with the rating itself; without a day it has none yet.

    Lists of a day show the last one told by then. What a rating bars goes by the last one that a second officer
    confirmed.
    """

    __tablename__ = "national_rating_end"

    id: Mapped[int] = mapped_column(primary_key=True)
    rating_id: Mapped[int] = mapped_column(ForeignKey("national_rating.id"), index=True)
    ends_on: Mapped[date | None]
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    told_at: Mapped[datetime] = mapped_column(Moment())
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment())

    rating: Mapped[NationalRating] = relationship(back_populates="ends")
    told_by: Mapped[User | None] = relationship(foreign_keys=told_by_id)


class NationalProduct(Base):
    """An approval number that a rating involves: every presentation of it, also one that comes later."""

    __tablename__ = "national_rating_product"

    rating_id: Mapped[int] = mapped_column(ForeignKey("national_rating.id"), primary_key=True)
    approval_number: Mapped[str] = mapped_column(primary_key=True, index=True)
