"""Designated hospitals with their doctors, designated pharmacies, and yearly reviews."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.dual_channel.flow import DesignationState, ReviewResult
from kernel.columns import Code, Json, Moment
from kernel.db import Base
from kernel.parties.models import Organisation


class PharmacyProfile(Base):
    """What entry conditions ask of a pharmacy; `chain` is its group, empty where it stands alone."""

    __tablename__ = "dual_channel_pharmacy"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    licence: Mapped[str] = mapped_column(default="")
    chain: Mapped[str] = mapped_column(default="", index=True)
    last_penalty: Mapped[date | None]
    traceability: Mapped[bool] = mapped_column(default=False)
    stock_upload: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class Designation(Base):
    """Where a hospital or pharmacy stands. `tested` holds the entry conditions as they were at its last step."""

    __tablename__ = "dual_channel_designation"
    __table_args__ = (Index("ix_dual_channel_designation_due", "state", "review_due"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    state: Mapped[DesignationState] = mapped_column(Code(DesignationState))
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_name: Mapped[str]
    proposed_at: Mapped[datetime] = mapped_column(Moment())
    publicity_ends: Mapped[date | None]
    """The first day on which it may be designated."""
    designated_name: Mapped[str] = mapped_column(default="")
    designated_on: Mapped[date | None]
    review_due: Mapped[date | None]
    ended_on: Mapped[date | None]
    """The day it was suspended or withdrawn."""
    reason: Mapped[str] = mapped_column(default="")
    tested: Mapped[list[dict[str, Any]]] = mapped_column(Json(), default=list)
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    reviews: Mapped[list[YearlyReview]] = relationship(
        back_populates="designation", order_by="YearlyReview.id.desc()", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class


class YearlyReview(Base):
    """A yearly review that was held: when it was due, how it ended and why."""

    __tablename__ = "dual_channel_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    designation_id: Mapped[int] = mapped_column(ForeignKey("dual_channel_designation.id"), index=True)
    due_on: Mapped[date]
    held_on: Mapped[date]
    result: Mapped[ReviewResult] = mapped_column(Code(ReviewResult))
    reason: Mapped[str] = mapped_column(default="")
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reviewer_name: Mapped[str]

    designation: Mapped[Designation] = relationship(back_populates="reviews")


class ResponsibleDoctor(Base):
    """A doctor whom a hospital made responsible; seen by that hospital alone, never published."""

    __tablename__ = "dual_channel_doctor"
    __table_args__ = (UniqueConstraint("hospital_id", "licence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str]
    licence: Mapped[str]
    """The number of the licence to practise (执业证书编码)."""
    since: Mapped[date]
    until: Mapped[date | None]
    """The first day on which the doctor is no longer responsible."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class

    def responsible_on(self, day: date) -> bool:
        """Say whether the doctor may prescribe on a day."""
        return self.since <= day and (self.until is None or day < self.until)
