"""Entries of the violation list of rounds."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.auth.models import User
from kernel.columns import Code, Moment
from kernel.db import Base
from kernel.parties.models import Organisation, Region
from pricing.credit.violations.flow import ViolationState


class RoundViolation(Base):
    """What a company did in a round, and what the round's office decided for it.

    `round` is the round as the document calls it: most are not run here. `cancels`: its winning status is gone. It may
    not bid from `suspended_from` up to, not on, `suspended_until`, in a region and what lies in it, or everywhere.
    `company_name` and `region_name` are as they were when it was listed: past lists do not change with them.
    """

    __tablename__ = "round_violation"
    __table_args__ = (
        UniqueConstraint("company_id", "round", "document"),
        CheckConstraint("suspended_until > suspended_from", name="days"),
        CheckConstraint("(suspended_from is null) = (suspended_until is null)", name="both_days"),
        CheckConstraint("cancels or suspended_from is not null", name="effect"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    round: Mapped[str]
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    conduct: Mapped[str]
    cancels: Mapped[bool]
    suspended_from: Mapped[date | None]
    suspended_until: Mapped[date | None]
    origin: Mapped[str]
    document: Mapped[str]
    state: Mapped[ViolationState] = mapped_column(Code(ViolationState), default=ViolationState.PROPOSED, index=True)
    reason: Mapped[str] = mapped_column(default="")
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(Moment())
    company_name: Mapped[str] = mapped_column(default="")
    region_name: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    company: Mapped[Organisation] = relationship()
    region: Mapped[Region | None] = relationship()
    proposed_by: Mapped[User | None] = relationship(foreign_keys=proposed_by_id)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it off the class
