"""Merges of duplicate listings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.columns import Code, Moment
from kernel.db import Base
from pricing.listings.duplicates.flow import Keep, MergeState
from pricing.listings.models import Listing

_OPEN = text("state in ('publicised', 'objected', 'answered')")


class ListingMerge(Base):
    """One listing to be kept, one to be ended, why, and until when the company may object."""

    __tablename__ = "listing_merge"
    __table_args__ = (
        CheckConstraint("keep_id <> end_id", name="two"),
        Index("uq_listing_merge_open", "end_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    keep_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    end_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    rule: Mapped[Keep] = mapped_column(Code(Keep))
    state: Mapped[MergeState] = mapped_column(Code(MergeState), default=MergeState.PUBLICISED)
    due_at: Mapped[datetime] = mapped_column(Moment())
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment())
    objection: Mapped[str] = mapped_column(default="")
    objected_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    objected_at: Mapped[datetime | None] = mapped_column(Moment())
    answer: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(default=1)

    keep: Mapped[Listing] = relationship(foreign_keys=keep_id)
    end: Mapped[Listing] = relationship(foreign_keys=end_id)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class
